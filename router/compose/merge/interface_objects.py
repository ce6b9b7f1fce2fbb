"""INTERFACE_OBJECT_USAGE_ERROR: who has an interface as an object leaves the real types to others.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/entities/interfaces
"""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Subgraph, TypeDefinition
from router.federation.directives import FEDERATION
from router.supergraph.model import Kind

CODE = "INTERFACE_OBJECT_USAGE_ERROR"


def check_interface_objects(space: Workspace) -> None:
    """Some other subgraph can tell the real type of what an @interfaceObject stands for."""
    for interface, sources in space.interface_objects.items():
        implementations = set(_implementations(space, interface))
        for subgraph, type_ in sources:
            for name in sorted(implementations & subgraph.types.keys()):
                space.error(
                    CODE,
                    interface,
                    f'[{subgraph.name}] "{interface}" is an @interfaceObject here, so its '
                    f'implementations are of other subgraphs; but this one defines "{name}".',
                    [(subgraph, type_.node), (subgraph, subgraph.types[name].node)],
                    f'Remove "{name}" here, or define "{interface}" as an interface.',
                )
        _check_keys(space, interface)


def _implementations(space: Workspace, interface: str) -> Iterator[str]:
    for name, interfaces in space.implemented.items():
        if interface in interfaces and any(
            type_.kind is Kind.OBJECT and not type_.is_interface_object
            for _, type_ in space.sources[name]
        ):
            yield name


def _check_keys(space: Workspace, interface: str) -> None:
    """A @key on an interface says nothing in Federation 1, and here it would have to."""
    for subgraph, type_ in space.sources[interface]:
        if type_.kind is Kind.INTERFACE and _was_federation_1(subgraph) and _has_key(type_):
            space.error(
                CODE,
                interface,
                f'"{interface}" is an @interfaceObject elsewhere, so its @key in '
                f'"{subgraph.name}" would have to lead to real types; in a Federation 1 schema '
                "it does not.",
                [(subgraph, type_.node)],
                f'Link Federation 2 in "{subgraph.name}", or remove that @key.',
            )


def _was_federation_1(subgraph: Subgraph) -> bool:
    return all(link.identity != FEDERATION for link in subgraph.links)


def _has_key(type_: TypeDefinition) -> bool:
    return any(
        directive.name.value == "key" for part in type_.parts for directive in part.directives or ()
    )
