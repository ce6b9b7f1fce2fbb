"""The specifications a supergraph links for the directives in use, and what it calls those."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from router.compose.elements import elements
from router.compose.merge.workspace import Workspace
from router.compose.subgraph import Subgraph
from router.supergraph.layout import quoted
from router.supergraph.links import APOLLO

EVERYWHERE = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | "
    "ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
PROTECTED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
COSTLY = "ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR"
SIZES = (
    "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], "
    "requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION"
)
FROM_CONTEXT = (
    "directive @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION"
)


@dataclass(frozen=True, slots=True)
class Feature:
    """A specification: its version and purpose, its directives, and what else it defines."""

    name: str
    version: str
    purpose: str
    directives: tuple[tuple[str, str], ...]
    further: tuple[str, ...] = ()


FEATURES = (
    Feature("tag", "v0.3", "", (("tag", f"(name: String!) repeatable on {EVERYWHERE} | SCHEMA"),)),
    Feature("inaccessible", "v0.2", "SECURITY", (("inaccessible", f" on {EVERYWHERE}"),)),
    Feature("authenticated", "v0.1", "SECURITY", (("authenticated", f" on {PROTECTED}"),)),
    Feature(
        "requiresScopes",
        "v0.1",
        "SECURITY",
        (("requiresScopes", f"(scopes: [[requiresScopes__Scope!]!]!) on {PROTECTED}"),),
        ("scalar requiresScopes__Scope",),
    ),
    Feature(
        "policy",
        "v0.1",
        "SECURITY",
        (("policy", f"(policies: [[policy__Policy!]!]!) on {PROTECTED}"),),
        ("scalar policy__Policy",),
    ),
    Feature(
        "context",
        "v0.1",
        "SECURITY",
        (("context", "(name: String!) repeatable on INTERFACE | OBJECT | UNION"),),
        (
            FROM_CONTEXT,
            "scalar context__ContextFieldValue",
        ),
    ),
    Feature("cost", "v0.1", "", (("cost", f"(weight: Int!) on {COSTLY}"), ("listSize", SIZES))),
    Feature("cacheTag", "v0.1", "EXECUTION", ()),
)
COMPOSED_BY_DEFAULT = frozenset(name for feature in FEATURES for name, _ in feature.directives)
KNOWN = frozenset({feature.name for feature in FEATURES})


def note_features(space: Workspace) -> None:
    """Learn which of Federation's directives are in use, and under one name everywhere."""
    written: dict[str, dict[str, list[str]]] = {}
    for subgraph in space.subgraphs:
        used = _used(subgraph)
        for name in used.keys() & (COMPOSED_BY_DEFAULT | {"cacheTag"}):
            written.setdefault(name, {}).setdefault(used[name], []).append(subgraph.name)
    for feature in FEATURES:
        for name in [directive for directive, _ in feature.directives] or [feature.name]:
            if name in written:
                space.features[name] = next(iter(written[name]))
                _check_one_name(space, name, written[name])


def _used(subgraph: Subgraph) -> dict[str, str]:
    """The directives applied in a subgraph: the specification's name -> what the SDL calls it."""
    used: dict[str, str] = {}
    for placed in elements(subgraph):
        for application in placed.element.applications:
            used.setdefault(application.name, application.written)
    for definition in subgraph.directives.values():
        for argument in definition.arguments or ():
            for directive in argument.directives or ():
                written = directive.name.value
                used.setdefault(subgraph.names.get(written, written), written)
    return used


def _check_one_name(space: Workspace, name: str, written: dict[str, list[str]]) -> None:
    if len(written) == 1:
        return
    seen = "; ".join(f'"@{local}" in {", ".join(graphs)}' for local, graphs in written.items())
    space.error(
        "LINK_IMPORT_NAME_MISMATCH",
        f"@{name}",
        f'The directive "@{name}" has different names across subgraphs: {seen}.',
        [
            (subgraph, subgraph.schema.node)
            for subgraph in space.subgraphs
            if any(subgraph.name in graphs for graphs in written.values())
        ],
        "Import it under one name everywhere.",
    )


def used_features(space: Workspace) -> Iterator[Feature]:
    """The specifications with a directive in use."""
    for feature in FEATURES:
        names = [name for name, _ in feature.directives] or [feature.name]
        if any(name in space.features for name in names):
            yield feature


def local_name(space: Workspace, feature: Feature, directive: str) -> str:
    """What the supergraph calls a directive of a linked specification, in use or not."""
    plain = directive if directive == feature.name else f"{feature.name}__{directive}"
    return space.features.get(directive, plain)


def feature_link(space: Workspace, feature: Feature, alias: str) -> str:
    """The @link of a specification."""
    imports = []
    for name, _ in feature.directives:
        local = space.features.get(name)
        if local is not None and (local != name or (name != feature.name and local == name)):
            imports.append(import_text(name, local))
    parts = [f"url: {quoted(f'{APOLLO}{feature.name}/{feature.version}')}"]
    parts += [f"as: {quoted(alias)}"] * bool(alias)
    parts += [f"for: {feature.purpose}"] * bool(feature.purpose)
    parts += [f"import: [{', '.join(imports)}]"] * bool(imports)
    return f"@link({', '.join(parts)})"


def feature_definitions(space: Workspace, feature: Feature, known: Collection[str]) -> list[str]:
    """The directives of a specification, those not in use included, and its other definitions.

    `known` are types that subgraphs have brought, by linking it themselves.
    """
    return [
        *(
            f"directive @{local_name(space, feature, name)}{signature}"
            for name, signature in feature.directives
        ),
        *(more for more in feature.further if more.removeprefix("scalar ") not in known),
    ]


def import_text(name: str, local: str) -> str:
    """One import of a link."""
    if name == local:
        return quoted(f"@{name}")
    return f"{{name: {quoted(f'@{name}')}, as: {quoted(f'@{local}')}}}"
