"""AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE: objects are protected, and through them interfaces.

https://www.apollographql.com/docs/graphos/routing/security/authorization
"""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.subgraph import Element, Subgraph
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind

ACCESS = ("authenticated", "requiresScopes", "policy")


def access_on_interfaces(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Access directives stand on what implements an interface, not on the interface."""
    for type_ in subgraph.types.values():
        if type_.kind is Kind.INTERFACE:
            yield from _on(subgraph, type_.name, type_)
            for field in type_.fields.values():
                yield from _on(subgraph, f"{type_.name}.{field.name}", field)
        elif type_.is_interface_object:
            yield from _on(subgraph, type_.name, type_)


def _on(subgraph: Subgraph, coordinate: str, element: Element) -> Iterator[Diagnostic]:
    for name in ACCESS:
        application = element.applied(name)
        if application is not None:
            yield subgraph.problem(
                "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
                coordinate,
                f'@{application.written} stands on "{coordinate}", but access is required of '
                "objects and their fields only.",
                application.node,
                hint="Put it on the types that implement the interface, or on their fields.",
            )
