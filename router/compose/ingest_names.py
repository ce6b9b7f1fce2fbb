"""What a subgraph calls the elements of the specifications it links, and which it may use."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from graphql import DirectiveDefinitionNode, parse

from router.compose.ingest_links import Linked
from router.compose.link_rules import is_smaller
from router.federation.directives import (
    BROUGHT,
    FEDERATION,
    FEDERATION_1,
    GRAPHQL,
    IF_DEFINED,
    LINK,
    LINKING,
    NEWEST,
    UPGRADED_TO,
    Version,
    defined_in,
    is_known,
    scalars_in,
    sdl_of,
)
from router.supergraph.links import APOLLO, Link
from router.supergraph.model import Kind

MACHINERY = frozenset({FEDERATION, LINK, f"{APOLLO}core", f"{APOLLO}join"})
BUILT_IN = ("ID", "Int", "Float", "String", "Boolean")
SERVICE = {"_Any": Kind.SCALAR, "_Entity": Kind.UNION, "_Service": Kind.OBJECT}
INTROSPECTION = {
    "__Schema": Kind.OBJECT,
    "__Type": Kind.OBJECT,
    "__TypeKind": Kind.ENUM,
    "__Field": Kind.OBJECT,
    "__InputValue": Kind.OBJECT,
    "__EnumValue": Kind.OBJECT,
    "__Directive": Kind.OBJECT,
    "__DirectiveLocation": Kind.ENUM,
}


@dataclass(frozen=True, slots=True)
class Names:
    """The words of one document.

    `directives` maps its name of a directive to the specification's, `scalars` the specification's
    name of a type to its own, `definitions` has what may be applied (the specifications' and
    GraphQL's), `machinery` the types that exist without being part of the subgraph's schema,
    `direct` the scalars that specifications linked beside Federation make a part of it.
    """

    version: Version
    directives: Mapping[str, str]
    scalars: Mapping[str, str]
    definitions: Mapping[str, DirectiveDefinitionNode]
    machinery: Mapping[str, Kind]
    direct: frozenset[str]
    prefixes: frozenset[str]
    imported: frozenset[str]

    def is_machinery(self, type_name: str) -> bool:
        """Whether a type belongs to a linked specification, not to the subgraph's schema."""
        if type_name in self.machinery or type_name in self.imported:
            return True
        return "__" in type_name and type_name.split("__", 1)[0] in self.prefixes


def names_of(linked: Linked, defined: Collection[str]) -> Names:
    """The names of a document that links `linked` and defines directives itself."""
    federation = next((link for link in linked.links if link.identity == FEDERATION), None)
    version = federation.version if federation else FEDERATION_1
    texts = _federation_texts(federation, version, frozenset(defined) & IF_DEFINED)
    scalars = _scalars(federation, version)
    directives = {local: name for local, (name, _) in texts.items()}
    direct = _direct_texts(linked.links)
    directives |= {local: name for local, (name, _) in direct.items()}
    link_prefix = "link" if linked.directive == "core" else linked.directive
    definitions = _parsed(
        GRAPHQL
        + LINKING.replace("@link", f"@{linked.directive}").replace("link__", f"{link_prefix}__")
        + "\n".join(text for _, text in (*texts.values(), *direct.values()))
    )
    kinds = dict.fromkeys(scalars.values(), Kind.SCALAR)
    kinds |= {f"{link_prefix}__Purpose": Kind.ENUM, f"{link_prefix}__Import": Kind.SCALAR}
    kinds |= {"link__Purpose": Kind.ENUM, "link__Import": Kind.SCALAR, "_FieldSet": Kind.SCALAR}
    # Types of all other specifications are part of the schema like any other.
    own = [link for link in linked.links if link.identity in MACHINERY]
    return Names(
        version=version,
        directives=directives | {linked.directive: "link"},
        scalars=scalars,
        definitions=definitions,
        machinery=kinds | SERVICE | INTROSPECTION,
        direct=frozenset(_direct_scalars(linked.links).values()),
        prefixes=frozenset({link.alias for link in own} | {"link", "federation", "join"}),
        imported=frozenset(local for link in own for _, local in link.imports if local[:1] != "@"),
    )


def _federation_texts(
    link: Link | None, version: Version, own: frozenset[str]
) -> dict[str, tuple[str, str]]:
    """Local name of each of Federation's directives -> its name and its definition as SDL."""
    known = dict(defined_in(version)) if link is None or is_known(version) else {}
    if link is None:
        known |= {name: defined_in(UPGRADED_TO)[name] for name in own}
    scalars = _scalars(link, version)
    found = {}
    for name, definition in known.items():
        local = name if link is None else link.directive(name)
        if re.fullmatch(r"\w+", local, re.ASCII):  # an alias like "f-oo" makes unusable prefixes
            found[local] = (name, sdl_of(definition, local, scalars))
    return found


def _scalars(link: Link | None, version: Version) -> dict[str, str]:
    if link is None:
        return {"FieldSet": "_FieldSet"}
    return {name: _scalar(link, name) for name in scalars_in(version)}


def _direct_texts(links: tuple[Link, ...]) -> dict[str, tuple[str, str]]:
    """The same for Apollo's smaller specifications (tag, cost, ...) that are linked directly."""
    found = {}
    for link in links:
        if not is_smaller(link):
            continue
        for name in BROUGHT.get(link.name, (link.name,)):
            definition = defined_in(NEWEST)[name]
            scalars = _direct_scalars((link,))
            local = link.directive(name)
            if re.fullmatch(r"\w+", local, re.ASCII):
                found[local] = (name, sdl_of(definition, local, scalars))
    return found


def _direct_scalars(links: tuple[Link, ...]) -> dict[str, str]:
    """The scalars of smaller specifications that are linked directly, by the document's names."""
    return {
        scalar: _scalar(link, scalar)
        for link in links
        if is_smaller(link)
        for name in BROUGHT.get(link.name, (link.name,))
        for scalar in scalars_in(NEWEST)
        if f"${scalar}" in defined_in(NEWEST)[name].sdl
    }


def _scalar(link: Link, name: str) -> str:
    prefix = re.sub(r"\W", "_", link.alias, flags=re.ASCII)
    return dict(link.imports).get(name, f"{prefix}__{name}")


@lru_cache(maxsize=256)
def _parsed(sdl: str) -> dict[str, DirectiveDefinitionNode]:
    return {
        node.name.value: node
        for node in parse(sdl, no_location=True).definitions
        if isinstance(node, DirectiveDefinitionNode)
    }
