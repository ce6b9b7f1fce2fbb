"""A query compiled once for each setting of its @skip/@include variables, and run many times."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationType,
    VariableDefinitionNode,
    print_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from subgraphs.chassis.compiled.calls import Call, Request, UnsupportedError, arguments
from subgraphs.chassis.compiled.emit import Emitter
from subgraphs.chassis.compiled.leaves import Surprise
from subgraphs.chassis.compiled.selections import Document, Flags, read_document

# A query with more settings of its flags than this is answered by graphql-core.
MOST_VARIANTS = 16
_ANYTHING = "[_Any!]!"


@dataclass(frozen=True, slots=True)
class _Variant:
    """The generated root function and what it needs each time."""

    function: Any
    is_async: bool
    calls: tuple[Call, ...]
    requirements: tuple[Any, ...]


class CompiledQuery:
    """Made by `compile_query`."""

    def __init__(self, document: Document, definitions: list[VariableDefinitionNode]) -> None:
        self._document = document
        self._definitions = definitions
        self._variants: dict[tuple[bool, ...], _Variant | None] = {}

    async def run(self, context: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The response's data. Raises anything when graphql-core should answer instead."""
        values = get_variable_values(
            self._document.schema, self._definitions, dict(variables), hide_suggestions=True
        )
        if not isinstance(values, VariableValues):
            raise Surprise("variables that do not fit")
        variant = self._variant(values.coerced)
        for requirement in variant.requirements:
            requirement.check(context.caller)
        request = Request(self._document, context, variables, values)
        given = [arguments(call, request) for call in variant.calls]
        answer = variant.function(None, given)
        data: dict[str, Any] = await answer if variant.is_async else answer
        return data

    def _variant(self, coerced: Mapping[str, Any]) -> _Variant:
        flags = tuple(bool(coerced[name]) for name in self._document.flag_names)
        known = self._variants.get(flags)
        if known is None:
            if flags in self._variants or len(self._variants) >= MOST_VARIANTS:
                raise Surprise("this variant is not compiled")
            self._variants[flags] = None
            named = dict(zip(self._document.flag_names, flags, strict=True))
            known = self._variants[flags] = _compiled(self._document, named)
        return known


def compile_query(schema: GraphQLSchema, document: DocumentNode) -> CompiledQuery | None:
    """The query of a validated document; None when it is not one to compile."""
    read = read_document(schema, document)
    if read is None or read.operation.operation is not OperationType.QUERY:
        return None
    definitions = [
        node
        for node in read.operation.variable_definitions or ()
        if print_ast(node.type) != _ANYTHING
    ]
    if read.flag_names:
        return CompiledQuery(read, definitions)
    try:
        query = CompiledQuery(read, definitions)
        query._variant({})  # noqa: SLF001 - its own module
    except UnsupportedError:
        return None
    return query


def _compiled(document: Document, flags: Flags) -> _Variant:
    root = document.schema.query_type
    if not isinstance(root, GraphQLObjectType):
        raise UnsupportedError("no query type")
    emitter = Emitter(document, flags)
    name = emitter.object_function(root, [document.operation.selection_set])
    names = emitter.names
    exec(compile("\n".join(emitter.source), "<compiled query>", "exec"), names)  # noqa: S102 - our own source
    for key, table in [(key, value) for key, value in names.items() if key.endswith("_names")]:
        names[key.removesuffix("_names")].update(
            {origin: names[function] for origin, function in table.items()}
        )
    function = names[name]
    return _Variant(
        function,
        inspect.iscoroutinefunction(function),
        tuple(emitter.calls),
        tuple(dict.fromkeys(emitter.requirements)),
    )
