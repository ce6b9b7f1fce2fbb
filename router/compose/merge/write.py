"""A draft as SDL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.compose.merge.composed import Composed
from router.compose.merge.draft import (
    Draft,
    DraftDirective,
    DraftField,
    DraftInput,
    DraftType,
    Element,
)
from router.compose.merge.features import feature_definitions, used_features
from router.compose.merge.links import supergraph_links
from router.compose.merge.machinery import machinery_definitions, machinery_links
from router.compose.merge.workspace import Workspace
from router.supergraph.layout import INDENT, arguments, definition, described, value_text
from router.supergraph.model import Kind
from router.supergraph.type_names import text
from router.supergraph.write_sdl import directive_definition, join_sorted

KEYWORDS = {
    Kind.OBJECT: "type",
    Kind.INTERFACE: "interface",
    Kind.UNION: "union",
    Kind.ENUM: "enum",
    Kind.SCALAR: "scalar",
    Kind.INPUT: "input",
}


def write(space: Workspace, draft: Draft, composed: Sequence[Composed]) -> str:
    """The whole supergraph; equal to what `write_sdl` makes of it once parsed."""
    plain = [*machinery_definitions(space)]
    for feature in used_features(space):
        plain += feature_definitions(space, feature, draft.types)
    placed = [(_place(item), item) for item in plain]
    placed += [((1, found.name), directive_definition(found.node)) for found in composed]
    placed += [((1, found.name), _executable(found)) for found in draft.directives]
    placed += [((2, type_.name), _type(type_)) for type_ in draft.types.values()]
    placed.append(((0, ""), _schema(space, draft, composed)))
    return join_sorted(placed)


def _place(plain: str) -> tuple[int, str]:
    """Where a definition without a description goes: rank and name."""
    name = plain.split(" ", 2)[1]
    return (1, name[1:].split("(", 1)[0]) if name.startswith("@") else (2, name)


def _schema(space: Workspace, draft: Draft, composed: Sequence[Composed]) -> str:
    schema = draft.schema
    links = [*machinery_links(space), *supergraph_links(space, composed)]
    roots = [f"{INDENT}{kind}: {name}" for kind, name in draft.roots.items()]
    return definition(schema.description, "schema", [*links, *_directives(schema)], roots)


def _executable(found: DraftDirective) -> str:
    given = arguments([(item.description, _input(item)) for item in found.arguments.values()])
    again = " repeatable" if found.is_repeatable else ""
    line = f"directive @{found.name}{given}{again} on {' | '.join(found.locations)}"
    return described(found.description, line)


def _type(type_: DraftType) -> str:
    head = f"{KEYWORDS[type_.kind]} {type_.name}"
    if type_.interfaces:
        head += f" implements {' & '.join(type_.interfaces)}"
    tail = f"= {' | '.join(type_.members)}" if type_.members else ""
    members = list(_members(type_))
    return definition(type_.description, head, _directives(type_), members or None, tail)


def _members(type_: DraftType) -> Iterator[str]:
    for field in type_.fields.values():
        yield described(field.description, _line(_signature(field), field), INDENT)
    for item in type_.input_fields.values():
        yield described(item.description, _input(item), INDENT)
    for value in type_.values.values():
        yield described(value.description, _line(value.name, value), INDENT)


def _signature(field: DraftField) -> str:
    given = arguments(
        [(item.description, _input(item)) for item in field.arguments.values()], INDENT
    )
    return f"{field.name}{given}: {text(field.type)}"


def _input(item: DraftInput) -> str:
    default = "" if item.default is None else f" = {value_text(item.default)}"
    return _line(f"{item.name}: {text(item.type)}{default}", item)


def _line(start: str, element: Element) -> str:
    return " ".join([start, *_directives(element)])


def _directives(element: Element) -> list[str]:
    return [*element.joins, *(f"@{item.local}{item.arguments}" for item in element.applied)]
