"""Several subgraphs -> one supergraph, with every problem and hint found on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.compose.merge.access import propagate_access
from router.compose.merge.applied import merged_applications
from router.compose.merge.composed import Composed, check_newest, composed_directives
from router.compose.merge.description import merged_description
from router.compose.merge.draft import Draft, DraftType, Element
from router.compose.merge.executable import executable_directives
from router.compose.merge.extensions import check_bases
from router.compose.merge.features import note_features
from router.compose.merge.interface_objects import check_interface_objects
from router.compose.merge.links import specification_names
from router.compose.merge.types import merged_enums, merged_types
from router.compose.merge.versions import federation_version
from router.compose.merge.workspace import ROOT_TYPES, Workspace, open_workspace
from router.compose.merge.write import write
from router.compose.subgraph import Subgraph
from router.compose.supergraph_rules import check
from router.diagnostics import Diagnostic
from router.supergraph.model import Kind


@dataclass(frozen=True, slots=True)
class Whole:
    """A merged schema that is valid and can still be changed before it is written."""

    space: Workspace
    draft: Draft
    composed: tuple[Composed, ...]

    def write(self) -> str:
        """Its SDL."""
        return write(self.space, self.draft, self.composed)


@dataclass(frozen=True, slots=True)
class Merged:
    """The supergraph SDL (None when there were errors), the errors and the hints.

    `whole` is what the SDL was written from, where there is one.
    """

    sdl: str | None
    errors: tuple[Diagnostic, ...]
    hints: tuple[Diagnostic, ...]
    whole: Whole | None = None


def merge(subgraphs: Sequence[Subgraph]) -> Merged:
    """Merge subgraphs that are valid on their own, and check what comes of it."""
    space = open_workspace(subgraphs)
    space.version = federation_version(space)
    note_features(space)
    composed = composed_directives(space)
    if space.errors:  # the supergraph's own words are not settled
        return Merged(None, tuple(space.errors), tuple(space.hints))
    check_bases(space)
    check_interface_objects(space)
    types = merged_types(space)
    propagate_access(space, types)
    directives = executable_directives(space)
    types |= merged_enums(space)
    check_newest(space)
    names = specification_names(space, composed)
    brought = [(found.subgraph, found.node) for found in composed]
    draft = Draft(types, _roots(space, types), _schema(space), directives, brought, names)
    errors = check(draft, space.subgraphs, space.errors)
    if errors:
        return Merged(None, tuple(errors), tuple(space.hints))
    whole = Whole(space, draft, tuple(composed))
    return Merged(whole.write(), (), tuple(space.hints), whole)


def _roots(space: Workspace, types: dict[str, DraftType]) -> dict[str, str]:
    if "Query" not in types:
        space.error(
            "NO_QUERIES",
            "Query",
            "No subgraph has a query: a supergraph must have a query root type.",
            [(subgraph, subgraph.schema.node) for subgraph in space.subgraphs],
            hint="Define a type Query with at least one field in one of the subgraphs.",
        )
    objects = {name for name, type_ in types.items() if type_.kind is Kind.OBJECT}
    return {kind: name for kind, name in ROOT_TYPES.items() if name in objects}


def _schema(space: Workspace) -> Element:
    given = [(subgraph, subgraph.schema) for subgraph in space.subgraphs]
    return Element(
        name="schema",
        coordinate="schema",
        description=merged_description(space, "schema", given),
        applied=merged_applications(space, "schema", given),
    )
