"""Every element of a subgraph that a directive can stand on, with its coordinate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import DirectiveNode, Node

from router.compose.subgraph import Element, InputValue, Subgraph, TypeDefinition
from router.supergraph.model import Kind

LOCATIONS = {
    Kind.OBJECT: "OBJECT",
    Kind.INTERFACE: "INTERFACE",
    Kind.UNION: "UNION",
    Kind.ENUM: "ENUM",
    Kind.SCALAR: "SCALAR",
    Kind.INPUT: "INPUT_OBJECT",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """An element, its coordinate (`Type.field(arg:)`) and its directive location."""

    coordinate: str
    location: str
    element: Element


def elements(subgraph: Subgraph) -> Iterator[Placed]:
    """The schema, its types and directives and all parts of them, in the SDL's order."""
    yield Placed("schema", "SCHEMA", subgraph.schema)
    for coordinate, argument in subgraph.directive_arguments.items():
        yield Placed(coordinate, "ARGUMENT_DEFINITION", argument)
    for type_ in subgraph.types.values():
        yield from elements_of(type_)


def elements_of(type_: TypeDefinition) -> Iterator[Placed]:
    """A type and its parts."""
    name = type_.name
    yield Placed(name, LOCATIONS[type_.kind], type_)
    for field in type_.fields.values():
        coordinate = f"{name}.{field.name}"
        yield Placed(coordinate, "FIELD_DEFINITION", field)
        for argument in field.arguments.values():
            yield Placed(f"{coordinate}({argument.name}:)", "ARGUMENT_DEFINITION", argument)
    for item in type_.input_fields.values():
        yield Placed(f"{name}.{item.name}", "INPUT_FIELD_DEFINITION", item)
    for value in type_.values.values():
        yield Placed(f"{name}.{value.name}", "ENUM_VALUE", value)


def inputs(subgraph: Subgraph) -> Iterator[tuple[str, InputValue]]:
    """Every argument of a field or directive and every input field, with its coordinate."""
    yield from subgraph.directive_arguments.items()
    for type_ in subgraph.types.values():
        for field in type_.fields.values():
            for argument in field.arguments.values():
                yield f"{type_.name}.{field.name}({argument.name}:)", argument
        for item in type_.input_fields.values():
            yield f"{type_.name}.{item.name}", item


def directives_below(node: Node) -> Iterator[DirectiveNode]:
    """Every application anywhere in a part of a document."""
    if isinstance(node, DirectiveNode):
        yield node
        return
    for key in node.keys:
        value = getattr(node, key, None)
        for below in value if isinstance(value, tuple) else (value,):
            if isinstance(below, Node):
                yield from directives_below(below)
