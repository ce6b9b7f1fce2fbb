"""Recorded operations, from the text of documents and of persisted query manifests.

https://www.apollographql.com/docs/graphos/platform/security/persisted-queries
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    Node,
    OperationDefinitionNode,
    parse,
    visit,
)
from graphql.language import Visitor


class OperationsError(ValueError):
    """Recorded operations that cannot be read; each of `problems` says where and why."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Text:
    """A document and where it is from: a file, or an entry of a manifest."""

    place: str
    body: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with the fragments it needs; `place` is where it is written."""

    name: str
    place: str
    document: DocumentNode


def manifest_texts(place: str, text: str) -> list[Text]:
    """The documents of a persisted query manifest, Apollo's format or a map of id to document.

    Raises OperationsError.
    """
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise OperationsError(f"{place} is not JSON: {error}.") from error
    entries = manifest.get("operations") if isinstance(manifest, dict) else None
    if isinstance(entries, list):
        found = list(_entries(place, entries))
        if len(found) == len(entries):
            return found
    elif isinstance(manifest, dict) and all(isinstance(it, str) for it in manifest.values()):
        return [Text(f"{place}#{key}", body) for key, body in manifest.items()]
    raise OperationsError(
        f"{place} is no persisted query manifest: it needs operations with an id and a body each, "
        "or a document for each id."
    )


def _entries(place: str, entries: Iterable[object]) -> Iterator[Text]:
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("body"), str):
            identity = str(entry.get("id") or entry.get("name") or "")
            yield Text(f"{place}#{identity}", entry["body"], str(entry.get("name") or ""))


def read_operations(texts: Iterable[Text]) -> list[Operation]:
    """Every operation; a fragment that a document lacks is taken from another one.

    Raises OperationsError with every text that is not GraphQL.
    """
    documents: list[tuple[Text, DocumentNode]] = []
    problems = []
    for text in texts:
        try:
            documents.append((text, parse(text.body)))
        except GraphQLSyntaxError as error:
            line = f":{error.locations[0].line}" if error.locations else ""
            problems.append(f"{text.place}{line}: {error.message}")
    if problems:
        raise OperationsError(*problems)
    everywhere: dict[str, FragmentDefinitionNode] = {}
    for _, document in reversed(documents):
        everywhere |= _fragments(document)
    return [it for text, document in documents for it in _operations(text, document, everywhere)]


def _operations(
    text: Text, document: DocumentNode, everywhere: Mapping[str, FragmentDefinitionNode]
) -> Iterator[Operation]:
    known = {**everywhere, **_fragments(document)}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            needed = _needed(definition, known)
            line = definition.loc.start_token.line if definition.loc else 1
            yield Operation(
                name=definition.name.value if definition.name else text.name or "(no name)",
                place=text.place if "#" in text.place else f"{text.place}:{line}",
                document=DocumentNode(definitions=(definition, *needed)),
            )


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }


def _needed(
    operation: OperationDefinitionNode, known: Mapping[str, FragmentDefinitionNode]
) -> list[FragmentDefinitionNode]:
    """The known fragments that an operation spreads, and those that they spread."""
    found: dict[str, FragmentDefinitionNode] = {}
    waiting: list[Node] = [operation]
    while waiting:
        spreads = _Spreads()
        visit(waiting.pop(), spreads)
        for name in spreads.names:
            if name in known and name not in found:
                found[name] = known[name]
                waiting.append(known[name])
    return list(found.values())


class _Spreads(Visitor):
    """The names of the fragments that a node spreads."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        """Note one."""
        self.names.append(node.name.value)
