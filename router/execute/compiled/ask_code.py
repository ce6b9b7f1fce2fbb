"""Generated code that gathers the representations of a step and makes the request's body."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from router.execute.compiled.blueprint import ROOT_SLOT, Blueprint, Group, Work
from router.execute.compiled.layout import Node, Way, way_to
from router.execute.compiled.requirements import Requirement, pieces, reader
from router.execute.compiled.traverse import Traversal, between
from router.execute.compiled.uncovered import Surprise
from router.execute.compiled.writer import Writer
from router.execute.json_values import JSON, encode
from router.execute.requests import EntityRequest, Request, RootRequest

# (state, the client's variables) -> the body, or None when there is nothing to ask
Ask = Callable[[list[Any], JSON], bytes | None]


def client_variables(names: tuple[str, ...], variables: JSON) -> bytes:
    """The client's part of `variables`, without braces; with a comma after it unless empty."""
    given = {name: variables[name] for name in names if name in variables}
    return encode(given)[1:-1] + b"," if given else b""


def head(request: Request) -> bytes:
    """The body up to its variables, without the closing brace."""
    body: JSON = {"query": request.operation}
    if request.operation_name is not None:
        body["operationName"] = request.operation_name
    return encode(body)[:-1]


def ask_root(request: RootRequest) -> Ask | bytes:
    """A root request's body: constant, or a function of the variables."""
    start = head(request)
    names = request.variables
    if not names:
        return start + b"}"

    def ask(_state: list[Any], variables: JSON) -> bytes:
        given = client_variables(names, variables)
        return start + b',"variables":{' + given[:-1] + b"}}" if given else start + b"}"

    return ask


def write_ask(writer: Writer, made: Blueprint, work: Work, request: EntityRequest) -> Ask:
    """Generate the function of an entity step."""
    own = AskCode(writer, made, work)
    for group in work.groups:
        for item in group.requirements:
            own.spell(item)
    name = f"ask_{work.step.number}"
    with writer.block(f"def {name}(s, variables)"):
        for group in work.groups:
            own.write_group(group)
        sizes = " or ".join(f"r{group.slot}" for group in work.groups)
        with writer.block(f"if not ({sizes})"):
            writer.line("return None")
        writer.line(f"return {own.body(request)}")
    made_function: Ask = writer.function(name)
    return made_function


def _spelled(typename: str, parts: list[tuple[str, Callable[[str], str]]], variable: str) -> str:
    """The expression of a representation as a dictionary."""
    pairs = [f"'__typename': {typename!r}"]
    pairs += [f"{key!r}: {value(variable)}" for key, value in parts]
    return "{" + ", ".join(pairs) + "}"


