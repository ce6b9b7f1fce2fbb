"""The generated functions of a query: one for each object type and selection.

Each takes an object and `s`, the arguments of the query's calls, and returns the dictionary of
the response. Names in the source are generated or GraphQL names; no text of a client is in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    SelectionSetNode,
    is_abstract_type,
    is_composite_type,
)

from subgraphs.chassis.compiled.calls import (
    DEFINITION,
    Call,
    UnsupportedError,
    call_of,
    requirements_of,
)
from subgraphs.chassis.compiled.leaves import Surprise, leaf_of
from subgraphs.chassis.compiled.selections import Document, Flags, collect

MOST_FUNCTIONS = 300


class Emitter:
    """Collects the source, what it refers to, and the calls and requirements of the query."""

    def __init__(self, document: Document, flags: Flags) -> None:
        self.document = document
        self.flags = flags
        self.source: list[str] = []
        self.names: dict[str, Any] = {"as_list": as_list, "gather": gather_all}
        self.calls: list[Call] = []
        self.requirements: list[Any] = []
        self._async: set[str] = set()
        self._numbers: Iterator[int] = count()

    def object_function(
        self, object_type: GraphQLObjectType, selections: Iterable[SelectionSetNode]
    ) -> str:
        """The name of a function from an object of this type to its response."""
        name = self._name("object")
        shown: list[str] = []
        plain: list[str] = []
        waiting: list[tuple[str, list[str]]] = []
        for key, nodes in collect(self.document, object_type, selections, self.flags).items():
            local = f"v{len(shown)}"
            shown.append(f'"{key}": {local}')
            lines = self._field(object_type, nodes, local)
            if any("await " in line for line in lines):
                waiting.append((local, lines))
            else:
                plain += lines
        self._define(name, [*plain, *self._together(waiting), f"return {{{', '.join(shown)}}}"])
        return name

    def _together(self, waiting: list[tuple[str, list[str]]]) -> list[str]:
        """Lines that run the async fields of an object at the same time."""
        if len(waiting) < 2:
            return [line for _, lines in waiting for line in lines]
        functions = []
        for local, lines in waiting:
            function = self._name("field")
            self._define(function, [*lines, f"return {local}"])
            functions.append(f"{function}(o, s)")
        locals_ = ", ".join(local for local, _ in waiting)
        return [f"{locals_} = await gather([{', '.join(functions)}])"]

    def is_async(self, name: str) -> bool:
        """Whether a generated function is a coroutine function."""
        return name in self._async

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldNode], local: str) -> list[str]:
        field_name = nodes[0].name.value
        if field_name == "__typename":
            return [f'{local} = "{parent.name}"']
        field = parent.fields.get(field_name)
        if field is None:
            raise UnsupportedError(f"{field_name} is introspection")
        self.requirements += requirements_of(field)
        call = call_of(parent, field, nodes)
        if call is None:
            value = f"o.{field.extensions[DEFINITION].python_name}"
        else:
            value = self._called(call)
        return [f"{local} = {value}", *self._completed(field.type, nodes, local)]

    def _called(self, call: Call) -> str:
        slot = len(self.calls)
        self.calls.append(call)
        function = self._refer("call", call.function)
        given = f"*s[{slot}]" if call.is_entities else f"**s[{slot}]"
        parts = ["o", given] if call.takes_self else [given]
        return f"{'await ' if call.is_async else ''}{function}({', '.join(parts)})"

    def _completed(
        self, wanted: GraphQLOutputType, nodes: list[FieldNode], local: str
    ) -> list[str]:
        """Lines that turn the value in `local` into what is shown."""
        nullable = not isinstance(wanted, GraphQLNonNull)
        inner: Any = wanted if nullable else wanted.of_type  # type: ignore[union-attr]
        if isinstance(inner, GraphQLScalarType | GraphQLEnumType):
            leaf = leaf_of(inner, nullable=nullable)
            convert = self._refer("leaf", leaf.convert)
            if leaf.plain is None:
                return [f"{local} = {convert}({local})"]
            plain = self._refer("plain", leaf.plain)
            return [f"if {local}.__class__ is not {plain}: {local} = {convert}({local})"]
        line = f"{local} = {self._nested(inner, nodes, local)}"
        return [f"if {local} is not None: {line}"] if nullable else [line]

    def _nested(self, wanted: Any, nodes: list[FieldNode], value: str) -> str:
        """An expression that completes a list or an object that is not None."""
        if isinstance(wanted, GraphQLList):
            function = self._item_function(wanted.of_type, nodes)
            if self.is_async(function):
                return f"await gather([{function}(i, s) for i in as_list({value})])"
            return f"[{function}(i, s) for i in as_list({value})]"
        function = self._composite_function(wanted, nodes)
        return f"{'await ' if self.is_async(function) else ''}{function}({value}, s)"

    def _item_function(self, wanted: Any, nodes: list[FieldNode]) -> str:
        if isinstance(wanted, GraphQLNonNull) and is_composite_type(wanted.of_type):
            return self._composite_function(wanted.of_type, nodes)
        name = self._name("item")
        self._define(name, [*self._completed(wanted, nodes, "o"), "return o"])
        return name

    def _composite_function(self, wanted: Any, nodes: list[FieldNode]) -> str:
        selections = [node.selection_set for node in nodes if node.selection_set is not None]
        if is_abstract_type(wanted):
            return self._dispatch(wanted, selections)
        return self.object_function(wanted, selections)

    def _dispatch(self, wanted: Any, selections: list[SelectionSetNode]) -> str:
        """A function that looks at the object's class to know its type."""
        table: dict[type, str] = {}
        for possible in self.document.schema.get_possible_types(wanted):
            definition = possible.extensions.get(DEFINITION)
            origin = getattr(definition, "origin", None)
            if not isinstance(origin, type):
                raise UnsupportedError(f"{possible.name} has no class")
            table[origin] = self.object_function(possible, selections)
        name = self._name("dispatch")
        functions = self._refer("table", {})
        self.names[f"{functions}_names"] = table
        waiting = {origin for origin, function in table.items() if self.is_async(function)}
        call = f"{functions}[o.__class__](o, s)"
        if not waiting:
            self._define(name, [f"return {call}"])
        else:
            classes = self._refer("waiting", waiting)
            self._define(name, [f"return await {call} if o.__class__ in {classes} else {call}"])
        return name

    def _define(self, name: str, body: list[str]) -> None:
        is_async = any("await " in line for line in body)
        if is_async:
            self._async.add(name)
        self.source.append(f"{'async ' if is_async else ''}def {name}(o, s):")
        self.source += [f"    {line}" for line in body]

    def _name(self, kind: str) -> str:
        number = next(self._numbers)
        if number > MOST_FUNCTIONS:
            raise UnsupportedError("the query is very large")
        return f"{kind}_{number}"

    def _refer(self, kind: str, value: Any) -> str:
        name = f"{kind}_n{len(self.names)}"
        self.names[name] = value
        return name


def as_list(value: Any) -> Any:
    """The value, if it is a list or tuple."""
    if value.__class__ is list or value.__class__ is tuple:
        return value
    raise Surprise("a list of another kind")


async def gather_all(work: list[Any]) -> list[Any]:
    """All results; one is awaited as it is, several run together and are waited for together."""
    if len(work) == 1:
        return [await work[0]]
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
