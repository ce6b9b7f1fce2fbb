"""A valid subgraph with @external exactly where another subgraph resolves the field.

Rules tell about the SDL as written; merging asks only who resolves what. So @external of a whole
type goes to its fields, and the key fields of an extension, which refer to the entity, lose it.
"""

from __future__ import annotations

from dataclasses import replace

from router.compose.externals import Externals, externals_of
from router.compose.subgraph import Application, FieldDefinition, Subgraph, TypeDefinition


def settled(subgraph: Subgraph) -> Subgraph:
    """The subgraph as merging reads it."""
    externals = externals_of(subgraph)
    if not externals.marked:
        return subgraph
    marked = {type_name for type_name, _ in externals.marked}
    types = {
        name: _settled_type(type_, externals) if name in marked else type_
        for name, type_ in subgraph.types.items()
    }
    return replace(subgraph, types=types)


def _settled_type(type_: TypeDefinition, externals: Externals) -> TypeDefinition:
    whole = type_.applied("external")
    applications = tuple(item for item in type_.applications if item.name != "external")
    fields = {
        name: _settled_field(field, externals.is_external(type_.name, name), whole)
        for name, field in type_.fields.items()
    }
    return replace(type_, applications=applications, fields=fields)


def _settled_field(
    field: FieldDefinition,
    is_external: bool,  # noqa: FBT001 - what is asked of the one call above
    whole: Application | None,
) -> FieldDefinition:
    own = field.applied("external")
    if is_external and own is None and whole is not None:
        return replace(field, applications=(*field.applications, replace(whole, part=None)))
    if not is_external and own is not None:
        kept = tuple(item for item in field.applications if item.name != "external")
        return replace(field, applications=kept)
    return field
