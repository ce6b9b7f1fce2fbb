"""What a group of entities is asked by: the fields of a representation, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from router.execute.compiled.lay_out import Layout
from router.execute.compiled.layout import Cell, Node
from router.execute.compiled.type_refs import EXACT
from router.execute.compiled.uncovered import Uncovered
from router.execute.compiled.writer import Writer
from router.execute.json_values import encode
from router.plan.nodes import RequiredField, RequiredFragment, RequiredSelection


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a representation: `cell` is where it is read, None for a `__typename`."""

    name: str
    cell: Cell | None
    typename: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """The representation of objects of one node. `key_names` are those that must not be null.

    A flat one holds scalars only whose equality is plain, so that their values are the key.
    """

    node: Node
    typename: str
    parts: tuple[Part, ...]
    key_names: frozenset[str]

    @property
    def is_flat(self) -> bool:
        """Whether the values themselves tell representations apart."""
        return all(
            part.cell is None
            or (
                not part.parts
                and part.cell.type is not None
                and part.cell.type.item is None
                and part.cell.type.name in EXACT
            )
            for part in self.parts
        )


def requirement(
    layout: Layout, node: Node, requires: tuple[RequiredSelection, ...], subgraph: str
) -> Requirement | None:
    """How objects of this node are represented; None when they are not asked about."""
    holds = layout.operation.schema.conditions.holds
    applying = [
        item
        for item in requires
        if not isinstance(item, RequiredFragment) or holds(node.typename, item.type_condition)
    ]
    if not applying:
        return None
    parts = _parts(layout, node, tuple(applying))
    keys = layout.operation.schema.keys.by_subgraph_and_type.get((subgraph, node.typename), ())
    names = frozenset(path[0] for key in keys for path, _ in key)
    return Requirement(node, node.typename, parts, names)


def _parts(
    layout: Layout, node: Node, selections: tuple[RequiredSelection, ...]
) -> tuple[Part, ...]:
    found: dict[str, Part] = {}
    for item in selections:
        if isinstance(item, RequiredFragment):
            if layout.operation.schema.conditions.holds(node.typename, item.type_condition):
                for part in _parts(layout, node, item.selections):
                    found[part.name] = _joined(found.get(part.name), part)
        else:
            own = _part(layout, node, item)
            if own is not None:
                found[own.name] = _joined(found.get(own.name), own)
    return tuple(found.values())


def _joined(known: Part | None, part: Part) -> Part:
    if known is None or known == part:
        return part
    raise Uncovered(f"a representation that names {part.name} twice")


def _part(layout: Layout, node: Node, item: RequiredField) -> Part | None:
    if item.name == "__typename":
        has_name = node.spot is not None and node.spot.has_typename
        return Part("__typename", None, node.typename) if has_name else None
    cell = node.cells.get(item.alias or item.name)
    if cell is None or not cell.sources:
        raise Uncovered(f"{node.typename}.{item.name}, required and not fetched before")
    cell.is_needed = True
    if not item.selections:
        return Part(item.name, cell, node.typename)
    if cell.spot is None or len(cell.spot.nodes) != 1 or cell.spot.is_tagged:
        raise Uncovered(f"{node.typename}.{item.name}, required and of several types")
    parts = _parts(layout, cell.spot.nodes[0], item.selections)
    return Part(item.name, cell, node.typename, parts)


def reader(writer: Writer, part: Part) -> Callable[[str], str]:
    """Writes a function for a nested part if needed; returns how to spell its value."""
    if part.cell is None:
        return lambda _variable: repr(part.typename)
    attribute = part.cell.attribute
    if not part.parts:
        return lambda variable: f"{variable}.{attribute}"
    name = writer.fresh("read")
    inner = [(item.name, reader(writer, item)) for item in part.parts]
    depth, writer.depth = writer.depth, 0
    with writer.block(f"def {name}(v)"):
        with writer.block("if type(v) is list"):
            writer.line(f"return [{name}(item) for item in v]")
        pairs = ", ".join(f"{key!r}: {spell('v')}" for key, spell in inner)
        writer.line(f"return {{{pairs}}} if v is not None else None")
    writer.depth = depth
    return lambda variable: f"{name}({variable}.{attribute})"


def pieces(requirement: Requirement) -> list[bytes]:
    """The constant text around the values of a flat representation."""
    texts = [b'{"__typename":' + encode(requirement.typename)]
    for part in requirement.parts:
        if part.cell is not None:
            texts[-1] += b"," + encode(part.name) + b":"
            texts.append(b"")
    texts[-1] += b"}"
    return texts
