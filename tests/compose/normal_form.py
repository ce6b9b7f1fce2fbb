"""A schema document without the order of its parts, so that equal schemas are equal values."""

from __future__ import annotations

from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    Node,
    StringValueNode,
    ValueNode,
    parse,
    print_ast,
)

LISTS = ("fields", "arguments", "values", "operation_types")
NAMES = ("interfaces", "types")


def normal_form(sdl: str) -> dict[tuple[str, str], Any]:
    """Kind and name of each definition -> what it says. Routing URLs and blanks do not count."""
    return {
        (type(definition).__name__, _name(definition)): _normal(definition)
        for definition in parse(sdl, no_location=True).definitions
    }


def differing(want: str, got: str) -> list[str]:
    """The names of the definitions that are not the same in two documents."""
    one, other = normal_form(want), normal_form(got)
    return sorted(
        {key[1] or key[0] for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    )


def _name(node: Node) -> str:
    return getattr(getattr(node, "name", None), "value", "")


def _normal(node: Node) -> list[Any]:
    found: list[Any] = [type(node).__name__, _name(node), _description(node), _directives(node)]
    if isinstance(node, DirectiveDefinitionNode):
        found += [node.repeatable, sorted(place.value for place in node.locations)]
    for single in ("type", "default_value"):
        value = getattr(node, single, None)
        if value is not None:
            found.append(print_ast(value))
    if hasattr(node, "operation"):
        found.append(str(node.operation))
    for attribute in NAMES:
        found.append(sorted(print_ast(item) for item in getattr(node, attribute, None) or ()))
    for attribute in LISTS:
        items = getattr(node, attribute, None) or ()
        found.append(sorted((_normal(item) for item in items), key=repr))
    return found


def _description(node: Node) -> str:
    described = getattr(node, "description", None)
    return _words(described.value) if isinstance(described, StringValueNode) else ""


def _directives(node: Node) -> list[Any]:
    return sorted(
        (
            directive.name.value,
            tuple(
                sorted(
                    (argument.name.value, _value(argument.value))
                    for argument in directive.arguments or ()
                    if (directive.name.value, argument.name.value) != ("join__graph", "url")
                )
            ),
        )
        for directive in getattr(node, "directives", None) or ()
    )


def _value(node: ValueNode) -> str:
    return _words(node.value) if isinstance(node, StringValueNode) else print_ast(node)


def _words(text: str) -> str:
    return " ".join(text.split())
