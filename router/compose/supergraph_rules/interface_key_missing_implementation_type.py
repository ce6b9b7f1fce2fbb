"""INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE: a key of an interface resolves all implementations.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/entities/interfaces
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.compose.merge.draft import Draft, DraftType
from router.compose.subgraph import Subgraph, TypeDefinition
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind


def interface_key_missing_implementation_type(
    draft: Draft, subgraphs: Sequence[Subgraph]
) -> Iterator[Diagnostic]:
    """An interface with a resolvable key where the subgraph lacks an implementation."""
    implementations = draft.implementations()
    for interface in draft.of_kind(Kind.INTERFACE):
        known = [
            type_ for type_ in implementations.get(interface.name, ()) if type_.kind is Kind.OBJECT
        ]
        for subgraph in subgraphs:
            type_ = subgraph.types.get(interface.name)
            if type_ is not None and subgraph.is_federation_2 and _is_entered_by_key(type_):
                yield from _missing(subgraph, interface, known)


def _is_entered_by_key(type_: TypeDefinition) -> bool:
    return type_.kind is Kind.INTERFACE and any(
        key.value("resolvable") is not False for key in type_.all_applied("key")
    )


def _missing(
    subgraph: Subgraph, interface: DraftType, known: Sequence[DraftType]
) -> Iterator[Diagnostic]:
    names = [
        type_.name
        for type_ in known
        if type_.name not in subgraph.types
        or interface.name not in subgraph.types[type_.name].interfaces
    ]
    if names:
        listed = ", ".join(f'"{name}"' for name in names)
        yield interface.problem(
            "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
            f'[{subgraph.name}] Interface "{interface.name}" has a resolvable @key there, but the '
            f"subgraph lacks some of its implementations: {listed}.",
            f'Define them there, implementing "{interface.name}", or make the key unresolvable.',
            only=subgraph.name,
        )
