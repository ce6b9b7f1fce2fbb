"""Directive applications that reach the supergraph, merged over the subgraphs that make them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product

from graphql import print_ast

from router.compose.merge.text import quoted
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Application, Element, Subgraph

Given = Sequence[tuple[Subgraph, Element]]
Applications = list[Application]


def applied_text(space: Workspace, coordinate: str, elements: Given) -> list[str]:
    """The applications as text, for one element of the supergraph."""
    by_name: dict[str, Applications] = {}
    for subgraph, element in elements:
        for application in element.applications:
            name = application.name
            if name in MERGED or name in space.composed.get(subgraph.name, {}):
                by_name.setdefault(name, []).append(application)
    texts = []
    for name, applications in by_name.items():
        merge = MERGED.get(name)
        local = _local_name(space, name, applications)
        if merge is not None:
            texts += [
                f"@{local}{arguments}" for arguments in merge(space, coordinate, applications)
            ]
        else:
            texts += _custom(space, coordinate, local, applications)
    return texts


def _local_name(space: Workspace, name: str, applications: Applications) -> str:
    """What the supergraph calls the directive: as the subgraphs do, unless they use a prefix."""
    if name in {"deprecated", "specifiedBy"}:
        return name
    written = next((item.written for item in applications if "__" not in item.written), name)
    return space.features.setdefault(name, written) if name in MERGED else written


def _flag(_: Workspace, __: str, ___: Applications) -> list[str]:
    return [""]


def _tags(_: Workspace, __: str, applications: Applications) -> list[str]:
    names = dict.fromkeys(item.text("name") for item in applications)
    return [f"(name: {quoted(name)})" for name in names]


def _first(_: Workspace, __: str, applications: Applications) -> list[str]:
    return [_arguments(applications[0])]


def _alternatives(argument: str) -> Callable[[Workspace, str, Applications], list[str]]:
    """Merging an OR of ANDs: all subgraphs' requirements must hold together."""

    def merge(space: Workspace, coordinate: str, applications: Applications) -> list[str]:
        wanted = [_lists(item, argument) for item in applications]
        unique = [list(group) for group in dict.fromkeys(tuple(map(tuple, one)) for one in wanted)]
        if len(unique) > 1:
            _merged_hint(space, coordinate, applications)
        combined: dict[tuple[str, ...], None] = {}
        for choice in product(*unique):
            combined[tuple(dict.fromkeys(scope for scopes in choice for scope in scopes))] = None
        minimal = [
            scopes for scopes in combined if not any(set(other) < set(scopes) for other in combined)
        ]
        groups = ", ".join(f"[{', '.join(quoted(scope) for scope in one)}]" for one in minimal)
        return [f"({argument}: [{groups}])"]

    return merge


def _lists(application: Application, argument: str) -> list[list[str]]:
    value = application.value(argument)
    outer = value if isinstance(value, list) else [value]
    return [[str(item) for item in (one if isinstance(one, list) else [one])] for one in outer]


def _highest(space: Workspace, coordinate: str, applications: Applications) -> list[str]:
    weights = {item.value("weight") for item in applications}
    if len(weights) > 1:
        _merged_hint(space, coordinate, applications)
    return [f"(weight: {max(int(str(weight)) for weight in weights)})"]


def _list_size(space: Workspace, coordinate: str, applications: Applications) -> list[str]:
    if len({_arguments(item) for item in applications}) > 1:
        _merged_hint(space, coordinate, applications)
    parts = []
    sizes = [int(str(v)) for item in applications if (v := item.value("assumedSize")) is not None]
    if sizes:
        parts.append(f"assumedSize: {max(sizes)}")
    for name in ("slicingArguments", "sizedFields"):
        listed = [value for item in applications if isinstance(value := item.value(name), list)]
        if listed:
            united = dict.fromkeys(str(one) for value in listed for one in value)
            parts.append(f"{name}: [{', '.join(quoted(one) for one in united)}]")
    given = [
        v for item in applications if (v := item.value("requireOneSlicingArgument")) is not None
    ]
    if given:
        parts.append(f"requireOneSlicingArgument: {str(all(given)).lower()}")
    return [f"({', '.join(parts)})" if parts else ""]


def _merged_hint(space: Workspace, coordinate: str, applications: Applications) -> None:
    space.hint(
        "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        coordinate,
        f"@{applications[0].name} is applied to {coordinate} with different arguments across "
        "subgraphs; the supergraph has them combined.",
    )


def _arguments(application: Application) -> str:
    parts = [f"{name}: {print_ast(value)}" for name, value in application.arguments.items()]
    return f"({', '.join(parts)})" if parts else ""


def _custom(space: Workspace, coordinate: str, local: str, applications: Applications) -> list[str]:
    texts = Counter(_arguments(item) for item in applications)
    if local in space.repeatable:
        return [f"@{local}{text}" for text in texts]
    if len(texts) > 1:
        space.hint(
            "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
            coordinate,
            f"Non-repeatable @{local} is applied to {coordinate} with different arguments across "
            "subgraphs; the supergraph has those most of them give.",
        )
    return [f"@{local}{texts.most_common(1)[0][0]}"]


MERGED: dict[str, Callable[[Workspace, str, Applications], list[str]]] = {
    "tag": _tags,
    "inaccessible": _flag,
    "authenticated": _flag,
    "requiresScopes": _alternatives("scopes"),
    "policy": _alternatives("policies"),
    "cost": _highest,
    "listSize": _list_size,
    "deprecated": _first,
    "specifiedBy": _first,
}
