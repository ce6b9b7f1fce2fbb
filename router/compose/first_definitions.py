"""How a document's own definitions of directives count: Federation 1 let them be loose.

Its schemas often define @key and its kin for the server library they were written with, without
`fields:` or with another type for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    DirectiveDefinitionNode,
    InputValueDefinitionNode,
    NamedTypeNode,
)

from router.federation.directives import Version
from router.supergraph.type_names import text

LOOSE = frozenset({"key", "requires", "provides"})
FIELDS = "fields"
NULLABLE = frozenset({"String", "_FieldSet"})


def own_definitions(
    defined: Mapping[str, DirectiveDefinitionNode],
    specified: Mapping[str, DirectiveDefinitionNode],
    version: Version,
) -> dict[str, DirectiveDefinitionNode]:
    """The definitions of a document that links `version`, each as it is meant."""
    if version >= (2, 0):
        return dict(defined)
    return {
        name: _with_fields(node, specified[name]) if name in LOOSE & specified.keys() else node
        for name, node in defined.items()
    }


def _with_fields(
    own: DirectiveDefinitionNode, specified: DirectiveDefinitionNode
) -> DirectiveDefinitionNode:
    """The definition with the specification's `fields:`, where its own may stand for that."""
    fields = next(item for item in specified.arguments or () if item.name.value == FIELDS)
    others = [item for item in own.arguments or () if item.name.value != FIELDS]
    mine = next((item for item in own.arguments or () if item.name.value == FIELDS), None)
    if mine is not None and not _stands_for_field_set(mine):
        return own
    return DirectiveDefinitionNode(
        name=own.name,
        description=own.description,
        arguments=(fields, *others),
        repeatable=own.repeatable,
        locations=own.locations,
        loc=own.loc,
    )


def _stands_for_field_set(argument: InputValueDefinitionNode) -> bool:
    return isinstance(argument.type, NamedTypeNode) and text(argument.type) in NULLABLE
