"""SDL text -> Subgraph: extensions merged into their types, directives under their own names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLSyntaxError,
    NameNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    parse,
)

from router.compose.first_definitions import own_definitions
from router.compose.ingest_links import Linked, read_links
from router.compose.ingest_names import BUILT_IN, Names, names_of
from router.compose.ingest_parts import Reader
from router.compose.subgraph import Source, Subgraph, TypeDefinition
from router.compose.subgraph_rules import check
from router.compose.subgraph_rules.unique_names import unique_types
from router.diagnostics import Diagnostic, Location
from router.supergraph.model import Kind

# GraphQL's lines: Python's own would count a form feed and others as an end too.
LINE_END = re.compile(r"\r\n|[\n\r]")
ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}


class Unreadable(Exception):  # noqa: N818 - it says what the SDL is
    """The SDL cannot be read; `diagnostics` say why."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


def ingest(source: Source) -> Subgraph:
    """Read one subgraph. Raises Unreadable for text that is not GraphQL or links in vain."""
    try:
        document = parse(source.sdl)
    except GraphQLSyntaxError as error:
        raise Unreadable((_syntax(source, error),)) from error
    linked = read_links(document)
    if linked.problems:
        raise Unreadable(_unlinkable(source, document, linked))
    return _subgraph(source, document, linked)


def wrong_names(sources: Sequence[Source]) -> Iterator[Diagnostic]:
    """Names that composition cannot tell apart, or keeps for itself."""
    for name, times in Counter(source.name for source in sources).items():
        wrong = "is reserved" if name == "_" else "is empty" if not name.strip() else ""
        if times > 1:
            wrong = f"is given to {times} subgraphs"
        if wrong:
            yield Diagnostic(
                code="INVALID_SUBGRAPH_NAME",
                message=f'[{name}] The subgraph name "{name}" {wrong}.',
                subgraphs=(name,),
                hint="Give every subgraph a name of its own.",
            )


def _subgraph(source: Source, document: DocumentNode, linked: Linked) -> Subgraph:
    defined = {
        node.name.value
        for node in document.definitions
        if isinstance(node, DirectiveDefinitionNode)
    }
    names = names_of(linked, defined)
    roots = _roots(document)
    renamed = _renamed(document, roots)
    reader = Reader(names.directives, renamed)
    for definition in document.definitions:
        reader.read(definition)
    types = _types(names, reader)
    known = names.definitions
    return Subgraph(
        name=source.name,
        url=source.url,
        file=source.file,
        lines=tuple(LINE_END.split(source.sdl)),
        version=names.version,
        types=types,
        directives={name: node for name, node in reader.directives.items() if name not in known},
        directive_arguments=reader.directive_arguments(),
        links=linked.links,
        names=names.directives,
        schema=reader.schema(),
        roots={kind: renamed.get(written, written) for kind, written in roots.items()},
        document=document,
        definitions={**known, **own_definitions(reader.directives, known, names.version)},
        specified=known,
        specified_types={**names.machinery, **dict.fromkeys(names.direct, Kind.SCALAR)},
        machinery=_machinery(names, reader),
        renamed=renamed,
    )


def _renamed(document: DocumentNode, roots: Mapping[str, str]) -> dict[str, str]:
    """Root types by the names they are given here; a rule tells of others that have those."""
    taken = _defined(document)
    return {
        written: ROOTS[kind]
        for kind, written in roots.items()
        if ROOTS[kind] not in {written, *taken}
    }


def _types(names: Names, reader: Reader) -> dict[str, TypeDefinition]:
    types = {name: reader.type(name) for name in reader.parts if not names.is_machinery(name)}
    for name in names.direct - types.keys():
        types[name] = TypeDefinition(name, None, (), NameNode(value=name), Kind.SCALAR)
    if "Query" not in types:
        # Federation gives every subgraph a query root (`_service`), so each can be sent queries.
        types["Query"] = TypeDefinition("Query", None, (), NameNode(value="Query"), Kind.OBJECT)
    return types


def _machinery(names: Names, reader: Reader) -> dict[str, Kind]:
    own = {name: reader.type(name).kind for name in reader.parts if names.is_machinery(name)}
    return {**dict.fromkeys(BUILT_IN, Kind.SCALAR), **names.machinery, **own}


def _syntax(source: Source, error: GraphQLSyntaxError) -> Diagnostic:
    line, column = error.locations[0] if error.locations else (1, 1)
    lines = LINE_END.split(source.sdl)
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return Diagnostic(
        code="INVALID_GRAPHQL",
        message=f"[{source.name}] {error.message}",
        subgraphs=(source.name,),
        hint="Mend the SDL; nothing after this point was read.",
        locations=(Location(source.name, source.file or source.name, line, column, text),),
    )


def _unlinkable(source: Source, document: DocumentNode, linked: Linked) -> tuple[Diagnostic, ...]:
    """What is wrong with links, and with what they do not matter for.

    A document that links the link specification is read as one of it before links are followed.
    """
    followed = replace(linked, problems=()) if linked.is_explicit else Linked((), ())
    readable = _subgraph(source, document, followed)
    wrong = [
        readable.problem(problem.code, "schema", problem.message, problem.node, hint=problem.hint)
        for problem in linked.problems
    ]
    if linked.is_explicit:
        return tuple(check(readable, wrong))
    return tuple(unique_types(readable)) or tuple(wrong)


def _roots(document: DocumentNode) -> dict[str, str]:
    """Operation kind -> what the subgraph calls its root type."""
    given: dict[str, str] = {}
    is_defined = False
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            is_defined |= isinstance(definition, SchemaDefinitionNode)
            for operation in definition.operation_types or ():
                given[operation.operation.value] = operation.type.name.value
    if is_defined:
        return given
    objects = _defined(document, ObjectTypeDefinitionNode, ObjectTypeExtensionNode)
    queries = _defined(document) & {"Query"}
    usual = {kind: name for kind, name in ROOTS.items() if name in objects | queries}
    return {**usual, **given}


def _defined(
    document: DocumentNode, *kinds: type[TypeDefinitionNode | TypeExtensionNode]
) -> frozenset[str]:
    """The names of types, or of those of some kinds."""
    return frozenset(
        definition.name.value
        for definition in document.definitions
        if isinstance(definition, kinds or (TypeDefinitionNode, TypeExtensionNode))
    )
