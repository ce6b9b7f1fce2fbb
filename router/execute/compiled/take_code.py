"""Generated code that decodes an answer and merges it into the response tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import defstruct

from router.execute.compiled.blueprint import ROOT_SLOT, Blueprint, Group, Work
from router.execute.compiled.layout import Cell, Node, Source, Spot
from router.execute.compiled.type_refs import TypeRef
from router.execute.compiled.uncovered import Surprise, Uncovered
from router.execute.compiled.writer import Writer

# (state, the answer's body) -> merged; raises Surprise, msgspec.ValidationError, ...
Take = Callable[[list[Any], bytes], None]


def decoder(data: Any) -> Callable[[bytes], Any]:
    """Reads a GraphQL response whose data is of a type; errors are for the interpreter.

    What nobody asked for is skipped: not even its UTF-8 and the range of its numbers are looked at.
    """
    answer = defstruct("Answer", [("data", data), ("errors", list[Any] | None, None)], gc=False)
    return msgspec.json.Decoder(answer).decode


class TakeCode:
    """Writes the functions of all steps of one operation."""

    def __init__(self, writer: Writer, made: Blueprint) -> None:
        self.writer = writer
        self.made = made
        self.converters: dict[int, str] = {}
        writer.names.update(Surprise=Surprise)

    def write_root(self, work: Work) -> Take:
        """The answer to a root request."""
        source: Source = (work.step.number, 0)
        root = self.made.layout.root
        cells = root.given_by(source)
        self._write_converters(cells, source)
        data = self.made.classes.given(root, source)
        decode = self.writer.constant(decoder(data), "D")
        name = f"take_{work.step.number}"
        with self.writer.block(f"def {name}(s, body)"):
            self._write_opening(decode)
            self._write_conversions("d", cells, source)
            if self.is_root_whole():
                self.writer.line(f"s[{ROOT_SLOT}] = d")
            else:
                self.writer.line(f"r = s[{ROOT_SLOT}]")
                self._write_assignments(["r"], "d", cells)
        made: Take = self.writer.function(name)
        return made

    def is_root_whole(self) -> bool:
        """Whether one request gives all of the root, so that its answer is the response."""
        root = self.made.layout.root
        return len(self.made.root_sources) == 1 and all(
            self.made.root_sources[0] in cell.sources for cell in root.kept()
        )

    def write_entities(self, work: Work) -> Take:
        """The answer to an entity request."""
        fields: list[tuple[str, Any]] = []
        for group in work.groups:
            for item in group.requirements:
                cells = item.node.given_by(group.source)
                self._write_converters(cells, group.source)
            fields.append((f"f_{group.plan.alias}", list[self._entity_type(group) | None]))  # type: ignore[misc]
        data = defstruct(
            "Data", fields, gc=False, rename={name: name.removeprefix("f_") for name, _ in fields}
        )
        decode = self.writer.constant(decoder(data), "D")
        name = f"take_{work.step.number}"
        with self.writer.block(f"def {name}(s, body)"):
            self._write_opening(decode)
            for group in work.groups:
                self._write_group(group)
        made: Take = self.writer.function(name)
        return made

    def _write_opening(self, decode: str) -> None:
        self.writer.line(f"a = {decode}(body)")
        with self.writer.block("if a.errors"):
            self.writer.line("raise Surprise('errors')")
        self.writer.line("d = a.data")

    def _entity_type(self, group: Group) -> Any:
        classes = {
            self.made.classes.given(item.node, group.source): None for item in group.requirements
        }
        if len({item.typename for item in group.requirements}) > 1:
            return msgspec.Raw  # the representation's type tells what each entity is
        if len(classes) > 1:
            raise Uncovered("one answer shown in different ways at different places")
        return next(iter(classes), msgspec.Raw)

    def _write_group(self, group: Group) -> None:
        writer = self.writer
        by_class = {
            self.made.classes.of(item.node): item.node for item in reversed(group.requirements)
        }
        by_typename = {item.typename: item.node for item in reversed(group.requirements)}
        writer.line(f"e = d.f_{group.plan.alias}")
        writer.line(f"t = s[{group.slot}]")
        with writer.block("if len(e) != len(t)"):
            writer.line("raise Surprise('not as many entities as asked for')")
        with writer.block("for d_, ts in zip(e, t)"):
            if len(by_typename) == 1:
                self._write_entity(next(iter(by_typename.values())), group, is_raw=False)
                return
            writer.line("c = type(ts[0])")
            for class_, node in by_class.items():
                with writer.block(f"if c is {writer.constant(class_, 'S')}"):
                    self._write_entity(node, group, is_raw=True)

    def _write_entity(self, node: Node, group: Group, *, is_raw: bool) -> None:
        """Merge one entity into all its places."""
        writer = self.writer
        cells = node.given_by(group.source)
        if is_raw:
            given = self.made.classes.given(node, group.source)
            decode = writer.constant(msgspec.json.Decoder(given | None).decode, "D")
            writer.line(f"d_ = {decode}(d_)")
        with writer.block("if d_ is None"):
            # The interpreter tells what is missing, and what cannot be asked for without it.
            is_fatal = any(
                cell.is_needed or (cell.type and cell.type.is_required) for cell in cells
            )
            writer.line("raise Surprise('an entity is missing')" if is_fatal else "continue")
        self._write_conversions("d_", cells, group.source)
        self._write_assignments("ts", "d_", cells)

    def _write_assignments(self, targets: list[str] | str, given: str, cells: list[Cell]) -> None:
        """Fill the fields of one object, or of every object of a list."""
        writer = self.writer
        names = [writer.fresh() for _ in cells]
        for name, cell in zip(names, cells, strict=True):
            writer.line(f"{name} = {given}.{cell.attribute}")
        if isinstance(targets, str):
            with writer.block(f"for o in {targets}"):
                self._write_fields("o", names, cells)
        else:
            for target in targets:
                self._write_fields(target, names, cells)

    def _write_fields(self, target: str, names: list[str], cells: list[Cell]) -> None:
        for name, cell in zip(names, cells, strict=True):
            line = f"{target}.{cell.attribute} = {name}"
            if len(cell.sources) > 1:  # a null never covers what another subgraph knew
                with self.writer.block(f"if {name} is not None"):
                    self.writer.line(line)
            else:
                self.writer.line(line)

    def _needs_conversion(self, cell: Cell, source: Source) -> bool:
        spot = cell.spot
        if spot is None or spot.creator != source or not cell.is_kept:
            return False
        return spot.is_tagged or any(
            self._needs_conversion(below, source) for node in spot.nodes for below in node.kept()
        )

    def _write_converters(self, cells: Iterable[Cell], source: Source) -> None:
        """A function for each tagged spot of an answer, innermost first."""
        for cell in cells:
            if not self._needs_conversion(cell, source) or cell.spot is None:
                continue
            for node in cell.spot.nodes:
                self._write_converters(node.given_by(source), source)
            if cell.spot.is_tagged and cell.spot.number not in self.converters:
                self._write_converter(cell.spot, source)

    def _write_converter(self, spot: Spot, source: Source) -> None:
        """From what was decoded by `__typename` to what the client sees, which may not show it."""
        writer = self.writer
        name = self.converters[spot.number] = writer.fresh("convert")
        with writer.block(f"def {name}(o)"):
            writer.line("c = type(o)")
            for node in spot.nodes:
                tagged = writer.constant(self.made.classes.tagged(node), "T")
                shown = writer.constant(self.made.classes.of(node), "S")
                with writer.block(f"if c is {tagged}"):
                    cells = node.given_by(source)
                    values = ", ".join(f"{cell.attribute}=o.{cell.attribute}" for cell in cells)
                    writer.line(f"n = {shown}({values})")
                    self._write_conversions("n", cells, source)
                    writer.line("return n")
            writer.line("raise Surprise('a type that cannot be')")

    def _write_conversions(self, variable: str, cells: Iterable[Cell], source: Source) -> None:
        for cell in cells:
            if self._needs_conversion(cell, source) and cell.spot and cell.type:
                place = f"{variable}.{cell.attribute}"
                value = self.writer.fresh()
                self.writer.line(f"{value} = {place}")
                self._convert(value, place, cell.type, cell.spot, source)

    def _convert(self, value: str, place: str, kind: TypeRef, spot: Spot, source: Source) -> None:
        writer = self.writer
        with writer.block(f"if {value} is not None"):
            if kind.item is not None:
                item, index = writer.fresh(), writer.fresh("i")
                with writer.block(f"for {index}, {item} in enumerate({value})"):
                    self._convert(item, f"{value}[{index}]", kind.item, spot, source)
            elif spot.is_tagged:
                writer.line(f"{place} = {self.converters[spot.number]}({value})")
            else:
                self._write_conversions(value, spot.nodes[0].given_by(source), source)
