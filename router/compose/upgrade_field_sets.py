"""The field sets of a Federation 1 subgraph, as Federation 2 has them: of external fields alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from graphql import (
    ConstValueNode,
    EnumValueNode,
    FieldNode,
    InlineFragmentNode,
    ListValueNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    print_ast,
)

from router.compose.field_sets import TYPENAME, read_field_set
from router.compose.subgraph import Application
from router.compose.upgrade_externals import FirstExternals
from router.federation.field_set import parse_field_set
from router.supergraph.type_names import innermost

FIELD_SETS = frozenset({"key", "requires", "provides"})


def as_string(application: Application) -> Application:
    """A field set given as a list or a bare word, in one string."""
    value = application.arguments.get("fields")
    if application.name not in FIELD_SETS or isinstance(value, StringValueNode):
        return application
    items = value.values if isinstance(value, ListValueNode) else (value,)
    words = [item.value for item in items if isinstance(item, StringValueNode | EnumValueNode)]
    if len(words) < len(items):
        return application
    return _with_fields(application, " ".join(words))


def _with_fields(application: Application, text: str) -> Application:
    arguments: Mapping[str, ConstValueNode] = {
        **application.arguments,
        "fields": StringValueNode(value=text),
    }
    return replace(application, arguments=arguments)


def only_external(
    external: FirstExternals, target: str, application: Application
) -> Iterator[Application]:
    """The application with what is external of its field set; nothing when nothing is."""
    fields = application.text("fields")
    if any(
        not wrong.is_directive for wrong in read_field_set(external.subgraph, target, fields)[1]
    ):
        yield application  # a rule tells what is wrong with it
        return
    selections = parse_field_set(fields)
    kept = _kept(external, target, selections)
    if kept is selections:
        yield application
    elif kept is not None:
        yield _with_fields(application, _in_one_line(kept))


def _kept(
    external: FirstExternals, type_name: str, selections: SelectionSetNode
) -> SelectionSetNode | None:
    kept = [_kept_selection(external, type_name, node) for node in selections.selections]
    if all(new is old for new, old in zip(kept, selections.selections, strict=True)):
        return selections
    remaining = tuple(node for node in kept if node is not None)
    return SelectionSetNode(selections=remaining) if remaining else None


def _kept_selection(
    external: FirstExternals, type_name: str, node: SelectionNode
) -> SelectionNode | None:
    if isinstance(node, InlineFragmentNode):
        condition = node.type_condition.name.value if node.type_condition else type_name
        known = condition if condition in external.subgraph.types else type_name
        inner = _kept(external, known, node.selection_set)
        if inner is node.selection_set:
            return node
        if inner is None:
            return None
        return InlineFragmentNode(
            type_condition=node.type_condition, directives=node.directives, selection_set=inner
        )
    if isinstance(node, FieldNode) and node.name.value == TYPENAME.name:
        return None
    type_ = external.subgraph.types.get(type_name)
    if not isinstance(node, FieldNode) or type_ is None:
        return node
    field = type_.fields.get(node.name.value)
    if field is None or external.is_external(type_name, field.name):
        return node
    if node.selection_set is None:
        return None
    inner = _kept(external, innermost(field.type), node.selection_set)
    if inner is node.selection_set:
        return node
    if inner is None:
        return None
    return FieldNode(name=node.name, arguments=node.arguments, selection_set=inner)


def _in_one_line(selections: SelectionSetNode) -> str:
    text = re.sub(r"\s+", " ", print_ast(selections)).strip()
    return text.removeprefix("{").removesuffix("}").strip()
