"""Which specifications a supergraph links (@link, or @core before it), and what it calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    value_from_ast_untyped,
)

from router.supergraph.model import SupergraphError

APOLLO = "https://specs.apollo.dev/"
# Specifications with a purpose (EXECUTION, SECURITY) that this router honours. Anything else with
# a purpose must stop the router: https://specs.apollo.dev/link/v1.0/#for
UNDERSTOOD = frozenset(
    {
        "authenticated",
        "cacheTag",
        "context",
        "core",
        "cost",
        "inaccessible",
        "join",
        "link",
        "policy",
        "requiresScopes",
        "tag",
    }
)


@dataclass(frozen=True, slots=True)
class Link:
    """One linked specification: its identity, version, local name and renamed imports."""

    url: str
    identity: str
    name: str
    version: tuple[int, int]
    alias: str
    purpose: str | None
    imports: tuple[tuple[str, str], ...]

    def directive(self, name: str) -> str:
        """The local name of the specification's directive `name` (no @)."""
        for original, local in self.imports:
            if original == f"@{name}":
                return local.removeprefix("@")
        return self.alias if name == self.name else f"{self.alias}__{name}"


def read_links(document: DocumentNode) -> tuple[Link, ...]:
    """Every link of the schema definition. Raises SupergraphError for one nobody understands."""
    links = links_of(document)
    for link in links:
        known = link.identity.startswith(APOLLO) and link.name in UNDERSTOOD
        if link.purpose in {"EXECUTION", "SECURITY"} and not known:
            raise SupergraphError(
                f"The supergraph links {link.url} for {link.purpose}, which this router does not "
                "understand; serving it without would be wrong. Remove the link or the feature."
            )
    return links


def links_of(document: DocumentNode) -> tuple[Link, ...]:
    """Every @link (or @core) of a document's schema definition and extensions."""
    return tuple(_links(document))


def _links(document: DocumentNode) -> Iterator[Link]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            for directive in definition.directives or ():
                if directive.name.value in {"link", "core"}:
                    yield _link(directive)


def _link(directive: ConstDirectiveNode) -> Link:
    arguments = {
        argument.name.value: value_from_ast_untyped(argument.value)
        for argument in directive.arguments or ()
    }
    url = str(arguments.get("url") or arguments.get("feature") or "")
    found = re.fullmatch(r"(.*?)/?v(\d+)\.(\d+)/?", url)
    identity = (found[1] if found else url).rstrip("/")
    name = identity.rsplit("/", 1)[-1]
    purpose = arguments.get("for")
    return Link(
        url=url,
        identity=identity,
        name=name,
        version=(int(found[2]), int(found[3])) if found else (0, 0),
        alias=str(arguments.get("as") or name),
        purpose=str(purpose) if purpose else None,
        imports=tuple(_imports(arguments.get("import") or ())),
    )


def _imports(listed: object) -> Iterator[tuple[str, str]]:
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict):
            yield str(item["name"]), str(item.get("as") or item["name"])
        else:
            yield str(item), str(item)