class AskCode:
    """Writes one step's function."""

    def __init__(self, writer: Writer, made: Blueprint, work: Work) -> None:
        self.writer = writer
        self.made = made
        self.work = work
        self.spelled: dict[int, Callable[[str], str]] = {}
        writer.names.update(enc=encode, Surprise=Surprise, client=client_variables)

    def spell(self, item: Requirement) -> None:
        """Write what is needed before the function itself."""
        if not item.is_flat:
            parts = [
                (part.name, reader(self.writer, part))
                for part in item.parts
                if part.name != "__typename"
            ]
            self.spelled[id(item)] = partial(_spelled, item.typename, parts)

    def body(self, request: EntityRequest) -> str:
        """The expression of the whole body."""
        start = head(request) + b',"variables":{'
        terms = [repr(start)]
        if request.variables:
            terms = [f"{start!r} + client({request.variables!r}, variables)"]
        for index, group in enumerate(self.work.groups):
            comma = b"," if index else b""
            opened = comma + encode(group.plan.variable) + b":["
            terms.append(f"{opened!r} + b','.join(r{group.slot})")
        separator = " + b']' + "
        joined = terms[0] + " + " + separator.join(terms[1:])
        return joined + " + b']}}'"

    def write_group(self, group: Group) -> None:
        """Gather a group: each representation once, and for each the objects it stands for."""
        slot = group.slot
        self.writer.line(f"t{slot} = s[{slot}] = []")
        self.writer.line(f"r{slot} = []")
        typenames = dict.fromkeys(item.typename for item in group.requirements)
        known = {name: f"k{slot}_{index}" for index, name in enumerate(typenames)}
        for variable in known.values():
            self.writer.line(f"{variable} = {{}}")
        seen: dict[Any, str] = {}
        for item in group.requirements:
            self._write_node(group, item, known[item.typename], seen)

    def _write_node(
        self, group: Group, item: Requirement, known: str, seen: dict[Any, str]
    ) -> None:
        """Loops over the objects of a node, starting from the nearest list that is there."""
        writer, node = self.writer, item.node
        own = self._available(node)
        if own is not None:
            variable = writer.fresh("o")
            with writer.block(f"for {variable} in s[{own}]"):
                self._write_key(group, item, variable, known)
            return
        slot = self._list_slot(node)
        writer.line(f"l{slot} = s[{slot}] = []")
        is_interned = self._is_interned(item)
        keep: str | None = None
        if is_interned:
            class_ = self.made.classes.of(node)
            if class_ not in seen:
                seen[class_] = writer.fresh("seen")
                writer.line(f"{seen[class_]} = {{}}")
            keep = seen[class_]

        def leaf(variable: str, place: str) -> None:
            if keep is None:
                self._write_key(group, item, variable, known)
                writer.line(f"l{slot}.append({variable})")
            else:
                self._write_interned(group, item, (variable, place), known, (keep, f"l{slot}"))

        self._from_nearest(node, leaf, with_index=is_interned)

    def _from_nearest(
        self, node: Node, leaf: Callable[[str, str], None], *, with_index: bool
    ) -> None:
        way = way_to(node)
        traversal = Traversal(self.writer, self.made.classes)
        above = node.spot.within if node.spot else None
        while above is not None and above.spot is not None:
            slot = self._available(above)
            if slot is not None:
                start = self.writer.fresh("o")
                rest: Way = between(above, node, way)
                with self.writer.block(f"for {start} in s[{slot}]"):
                    traversal.follow(start, rest, leaf, with_index=with_index)
                return
            above = above.spot.within
        self.writer.line(f"o = s[{ROOT_SLOT}]")
        traversal.follow("o", way, leaf, with_index=with_index)

    def _available(self, node: Node) -> int | None:
        """The slot of a list of the node's objects that an earlier step has made for sure."""
        step, slot = self.made.kept_lists.get(node.number, (-1, -1))
        return slot if step in self.work.before else None

    def _list_slot(self, node: Node) -> int:
        slot = self.made.new_slot()
        self.made.kept_lists.setdefault(node.number, (self.work.step.number, slot))
        return slot

    def _is_interned(self, item: Requirement) -> bool:
        """Whether objects with equal keys are equal now and will be: then one is enough.

        They are when all that their creator gave is part of this key; what comes later is asked
        for by key.
        """
        node = item.node
        in_key = {part.cell for part in item.parts}
        created = [cell for cell in node.kept() if node.creator in cell.sources]
        return item.is_flat and bool(created) and all(cell in in_key for cell in created)

    def _key(self, item: Requirement, variable: str) -> str:
        """Write the reading of a flat key; returns the variable that holds it."""
        names: list[str] = []
        for part in item.parts:
            if part.cell is None:
                continue
            name = self.writer.fresh("k")
            names.append(name)
            self.writer.line(f"{name} = {variable}.{part.cell.attribute}")
            is_sure = (
                part.cell.type is not None
                and part.cell.type.is_required
                and item.node.creator in part.cell.sources
            )
            if part.name in item.key_names and not is_sure:
                with self.writer.block(f"if {name} is None"):
                    self.writer.line(f"raise Surprise('no {part.name}')")
        if len(names) == 1:
            return names[0]
        key = self.writer.fresh("k")
        self.writer.line(f"{key} = ({', '.join(names)})")
        return key

    def _text(self, item: Requirement, key: str) -> str:
        """The expression of a flat representation as JSON."""
        texts = pieces(item)
        count = len(texts) - 1
        values = [key] if count == 1 else [f"{key}[{index}]" for index in range(count)]
        terms = [repr(texts[0])]
        for value, text in zip(values, texts[1:], strict=True):
            terms.append(f"enc({value}) + {text!r}")
        return " + ".join(terms)

    def _write_key(self, group: Group, item: Requirement, variable: str, known: str) -> None:
        if item.is_flat:
            key = self._key(item, variable)
            self._remember(group, variable, known, key, self._text(item, key))
            return
        name, key = self.writer.fresh("rep"), self.writer.fresh("k")
        self.writer.line(f"{name} = {self.spelled[id(item)](variable)}")
        identify = self.made.layout.operation.schema.keys.identify
        self.writer.names.setdefault("identify", identify)
        subgraph = self.work.step.request.subgraph if self.work.step.request else ""
        with self.writer.block(f"if not identify({subgraph!r}, {name})"):
            self.writer.line("raise Surprise('no key')")
        self.writer.line(f"{key} = enc({name})")
        self._remember(group, variable, known, key, key)

    def _remember(self, group: Group, variable: str, known: str, key: str, text: str) -> None:
        """One more object for a representation, which is new or known."""
        target = self.writer.fresh("t")
        self.writer.line(f"{target} = {known}.get({key})")
        with self.writer.block(f"if {target} is None"):
            self.writer.line(f"{known}[{key}] = {target} = [{variable}]")
            self.writer.line(f"t{group.slot}.append({target})")
            self.writer.line(f"r{group.slot}.append({text})")
        with self.writer.block("else"):
            self.writer.line(f"{target}.append({variable})")

    def _write_interned(
        self,
        group: Group,
        item: Requirement,
        at: tuple[str, str],
        known: str,
        kept: tuple[str, str],
    ) -> None:
        """Keep the first object of each key, and put it wherever an equal one stands."""
        (variable, place), (seen, objects) = at, kept
        key = self._key(item, variable)
        first = self.writer.fresh("t")
        self.writer.line(f"{first} = {seen}.get({key})")
        with self.writer.block(f"if {first} is None"):
            self.writer.line(f"{seen}[{key}] = {variable}")
            self._remember(group, variable, known, key, self._text(item, key))
            self.writer.line(f"{objects}.append({variable})")
        with self.writer.block("else"):
            self.writer.line(f"{place} = {first}")
