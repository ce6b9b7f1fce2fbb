"""How Federation's own directives merge when several subgraphs apply them to one element."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from graphql import BooleanValueNode, ConstValueNode, Node, StringValueNode

from router.compose.merge.draft import Applied
from router.compose.merge.requirements import MOST_ALTERNATIVES, Requirement, conjunction
from router.compose.merge.values import arguments_meaning, arguments_text
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Application, Subgraph
from router.supergraph.layout import quoted

Applications = Sequence[tuple[Subgraph, Application]]
Strategy = Callable[[Workspace, str, str, Applications], list[Applied]]
GUARDS = {"requiresScopes": "scopes", "policy": "policies"}
DEFAULTS: Mapping[str, Mapping[str, ConstValueNode]] = {
    "deprecated": {"reason": StringValueNode(value="No longer supported")},
    "listSize": {"requireOneSlicingArgument": BooleanValueNode(value=True)},
}


def most_popular(
    space: Workspace,
    coordinate: str,
    local: str,
    applications: Applications,
    defaults: Mapping[str, ConstValueNode],
) -> Application:
    """The application most subgraphs make, the first of equals, with a hint where they differ."""
    by_meaning: dict[object, list[Application]] = {}
    for _, application in applications:
        by_meaning.setdefault(arguments_meaning(application, defaults), []).append(application)
    best = max(by_meaning.values(), key=len)[0]
    if len(by_meaning) > 1:
        space.hint(
            "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
            coordinate,
            f'Non-repeatable @{local} is applied to "{coordinate}" with different arguments across '
            f"subgraphs; the supergraph has {arguments_text(best) or 'no arguments'}.",
            [(graph, application.node) for graph, application in applications],
        )
    return best


def _flag(_: Workspace, __: str, local: str, applications: Applications) -> list[Applied]:
    return [Applied(applications[0][1].name, local)]


def _tags(_: Workspace, __: str, local: str, applications: Applications) -> list[Applied]:
    names = dict.fromkeys(item.text("name") for _, item in applications)
    return [Applied("tag", local, tag_arguments(name)) for name in names]


def tag_arguments(name: str) -> str:
    """What stands behind @tag for one tag."""
    return f"(name: {quoted(name)})"


def _popular(
    space: Workspace, coordinate: str, local: str, applications: Applications
) -> list[Applied]:
    name = applications[0][1].name
    best = most_popular(space, coordinate, local, applications, DEFAULTS.get(name, {}))
    return [Applied(name, local, arguments_text(best))]


def _guard(
    space: Workspace, coordinate: str, local: str, applications: Applications
) -> list[Applied]:
    """@requiresScopes and @policy: what all subgraphs ask for must hold together."""
    first = applications[0][1]
    argument = GUARDS[first.name]
    if _say_the_same(applications):
        text = arguments_text(first)
        return [Applied(first.name, local, text, _alternatives(first, argument))]
    _merged_hint(space, coordinate, local, applications)
    wanted = [_alternatives(item, argument) for _, item in applications]
    nodes = [(graph, item.node) for graph, item in applications]
    return [guard(space, coordinate, Applied(first.name, local), wanted, nodes)]


def guard(
    space: Workspace,
    coordinate: str,
    applied: Applied,
    requirements: Iterable[Requirement],
    nodes: Iterable[tuple[Subgraph, Node]],
) -> Applied:
    """@requiresScopes or @policy (what `applied` is) that asks for all of several requirements."""
    wanted = conjunction(requirements)
    if wanted is None:
        space.error(
            "DIRECTIVE_COMPOSITION_ERROR",
            coordinate,
            f'What @{applied.local} asks for on "{coordinate}" cannot be combined: it would have '
            f"more than {MOST_ALTERNATIVES} alternatives.",
            nodes,
            "Ask for the same everywhere, or for a single scope or policy that stands for several.",
        )
    groups = ", ".join(f"[{', '.join(map(quoted, group))}]" for group in wanted or ())
    text = f"({GUARDS[applied.name]}: [{groups}])"
    return Applied(applied.name, applied.local, text, wanted or ())


def _alternatives(application: Application, argument: str) -> Requirement:
    value = application.value(argument)
    groups = value if isinstance(value, list) else [value]
    return tuple(
        tuple(str(item) for item in (group if isinstance(group, list) else [group]))
        for group in groups
    )


def _cost(
    space: Workspace, coordinate: str, local: str, applications: Applications
) -> list[Applied]:
    if not _say_the_same(applications):
        _merged_hint(space, coordinate, local, applications)
    highest = max(int(str(item.value("weight") or 0)) for _, item in applications)
    return [Applied("cost", local, f"(weight: {highest})")]


def _list_size(
    space: Workspace, coordinate: str, local: str, applications: Applications
) -> list[Applied]:
    if _say_the_same(applications):
        return [Applied("listSize", local, arguments_text(applications[0][1]))]
    _merged_hint(space, coordinate, local, applications)
    items = [item for _, item in applications]
    parts = []
    sizes = [size for item in items if (size := _integer(item, "assumedSize")) is not None]
    if sizes:
        parts.append(f"assumedSize: {max(sizes)}")
    for name in ("slicingArguments", "sizedFields"):
        given = [value for item in items if isinstance(value := item.value(name), list)]
        if given:
            united = dict.fromkeys(str(one) for value in given for one in value)
            parts.append(f"{name}: [{', '.join(map(quoted, united))}]")
    is_lenient = any(item.value("requireOneSlicingArgument") is False for item in items)
    parts.append(f"requireOneSlicingArgument: {'false' if is_lenient else 'true'}")
    return [Applied("listSize", local, f"({', '.join(parts)})")]


def _integer(application: Application, argument: str) -> int | None:
    value = application.value(argument)
    return int(str(value)) if value is not None else None


def _say_the_same(applications: Applications) -> bool:
    if len(applications) == 1:
        return True
    defaults = DEFAULTS.get(applications[0][1].name, {})
    return len({arguments_meaning(item, defaults) for _, item in applications}) == 1


def _merged_hint(space: Workspace, coordinate: str, local: str, applications: Applications) -> None:
    space.hint(
        "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        coordinate,
        f'@{local} is applied to "{coordinate}" with different arguments across subgraphs; the '
        "supergraph has them combined.",
        [(graph, application.node) for graph, application in applications],
    )


STRATEGIES: Mapping[str, Strategy] = {
    "tag": _tags,
    "inaccessible": _flag,
    "authenticated": _flag,
    "requiresScopes": _guard,
    "policy": _guard,
    "cost": _cost,
    "listSize": _list_size,
    "deprecated": _popular,
    "specifiedBy": _popular,
}
