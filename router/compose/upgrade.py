"""A Federation 1 subgraph as Federation 2 would have it written.

Federation 1 shares whatever it can and says less: extensions are how an entity is referred to,
their keys need @external, unused @external fields and field sets of fields that are not external
mean nothing. https://www.apollographql.com/docs/graphos/reference/federation/backward-compatibility
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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

from router.compose.externals import Coordinate, Externals, externals_of
from router.compose.link_rules import upgrade_problems
from router.compose.subgraph import Application, FieldDefinition, Subgraph, TypeDefinition
from router.compose.type_names import innermost
from router.diagnostics import Diagnostic
from router.federation.directives import Version
from router.federation.field_set import FieldSetError, parse_field_set
from router.supergraph.model import Kind

ROOTS = frozenset({"Query", "Mutation", "Subscription"})
FIELD_SETS = frozenset({"key", "requires", "provides"})
UPGRADED: Version = (2, 0)


def upgrade(
    subgraph: Subgraph, subgraphs: Sequence[Subgraph], resolved: Mapping[str, frozenset[Coordinate]]
) -> tuple[Subgraph, list[Diagnostic]]:
    """One subgraph upgraded, knowing all of them; and what stands in the way.

    `resolved` are the fields that each subgraph resolves.
    """
    problems = list(_without_base(subgraph, subgraphs))
    before = {name: _own_terms(subgraph, type_) for name, type_ in subgraph.types.items()}
    read = replace(subgraph, types=before)
    external = _External(
        read,
        externals_of(read),
        _tags_elsewhere(subgraph, subgraphs),
        frozenset(_implied_keys(read, subgraphs)),
        frozenset().union(*(found for name, found in resolved.items() if name != subgraph.name)),
    )
    after = {name: _upgraded(external, type_) for name, type_ in before.items()}
    referred = set(_referred(after.values()))
    for name, type_ in before.items():
        if type_.fields and not after[name].fields:
            if name in referred or name in ROOTS - {"Query"}:
                problems.append(_only_unused(subgraph, type_))
            elif name not in ROOTS:
                del after[name]
    return replace(subgraph, types=after, version=UPGRADED), problems


def conflicting_links(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Links that take names which Federation 2 gives its own directives."""
    for problem in upgrade_problems(subgraph.links, subgraph.schema.node):
        yield subgraph.problem(
            problem.code, "schema", problem.message, problem.node, hint=problem.hint
        )


def _without_base(subgraph: Subgraph, subgraphs: Sequence[Subgraph]) -> Iterator[Diagnostic]:
    for type_ in subgraph.types.values():
        if not type_.is_extension or type_.name in ROOTS:
            continue
        others = (one.types.get(type_.name) for one in subgraphs)
        if all(other is None or other.is_extension for other in others):
            yield subgraph.problem(
                "EXTENSION_WITH_NO_BASE",
                type_.name,
                f'"{type_.name}" is extended here, but no subgraph defines it.',
                type_.node,
                hint="Define it in the subgraph it belongs to, or remove `extend` here.",
            )


def _only_unused(subgraph: Subgraph, type_: TypeDefinition) -> Diagnostic:
    return subgraph.problem(
        "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
        type_.name,
        f'"{type_.name}" has only @external fields, and none of them is used by a @key, '
        "@requires or @provides.",
        type_.node,
        hint="Give it a @key, or remove it and what refers to it.",
    )


def _referred(types: Iterable[TypeDefinition]) -> Iterator[str]:
    for type_ in types:
        yield from (innermost(field.type) for field in type_.fields.values())
        yield from type_.members


def _own_terms(subgraph: Subgraph, type_: TypeDefinition) -> TypeDefinition:
    """The type without what means nothing in Federation 1, before externals are looked at.

    A field set may be a list of strings there; keys and @external of an interface, and @external
    of a whole type, say nothing.
    """
    is_interface = type_.kind is Kind.INTERFACE
    gone = {"external", "key"} if is_interface else {"external"}
    keep = [_as_string(item) for item in type_.applications if item.name not in gone]
    fields = {}
    for name, field in type_.fields.items():
        dropped = {"external", "requires", "provides"} if is_interface else set()
        if subgraph.kind(innermost(field.type)) in {Kind.SCALAR, Kind.ENUM}:
            dropped.add("provides")
        applications = tuple(
            _as_string(item) for item in field.applications if item.name not in dropped
        )
        fields[name] = replace(field, applications=applications)
    return replace(type_, applications=tuple(keep), fields=fields)


def _as_string(application: Application) -> Application:
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


