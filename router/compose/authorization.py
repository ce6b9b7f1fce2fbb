"""A supergraph for routers that may not enforce access: without @authenticated and its like.

An Apollo Router without a licence refuses a supergraph that links their specifications.
"""

from __future__ import annotations

from collections.abc import Iterator

from router.compose.merge.access import ACCESS
from router.compose.merge.draft import Draft, Element
from router.compose.merge.workspace import Workspace
from router.diagnostics import Diagnostic, Level

DROPPED = "AUTHORIZATION_DROPPED"


def drop_authorization(space: Workspace, draft: Draft) -> list[Diagnostic]:
    """Take the applications, definitions and links away; a hint a directive says from where."""
    hints = []
    for name in ACCESS:
        local = space.features.pop(name, name)
        coordinates = []
        for element in _elements(draft):
            if element.has(name):
                coordinates.append(element.coordinate)
                element.applied = [item for item in element.applied if item.name != name]
        if coordinates:
            hints.append(_dropped(local, coordinates))
    return hints


def _elements(draft: Draft) -> Iterator[Element]:
    for type_ in draft.types.values():
        yield type_
        yield from type_.children()


def _dropped(local: str, coordinates: list[str]) -> Diagnostic:
    times = f"{len(coordinates)} application{'s' * (len(coordinates) > 1)}"
    return Diagnostic(
        code=DROPPED,
        message=f"{times} of @{local} dropped: no router that reads this supergraph enforces "
        f"access to {', '.join(coordinates)}. The subgraphs must.",
        coordinate=f"@{local}",
        level=Level.WARN,
    )
