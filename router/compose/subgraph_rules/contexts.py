"""@context and @fromContext: CONTEXT_NOT_SET, NO_CONTEXT_IN_SELECTION, CONTEXT_INVALID_SELECTION,
CONTEXT_NO_RESOLVABLE_KEY, CONTEXT_NAME_INVALID.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/entities/use-contexts
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from graphql import DirectiveDefinitionNode

from router.compose.context_selections import (
    ContextValue,
    SelectionError,
    read_context_value,
    selected_type,
)
from router.compose.subgraph import (
    Application,
    FieldDefinition,
    InputValue,
    Subgraph,
    TypeDefinition,
)
from router.compose.subgraph_rules.interface_implementations import is_subtype
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import text

Contexts = dict[str, list[TypeDefinition]]


def context_names(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """The supergraph prefixes names of contexts, so they are plain words."""
    for type_ in subgraph.types.values():
        for application in type_.all_applied("context"):
            name = application.text("name")
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name):
                yield subgraph.problem(
                    "CONTEXT_NAME_INVALID",
                    type_.name,
                    f'"{name}" cannot name a context: it must be letters and digits, a letter '
                    "first.",
                    application.node,
                    hint="Choose such a name, and use it in @fromContext too.",
                )


def context_arguments(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Every @fromContext takes a value of its argument's type from a context that is set."""
    contexts: Contexts = defaultdict(list)
    for type_ in subgraph.types.values():
        for application in type_.all_applied("context"):
            contexts[application.text("name")].append(type_)
    for type_ in subgraph.types.values():
        for field in type_.fields.values():
            for argument in field.arguments.values():
                source = argument.applied("fromContext")
                if source is not None:
                    coordinate = f"{type_.name}.{field.name}({argument.name}:)"
                    yield from _place(subgraph, coordinate, type_, field, argument)
                    yield from _value(subgraph, coordinate, argument, source, contexts)
    yield from _on_directives(subgraph)


def _place(
    subgraph: Subgraph,
    coordinate: str,
    type_: TypeDefinition,
    field: FieldDefinition,
    argument: InputValue,
) -> Iterator[Diagnostic]:
    """Where a contextual argument may be."""
    interfaces = [subgraph.types.get(name) for name in type_.interfaces]
    demanded = any(interface and field.name in interface.fields for interface in interfaces)
    wrong = advice = ""
    if type_.kind is Kind.INTERFACE or demanded:
        wrong = "is of a field of an interface, where every implementation would need the context"
        advice = "Take it from the context in a field that no interface demands."
    elif argument.default is not None:
        wrong = "has a default, which would never be used"
        advice = "Remove the default."
    if wrong:
        message = f'@fromContext: "{coordinate}" {wrong}.'
        yield subgraph.problem("CONTEXT_NOT_SET", coordinate, message, argument.node, hint=advice)
    if type_.kind is Kind.OBJECT and not any(
        key.value("resolvable") is not False for key in type_.all_applied("key")
    ):
        yield subgraph.problem(
            "CONTEXT_NO_RESOLVABLE_KEY",
            type_.name,
            f'"{coordinate}" is taken from a context, but "{type_.name}" has no resolvable key '
            "by which the router could fetch it with the argument.",
            argument.node,
            hint=f'Give "{type_.name}" a @key.',
        )


def _value(
    subgraph: Subgraph,
    coordinate: str,
    argument: InputValue,
    application: Application,
    contexts: Contexts,
) -> Iterator[Diagnostic]:
    """What a contextual argument is taken from."""
    value = read_context_value(application.text("field"))
    if value is None:
        yield subgraph.problem(
            "NO_CONTEXT_IN_SELECTION",
            coordinate,
            f'"{application.text("field")}" names no context to select from.',
            application.node,
            hint='Write @fromContext(field: "$name { field }").',
        )
    elif value.context not in contexts:
        yield subgraph.problem(
            "CONTEXT_NOT_SET",
            coordinate,
            f'"{coordinate}" is taken from the context "{value.context}", which no type sets.',
            application.node,
            hint=f'Put @context(name: "{value.context}") on a type above.',
        )
    else:
        for place in contexts[value.context]:
            wrong = _selection_problem(subgraph, argument, value, place)
            if wrong:
                yield subgraph.problem(
                    "CONTEXT_INVALID_SELECTION",
                    coordinate,
                    f'"{value.selection}" cannot be taken from the context "{value.context}" as '
                    f'"{place.name}" sets it: {wrong}.',
                    application.node,
                    place.node,
                    hint=f'Select one value of "{place.name}" whose type the argument takes.',
                )


def _selection_problem(
    subgraph: Subgraph, argument: InputValue, value: ContextValue, place: TypeDefinition
) -> str | None:
    try:
        types = selected_type(subgraph, place, value.selection)
    except SelectionError as error:
        return str(error)
    for found in types:
        if not is_subtype(subgraph, found, argument.type):
            return f"it is {text(found)}, and the argument takes {text(argument.type)}"
    return None


def _on_directives(subgraph: Subgraph) -> Iterator[Diagnostic]:
    local = next((here for here, name in subgraph.names.items() if name == "fromContext"), None)
    for definition in subgraph.document.definitions:
        if isinstance(definition, DirectiveDefinitionNode):
            for argument in definition.arguments or ():
                if any(node.name.value == local for node in argument.directives or ()):
                    coordinate = f"@{definition.name.value}({argument.name.value}:)"
                    yield subgraph.problem(
                        "CONTEXT_NOT_SET",
                        coordinate,
                        f'@fromContext: "{coordinate}" is an argument of a directive, which no '
                        "context reaches.",
                        argument,
                        hint="Remove @fromContext here.",
                    )
