"""What a subgraph says of a field it does not resolve must fit what those that do say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import NonNullTypeNode

from router.compose.merge.draft import DraftField, DraftInput
from router.compose.merge.lattice import same
from router.compose.merge.parts import Part
from router.compose.merge.strategies import STRATEGIES
from router.compose.merge.values import meaning
from router.compose.merge.workspace import Workspace, listed
from router.compose.subgraph import InputValue
from router.supergraph.type_names import text

ADVICE = "Write it as the subgraph that resolves it does."


def check_external(space: Workspace, field: DraftField, parts: Sequence[Part]) -> None:
    """Types equal, arguments all there, their types no stricter, their defaults equal.

    Where those that resolve the field differ in its type, an external type may be narrower. A field
    that is external everywhere comes through an @interfaceObject and is held against none.
    """
    external = [part for part in parts if part.is_external]
    for part in external:
        _check_directives(space, field.coordinate, part)
    if not external or len(external) == len(parts):
        return
    differ = not same(part.field.type for part in parts if not part.is_external)
    wrong = [
        part
        for part in external
        if not same([part.field.type, field.type])
        and not (differ and space.lattice.is_subtype(part.field.type, field.type))
    ]
    if wrong:
        space.error(
            "EXTERNAL_TYPE_MISMATCH",
            field.coordinate,
            f'Field "{field.coordinate}" is {text(field.type)}, but @external as '
            f"{text(wrong[0].field.type)} in {_listed(wrong)}.",
            [(part.subgraph, part.field.node) for part in parts],
            ADVICE,
        )
    for argument in field.arguments.values():
        _check_argument(space, argument, parts, external)


def _check_directives(space: Workspace, coordinate: str, part: Part) -> None:
    """Directives for the supergraph belong where the field is resolved."""
    for application in part.field.applications:
        if application.name in STRATEGIES:
            space.error(
                "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
                coordinate,
                f'@{application.written} cannot stand on "{coordinate}" in "{part.subgraph.name}", '
                "where the field is @external.",
                [(part.subgraph, application.node)],
                "Apply it in the subgraph that resolves the field.",
            )


def _check_argument(
    space: Workspace, argument: DraftInput, parts: Sequence[Part], external: Sequence[Part]
) -> None:
    nodes = [
        (part.subgraph, part.field.arguments.get(argument.name, part.field).node) for part in parts
    ]

    def tell(ending: str, wrong: str) -> None:
        message = f'Argument "{argument.coordinate}" {wrong}, where the field is @external.'
        space.error(f"EXTERNAL_ARGUMENT_{ending}", argument.coordinate, message, nodes, ADVICE)

    missing = [part for part in external if argument.name not in part.field.arguments]
    if missing:
        tell("MISSING", f"is missing in {_listed(missing)}")
    having = list(_having(external, argument.name))
    wrong = [part for part, given in having if not _fits(space, argument, given)]
    if wrong:
        tell("TYPE_MISMATCH", f"is {text(argument.type)}, but of another type in {_listed(wrong)}")
    default = meaning(argument.default)
    other = [part for part, given in having if meaning(given.default) != default]
    if other:
        tell("DEFAULT_MISMATCH", f"has another default in {_listed(other)}")


def _having(parts: Sequence[Part], name: str) -> Iterator[tuple[Part, InputValue]]:
    for part in parts:
        found = part.field.arguments.get(name)
        if found is not None:
            yield part, found


def _fits(space: Workspace, argument: DraftInput, given: InputValue) -> bool:
    if same([argument.type, given.type]):
        return True
    stricter = isinstance(given.type, NonNullTypeNode)
    return not stricter and space.lattice.is_subtype(argument.type, given.type)


def _listed(parts: Sequence[Part]) -> str:
    return listed(part.subgraph.name for part in parts)
