"""A Federation 1 subgraph as Federation 2 would have it written.

Federation 1 shares whatever it can and says less: extensions are how an entity is referred to,
their keys need @external, unused @external fields and field sets of fields that are not external
mean nothing. https://www.apollographql.com/docs/graphos/reference/federation/backward-compatibility
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from graphql import (
    TypeDefinitionNode,
)

from router.compose.externals import Coordinate
from router.compose.link_rules import upgrade_problems
from router.compose.subgraph import Application, FieldDefinition, Subgraph, TypeDefinition
from router.compose.upgrade_externals import FirstExternals, first_externals
from router.compose.upgrade_field_sets import as_string, only_external
from router.diagnostics import Diagnostic
from router.federation.directives import Version
from router.supergraph.model import Kind
from router.supergraph.type_names import innermost

ROOTS = frozenset({"Query", "Mutation", "Subscription"})
# Merging tells of other kinds, and so of more at once.
COMPOSITE = frozenset({Kind.OBJECT, Kind.INTERFACE})
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
    external = first_externals(read, subgraphs, resolved)
    after = {name: _upgraded(external, type_) for name, type_ in before.items()}
    referred = set(_referred(before.values()))
    for name, type_ in before.items():
        if type_.fields and not after[name].fields:
            if name in referred or name in ROOTS - {"Query"} or type_.applied("key"):
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
    """Extensions of composites that no other subgraph defines, be it with @extends."""
    for type_ in subgraph.types.values():
        if not type_.is_extension or type_.name in ROOTS or type_.kind not in COMPOSITE:
            continue
        others = [one.types.get(type_.name) for one in subgraphs if one is not subgraph]
        if not any(
            isinstance(other.node, TypeDefinitionNode) and other.kind in COMPOSITE
            for other in others
            if other
        ):
            yield subgraph.problem(
                "EXTENSION_WITH_NO_BASE",
                type_.name,
                f'"{type_.name}" is extended here, but no other subgraph defines it.',
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
    keep = [as_string(item) for item in type_.applications if item.name not in gone]
    fields = {}
    for name, field in type_.fields.items():
        dropped = {"external", "requires", "provides"} if is_interface else set()
        if subgraph.kind(innermost(field.type)) in {Kind.SCALAR, Kind.ENUM}:
            dropped.add("provides")
        applications = tuple(
            as_string(item) for item in field.applications if item.name not in dropped
        )
        fields[name] = replace(field, applications=applications)
    return replace(type_, applications=tuple(keep), fields=fields)


def _upgraded(external: FirstExternals, type_: TypeDefinition) -> TypeDefinition:
    fields = {
        name: _field(external, type_, field, is_shared=_is_shared(type_, field))
        for name, field in type_.fields.items()
        if not external.is_unused(type_.name, name)
    }
    # `extend type` is how Federation 1 refers to an entity; only @extends still says extension.
    says_extends = any(
        node.name.value == "extends" for part in type_.parts for node in part.directives or ()
    )
    is_extension = type_.is_extension and (
        says_extends or type_.name == "Query" or type_.kind not in COMPOSITE
    )
    return replace(type_, fields=fields, is_extension=is_extension)


def _is_shared(type_: TypeDefinition, field: FieldDefinition) -> bool:
    """Whether others may resolve a field too; of a value type, what extends its definition not."""
    if type_.kind is not Kind.OBJECT or type_.name == "Subscription":
        return False
    is_value = not (type_.is_extension or type_.applied("key") or type_.name in ROOTS)
    return not is_value or field.part is type_.node


def _field(
    external: FirstExternals, type_: TypeDefinition, field: FieldDefinition, *, is_shared: bool
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
            applications += only_external(external, target, item)
        else:
            applications.append(item)
    is_shared &= not is_external and (type_.name, field.name) in external.elsewhere
    if is_shared and field.applied("shareable") is None:
        applications.append(Application("shareable", "shareable", {}, field.node))
    return replace(field, applications=tuple(applications))
