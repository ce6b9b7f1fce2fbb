"""DIRECTIVE_DEFINITION_INVALID, TYPE_DEFINITION_INVALID: a subgraph that defines what a linked
specification defines must define it so that it means the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
    print_ast,
)

from router.compose.ingest_names import BUILT_IN
from router.compose.literals import PURPOSES
from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic
from router.federation.directives import IF_DEFINED, LINK
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost, text

SCALARS = (ScalarTypeDefinitionNode, ScalarTypeExtensionNode)
CODE = "DIRECTIVE_DEFINITION_INVALID"


def directive_definitions(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Own definitions of Federation's directives fit Federation's."""
    for own, wanted in _redefined(subgraph):
        if subgraph.is_federation_2 or subgraph.names[own.name.value] not in IF_DEFINED:
            yield from _compared(subgraph, own, wanted)


def upgraded_definitions(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """In Federation 1, what Federation 2 has by the name of an own directive fits that."""
    for own, wanted in _redefined(subgraph):
        if subgraph.names[own.name.value] in IF_DEFINED:
            yield from _compared(subgraph, own, wanted)


def _redefined(
    subgraph: Subgraph,
) -> Iterator[tuple[DirectiveDefinitionNode, DirectiveDefinitionNode]]:
    """The document's definitions of directives that Federation defines, with Federation's."""
    for node in subgraph.document.definitions:
        if isinstance(node, DirectiveDefinitionNode) and node.name.value in subgraph.names:
            wanted = subgraph.specified.get(node.name.value)
            if wanted is not None and not _is_bootstrapped(subgraph, node, wanted):
                yield subgraph.definitions[node.name.value], wanted


def _is_bootstrapped(
    subgraph: Subgraph, own: DirectiveDefinitionNode, wanted: DirectiveDefinitionNode
) -> bool:
    """Whether it is the @link of a document that links the link specification, for its `url`.

    Such a document says itself what its @link is: https://specs.apollo.dev/link/v1.0/#bootstrap
    """
    if subgraph.names[own.name.value] != "link":
        return False
    given = {item.name.value: item.type for item in own.arguments or ()}
    texts = [
        item
        for item in wanted.arguments or ()
        if item.name.value in {"url", "as"} and item.name.value in given
    ]
    return any(link.identity == LINK for link in subgraph.links) and all(
        _is_compatible(subgraph, given[item.name.value], item.type) for item in texts
    )


def type_definitions(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Own definitions of the specifications' types are of their kind."""
    for own in subgraph.document.definitions:
        if not isinstance(own, TypeDefinitionNode | TypeExtensionNode):
            continue
        name = own.name.value
        wanted = subgraph.specified_types.get(name)
        if wanted is Kind.SCALAR and not isinstance(own, SCALARS):
            yield subgraph.problem(
                "TYPE_DEFINITION_INVALID",
                name,
                f'"{name}" belongs to a linked specification, where it is a scalar.',
                own,
                hint=f"Remove the definition, or write: scalar {name}",
            )
        elif (
            isinstance(own, TypeDefinitionNode)
            and wanted is Kind.ENUM
            and name.endswith("__Purpose")
        ):
            values = own.values or () if isinstance(own, EnumTypeDefinitionNode) else ()
            if {value.name.value for value in values} != PURPOSES:
                yield subgraph.problem(
                    "TYPE_DEFINITION_INVALID",
                    name,
                    f'"{name}" belongs to the link specification, where it is an enum of '
                    "SECURITY and EXECUTION.",
                    own,
                    hint="Remove the definition.",
                )


def _compared(
    subgraph: Subgraph, own: DirectiveDefinitionNode, wanted: DirectiveDefinitionNode
) -> Iterator[Diagnostic]:
    name = f"@{own.name.value}"
    arguments = {item.name.value: item for item in own.arguments or ()}
    expected = {item.name.value: item for item in wanted.arguments or ()}
    problems: list[str] = []
    for key, argument in expected.items():
        mine = arguments.get(key)
        if mine is None:
            if isinstance(argument.type, NonNullTypeNode) and argument.default_value is None:
                problems.append(f'it lacks the required argument "{key}"')
        else:
            problems += _argument_problems(subgraph, mine, argument)
    problems += [f'it has no argument "{key}"' for key in arguments if key not in expected]
    if own.repeatable and not wanted.repeatable:
        problems.append("it cannot be repeated")
    allowed = [item.value for item in wanted.locations]
    extra = [item.value for item in own.locations if item.value not in allowed]
    if extra:
        problems.append(f"it cannot stand on {', '.join(extra)}, only on {', '.join(allowed)}")
    for problem in problems:
        yield subgraph.problem(
            CODE,
            name,
            f"{name} is not defined as its specification defines it: {problem}.",
            own,
            hint=f"Remove the definition, or write: {print_ast(wanted)}",
        )


def _argument_problems(
    subgraph: Subgraph, own: InputValueDefinitionNode, wanted: InputValueDefinitionNode
) -> Iterator[str]:
    name = own.name.value
    if not _is_compatible(subgraph, own.type, wanted.type):
        yield f'its argument "{name}" is {text(wanted.type)}, not {text(own.type)}'
    elif not isinstance(own.type, NonNullTypeNode):
        mine = print_ast(own.default_value) if own.default_value else ""
        theirs = print_ast(wanted.default_value) if wanted.default_value else ""
        if mine != theirs:
            yield f'its argument "{name}" has the default {theirs or "none"}, not {mine or "none"}'


def _is_compatible(subgraph: Subgraph, own: TypeNode, wanted: TypeNode) -> bool:
    """Equal, or stricter, or no custom scalar where the specification has one of its own."""
    if isinstance(wanted, NonNullTypeNode):
        return isinstance(own, NonNullTypeNode) and _is_compatible(subgraph, own.type, wanted.type)
    if isinstance(wanted, ListTypeNode):
        inner = own.type if isinstance(own, NonNullTypeNode) else own
        return isinstance(inner, ListTypeNode) and _is_compatible(subgraph, inner.type, wanted.type)
    name = innermost(wanted)
    if text(own).removesuffix("!") == name:
        return True
    is_custom = isinstance(own, NamedTypeNode) and subgraph.kind(text(own)) is Kind.SCALAR
    is_custom &= text(own) not in BUILT_IN
    return subgraph.specified_types.get(name) is Kind.SCALAR and not is_custom
