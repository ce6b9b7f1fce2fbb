"""A field that several subgraphs resolve must be @shareable in all of them."""

from __future__ import annotations

from collections.abc import Sequence

from router.compose.merge.parts import Part, abstracted, is_shareable, resolvers
from router.compose.merge.workspace import Workspace, listed


def check_sharing(space: Workspace, type_name: str, field: str, parts: Sequence[Part]) -> None:
    """Of an object's field, those it has through an @interfaceObject included.

    https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/sharing-types
    """
    found = resolvers(space, [*parts, *abstracted(space, type_name, field)])
    if type_name == "Subscription":
        _check_subscription(space, found)
    if len(found) < 2:
        return
    alone = [part for part in found if not is_shareable(space, part)]
    if not alone:
        return
    coordinate = f"{type_name}.{field}"
    space.error(
        "INVALID_FIELD_SHARING",
        coordinate,
        f'Field "{coordinate}" is resolved by {listed(part.subgraph.name for part in found)}, and '
        f"is not shareable in {listed(part.subgraph.name for part in alone)}."
        f"{_misspelt(space, found)}",
        [(part.subgraph, part.field.node) for part in found],
        "Mark the field @shareable in all of them, or resolve it in one only.",
    )


def _misspelt(space: Workspace, parts: Sequence[Part]) -> str:
    known = {subgraph.name for subgraph in space.subgraphs}
    for part in parts:
        override = part.field.applied("override")
        if override is not None and override.text("from") not in known:
            return (
                f' Its @override in "{part.subgraph.name}" names "{override.text("from")}", '
                "which is no subgraph: perhaps that is misspelt."
            )
    return ""


def _check_subscription(space: Workspace, parts: Sequence[Part]) -> None:
    for part in parts:
        if part.type.is_shareable(part.field.name):
            coordinate = f"Subscription.{part.field.name}"
            space.error(
                "INVALID_FIELD_SHARING",
                coordinate,
                f'"{coordinate}" is @shareable in "{part.subgraph.name}": a subscription is one '
                "subgraph's own.",
                [(part.subgraph, part.field.node)],
                "Remove @shareable.",
            )
