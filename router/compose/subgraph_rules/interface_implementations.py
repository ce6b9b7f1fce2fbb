"""What implements an interface has its fields, with types and arguments that fit.

https://spec.graphql.org/draft/#IsValidImplementation()
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import ListTypeNode, NonNullTypeNode, TypeNode

from router.compose.subgraph import FieldDefinition, Subgraph, TypeDefinition
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost, text


def interface_implementations(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Every `implements` holds."""
    for type_ in subgraph.types.values():
        for name in type_.interfaces:
            interface = subgraph.types.get(name)
            if interface is not None and interface.kind is Kind.INTERFACE:
                yield from _transitive(subgraph, type_, interface)
                for wanted in interface.fields.values():
                    yield from _field(subgraph, type_, interface, wanted)


def _transitive(
    subgraph: Subgraph, type_: TypeDefinition, interface: TypeDefinition
) -> Iterator[Diagnostic]:
    if type_.name == interface.name or type_.name in interface.interfaces:
        yield subgraph.problem(
            "INVALID_GRAPHQL",
            type_.name,
            f'"{type_.name}" cannot implement "{interface.name}": they would go in a circle.',
            type_.node,
            hint=f'Remove "{interface.name}" from its implements.',
        )
        return
    for name in interface.interfaces:
        if name not in type_.interfaces:
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                type_.name,
                f'"{type_.name}" must implement "{name}" too, because "{interface.name}" does.',
                type_.node,
                hint=f'Add "& {name}" to its implements.',
            )


def _field(
    subgraph: Subgraph, type_: TypeDefinition, interface: TypeDefinition, wanted: FieldDefinition
) -> Iterator[Diagnostic]:
    coordinate = f"{type_.name}.{wanted.name}"
    demand = f"{interface.name}.{wanted.name}"
    found = type_.fields.get(wanted.name)
    if found is None:
        yield subgraph.problem(
            "INVALID_GRAPHQL",
            coordinate,
            f'"{type_.name}" implements "{interface.name}" but has no field "{wanted.name}".',
            type_.node,
            wanted.node,
            hint=f"Add {wanted.name}: {text(wanted.type)}.",
        )
        return
    if not is_subtype(subgraph, found.type, wanted.type):
        yield subgraph.problem(
            "INVALID_GRAPHQL",
            coordinate,
            f'"{coordinate}" is {text(found.type)}, but "{demand}" demands {text(wanted.type)}.',
            found.node,
            wanted.node,
            hint=f"Give it the type {text(wanted.type)} or a narrower one.",
        )
    yield from _arguments(subgraph, coordinate, demand, found, wanted)


def _arguments(
    subgraph: Subgraph,
    coordinate: str,
    demand: str,
    found: FieldDefinition,
    wanted: FieldDefinition,
) -> Iterator[Diagnostic]:
    for name, argument in wanted.arguments.items():
        own = found.arguments.get(name)
        if own is None or text(own.type) != text(argument.type):
            has = f"takes {text(own.type)}" if own else "is missing"
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                f"{coordinate}({name}:)",
                f'"{coordinate}({name}:)" {has}, but "{demand}" has it as {text(argument.type)}.',
                (own or found).node,
                argument.node,
                hint=f"Write {name}: {text(argument.type)}.",
            )
    for name, own in found.arguments.items():
        required = isinstance(own.type, NonNullTypeNode) and own.default is None
        if required and name not in wanted.arguments:
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                f"{coordinate}({name}:)",
                f'"{coordinate}({name}:)" is required, but "{demand}" does not have it.',
                own.node,
                hint="Make it optional, or add it to the interface.",
            )


def is_subtype(subgraph: Subgraph, inner: TypeNode, outer: TypeNode) -> bool:
    """Whether every value of `inner` is one of `outer`."""
    if isinstance(outer, NonNullTypeNode):
        return isinstance(inner, NonNullTypeNode) and is_subtype(subgraph, inner.type, outer.type)
    if isinstance(inner, NonNullTypeNode):
        return is_subtype(subgraph, inner.type, outer)
    if isinstance(outer, ListTypeNode) or isinstance(inner, ListTypeNode):
        return (
            isinstance(outer, ListTypeNode)
            and isinstance(inner, ListTypeNode)
            and is_subtype(subgraph, inner.type, outer.type)
        )
    mine, theirs = innermost(inner), innermost(outer)
    if mine == theirs:
        return True
    have, want = subgraph.types.get(mine), subgraph.types.get(theirs)
    return (have is not None and theirs in have.interfaces) or (
        want is not None and mine in want.members
    )