def _tags_elsewhere(subgraph: Subgraph, subgraphs: Sequence[Subgraph]) -> set[tuple[str, str, str]]:
    """(type, field, tag) of every other subgraph's tagged fields."""
    return {
        (type_.name, field.name, tag.text("name"))
        for other in subgraphs
        if other is not subgraph
        for type_ in other.types.values()
        for field in type_.fields.values()
        for tag in field.all_applied("tag")
    }


def _implied_keys(subgraph: Subgraph, subgraphs: Sequence[Subgraph]) -> Iterator[Coordinate]:
    """The fields by which extensions without a key refer to entities of others, all the same."""
    for type_ in subgraph.types.values():
        if not type_.is_extension or type_.applied("key"):
            continue
        others = (other.types.get(type_.name) for other in subgraphs if other.name != subgraph.name)
        for key in (key for other in others if other for key in other.all_applied("key")):
            try:
                selections = parse_field_set(key.text("fields")).selections
            except FieldSetError:
                continue
            for node in selections:
                if isinstance(node, FieldNode):
                    yield type_.name, node.name.value


@dataclass(frozen=True, slots=True)
class _External:
    """What is external in a subgraph, as Federation 1 means it.

    `elsewhere` are the fields that other subgraphs resolve.
    """

    subgraph: Subgraph
    found: Externals
    tags: set[tuple[str, str, str]]
    implied: frozenset[Coordinate]
    elsewhere: frozenset[Coordinate]

    def is_external(self, type_name: str, field_name: str) -> bool:
        at = (type_name, field_name)
        return at in self.found.marked and not self._is_own_key(at)

    def is_unused(self, type_name: str, field_name: str) -> bool:
        at = (type_name, field_name)
        return self.is_external(*at) and at not in self.found.used

    def _is_own_key(self, at: Coordinate) -> bool:
        """Key fields of an extension, though not what is nested in them."""
        type_ = self.subgraph.types[at[0]]
        return at in self.implied or (type_.is_extension and at in self.found.own_keys)


def _upgraded(external: _External, type_: TypeDefinition) -> TypeDefinition:
    is_shared = type_.kind is Kind.OBJECT and type_.name != "Subscription"
    fields = {
        name: _field(external, type_, field, is_shared=is_shared)
        for name, field in type_.fields.items()
        if not external.is_unused(type_.name, name)
    }
    # `extend type` is how Federation 1 refers to an entity; only @extends still says extension.
    says_extends = any(
        node.name.value == "extends" for part in type_.parts for node in part.directives or ()
    )
    is_extension = type_.is_extension and (says_extends or type_.name == "Query")
    return replace(type_, fields=fields, is_extension=is_extension)


def _field(
    external: _External, type_: TypeDefinition, field: FieldDefinition, *, is_shared: bool
) -> FieldDefinition:
    applications: list[Application] = []
    is_external = external.is_external(type_.name, field.name)
    for item in field.applications:
        if item.name == "external":
            if is_external:
                applications.append(item)
        elif item.name == "tag" and is_external:
            if (type_.name, field.name, item.text("name")) not in external.tags:
                applications.append(item)
        elif item.name in {"requires", "provides"}:
            target = type_.name if item.name == "requires" else innermost(field.type)
            applications += _only_external(external, target, item)
        else:
            applications.append(item)
    is_shared &= not is_external and (type_.name, field.name) in external.elsewhere
    if is_shared and field.applied("shareable") is None:
        applications.append(Application("shareable", "shareable", {}, field.node))
    return replace(field, applications=tuple(applications))


def _only_external(
    external: _External, target: str, application: Application
) -> Iterator[Application]:
    """The application with what is external of its field set; nothing when nothing is."""
    try:
        selections = parse_field_set(application.text("fields"))
    except FieldSetError:
        yield application  # a rule tells what is wrong with it
        return
    kept = _kept(external, target, selections)
    if kept is selections:
        yield application
    elif kept is not None:
        yield _with_fields(application, _in_one_line(kept))


def _kept(
    external: _External, type_name: str, selections: SelectionSetNode
) -> SelectionSetNode | None:
    kept = [_kept_selection(external, type_name, node) for node in selections.selections]
    if all(new is old for new, old in zip(kept, selections.selections, strict=True)):
        return selections
    remaining = tuple(node for node in kept if node is not None)
    return SelectionSetNode(selections=remaining) if remaining else None


def _kept_selection(
    external: _External, type_name: str, node: SelectionNode
) -> SelectionNode | None:
    if isinstance(node, InlineFragmentNode):
        condition = node.type_condition.name.value if node.type_condition else type_name
        inner = _kept(external, condition, node.selection_set)
        if inner is node.selection_set:
            return node
        if inner is None:
            return None
        return InlineFragmentNode(
            type_condition=node.type_condition, directives=node.directives, selection_set=inner
        )
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
