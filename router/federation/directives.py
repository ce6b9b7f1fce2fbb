"""What the Federation specification defines, by version: its directives and scalar types.

https://www.apollographql.com/docs/graphos/reference/federation/directives
https://specs.apollo.dev/link/v1.0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

FEDERATION = "https://specs.apollo.dev/federation"
LINK = "https://specs.apollo.dev/link"
CONNECT = "https://specs.apollo.dev/connect"
Version = tuple[int, int]
NEWEST: Version = (2, 14)
# What a schema that links no Federation is held to be, and whose directives it has once upgraded.
FEDERATION_1: Version = (1, 0)
UPGRADED_TO: Version = (2, 4)

# Apollo's smaller specifications, which Federation's directives of these names come from, and
# their newest versions. A Federation 2 schema may link one directly.
SMALLER: Mapping[str, Version] = {
    "authenticated": (0, 1),
    "context": (0, 1),
    "cost": (0, 1),
    "inaccessible": (0, 2),
    "policy": (0, 1),
    "requiresScopes": (0, 1),
    "tag": (0, 3),
}
BROUGHT: Mapping[str, tuple[str, ...]] = {
    "context": ("context", "fromContext"),
    "cost": ("cost", "listSize"),
}

TAGGED = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | "
    "ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
GUARDED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
COSTED = "ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR"
SIZES = (
    "assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], "
    "requireOneSlicingArgument: Boolean = true"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A directive as it is since a version: SDL without its name.

    `$` starts the name of a scalar of the specification, which takes the subgraph's prefix for it.
    """

    name: str
    since: Version
    sdl: str


ALL = (
    Definition(
        "key",
        (2, 0),
        "(fields: $FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE",
    ),
    Definition("requires", (2, 0), "(fields: $FieldSet!) on FIELD_DEFINITION"),
    Definition("provides", (2, 0), "(fields: $FieldSet!) on FIELD_DEFINITION"),
    Definition("external", (2, 0), "(reason: String) on OBJECT | FIELD_DEFINITION"),
    Definition("tag", (2, 0), f"(name: String!) repeatable on {TAGGED}"),
    Definition("tag", (2, 3), f"(name: String!) repeatable on {TAGGED} | SCHEMA"),
    Definition("extends", (2, 0), " on OBJECT | INTERFACE"),
    Definition("shareable", (2, 0), " on OBJECT | FIELD_DEFINITION"),
    Definition("shareable", (2, 2), " repeatable on OBJECT | FIELD_DEFINITION"),
    Definition("inaccessible", (2, 0), f" on {TAGGED}"),
    Definition("override", (2, 0), "(from: String!) on FIELD_DEFINITION"),
    Definition("override", (2, 7), "(from: String!, label: String) on FIELD_DEFINITION"),
    Definition("composeDirective", (2, 1), "(name: String) repeatable on SCHEMA"),
    Definition("interfaceObject", (2, 3), " on OBJECT"),
    Definition("authenticated", (2, 5), f" on {GUARDED}"),
    Definition("requiresScopes", (2, 5), f"(scopes: [[$Scope!]!]!) on {GUARDED}"),
    Definition("policy", (2, 6), f"(policies: [[$Policy!]!]!) on {GUARDED}"),
    Definition("context", (2, 8), "(name: String!) repeatable on INTERFACE | OBJECT | UNION"),
    Definition("fromContext", (2, 8), "(field: $ContextFieldValue) on ARGUMENT_DEFINITION"),
    Definition("cost", (2, 9), f"(weight: Int!) on {COSTED}"),
    Definition("listSize", (2, 9), f"({SIZES}) on FIELD_DEFINITION"),
    Definition("cacheTag", (2, 12), "(format: String!) repeatable on OBJECT | FIELD_DEFINITION"),
)
SCALARS: tuple[tuple[str, Version], ...] = (
    ("FieldSet", (2, 0)),
    ("Scope", (2, 5)),
    ("Policy", (2, 6)),
    ("ContextFieldValue", (2, 8)),
)
# Federation 1 has these; its @tag is not for the schema.
FIRST = frozenset({"key", "requires", "provides", "external", "tag", "extends"})
# A Federation 1 schema that defines one of these by itself means Federation's.
IF_DEFINED = frozenset(
    {"shareable", "override", "composeDirective", "interfaceObject", "inaccessible"}
)
GRAPHQL = (
    "directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT\n"
    "directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT\n"
    'directive @deprecated(reason: String = "No longer supported") on '
    "FIELD_DEFINITION | ENUM_VALUE | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION\n"
    "directive @specifiedBy(url: String!) on SCALAR\n"
)
LINKING = (
    "directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) "
    "repeatable on SCHEMA\n"
)


def is_known(version: Version) -> bool:
    """Whether it is a version of Federation 2 that this package defines."""
    return (2, 0) <= version <= NEWEST


@lru_cache(maxsize=64)
def defined_in(version: Version) -> Mapping[str, Definition]:
    """The directives of one version of Federation, by name."""
    if version < (2, 0):
        return {item.name: item for item in ALL if item.since == (2, 0) and item.name in FIRST}
    return {item.name: item for item in ALL if item.since <= version}


@lru_cache(maxsize=64)
def scalars_in(version: Version) -> tuple[str, ...]:
    """The scalar types of one version, by name."""
    if version < (2, 0):
        return ("FieldSet",)
    return tuple(name for name, since in SCALARS if since <= version)


def sdl_of(definition: Definition, local_name: str, scalar_names: Mapping[str, str]) -> str:
    """The definition as SDL, under what the subgraph calls the directive and the scalars."""
    sdl = definition.sdl
    for name, local in scalar_names.items():
        sdl = sdl.replace(f"${name}", local)
    return f"directive @{local_name}{sdl}"
