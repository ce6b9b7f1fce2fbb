"""A supergraph document as text: definitions sorted, so that equal schemas are equal bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    print_ast,
)

from router.supergraph.layout import INDENT, arguments, definition, described, value_text

KEYWORDS: Mapping[type[TypeDefinitionNode], str] = {
    ObjectTypeDefinitionNode: "type",
    InterfaceTypeDefinitionNode: "interface",
    UnionTypeDefinitionNode: "union",
    EnumTypeDefinitionNode: "enum",
    ScalarTypeDefinitionNode: "scalar",
    InputObjectTypeDefinitionNode: "input",
}


def write_sdl(document: DocumentNode) -> str:
    """The text; reading it back gives an equal supergraph."""
    return join_sorted((_order(node), _definition(node)) for node in document.definitions)


def join_sorted(texts: Iterable[tuple[tuple[int, str], str]]) -> str:
    """Definitions with their places (rank and name), one below the other."""
    return "\n\n".join(text for _, text in sorted(texts)) + "\n"


def _order(node: Node) -> tuple[int, str]:
    name = getattr(getattr(node, "name", None), "value", "")
    if isinstance(node, SchemaDefinitionNode):
        return 0, name
    return (1 if isinstance(node, DirectiveDefinitionNode) else 2), name


def _definition(node: DefinitionNode) -> str:
    description = _description(node)
    applied = _directives(getattr(node, "directives", None))
    if isinstance(node, SchemaDefinitionNode):
        roots = (
            f"{INDENT}{item.operation.value}: {item.type.name.value}"
            for item in node.operation_types
        )
        return definition(description, "schema", applied, roots)
    if isinstance(node, DirectiveDefinitionNode):
        return directive_definition(node)
    if not isinstance(node, TypeDefinitionNode):
        return print_ast(node)
    head = f"{KEYWORDS[type(node)]} {node.name.value}"
    if isinstance(node, UnionTypeDefinitionNode):
        members = " | ".join(item.name.value for item in node.types or ())
        return definition(description, head, applied, tail=f"= {members}" if members else "")
    if interfaces := getattr(node, "interfaces", None):
        head += f" implements {' & '.join(item.name.value for item in interfaces)}"
    members_of = list(_members(node))
    return definition(description, head, applied, members_of or None)


def directive_definition(node: DirectiveDefinitionNode) -> str:
    """One directive's definition."""
    given = arguments([(_description(item), _input(item)) for item in node.arguments or ()])
    again = " repeatable" if node.repeatable else ""
    locations = " | ".join(item.value for item in node.locations)
    line = f"directive @{node.name.value}{given}{again} on {locations}"
    return described(_description(node), line)


def _members(node: Node) -> Iterator[str]:
    listed: Sequence[Node] = getattr(node, "fields", None) or getattr(node, "values", None) or ()
    for item in listed:
        if isinstance(item, InputValueDefinitionNode):
            text = _input(item)
        elif isinstance(item, FieldDefinitionNode):
            given = [(_description(one), _input(one)) for one in item.arguments or ()]
            signature = f"{item.name.value}{arguments(given, INDENT)}: {_type(item.type)}"
            text = " ".join([signature, *_directives(item.directives)])
        elif isinstance(item, EnumValueDefinitionNode):
            text = " ".join([item.name.value, *_directives(item.directives)])
        else:
            continue
        yield described(_description(item), text, INDENT)


def _input(node: InputValueDefinitionNode) -> str:
    default = "" if node.default_value is None else f" = {value_text(node.default_value)}"
    text = f"{node.name.value}: {_type(node.type)}{default}"
    return " ".join([text, *_directives(node.directives)])


def _directives(nodes: Iterable[ConstDirectiveNode] | None) -> list[str]:
    texts = []
    for node in nodes or ():
        given = ", ".join(f"{it.name.value}: {value_text(it.value)}" for it in node.arguments or ())
        texts.append(f"@{node.name.value}({given})" if given else f"@{node.name.value}")
    return texts


def _type(node: TypeNode) -> str:
    if isinstance(node, NonNullTypeNode):
        return f"{_type(node.type)}!"
    if isinstance(node, ListTypeNode):
        return f"[{_type(node.type)}]"
    assert isinstance(node, NamedTypeNode)  # noqa: S101 - a type is one of three
    return node.name.value


def _description(node: Node) -> str | None:
    found = getattr(node, "description", None)
    return found.value if isinstance(found, StringValueNode) else None
