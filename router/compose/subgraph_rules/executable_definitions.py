"""A schema document has no operations: https://spec.graphql.org/draft/#sec-Type-System."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import ExecutableDefinitionNode

from router.compose.subgraph import Subgraph
from router.diagnostics import Diagnostic


def executable_definitions(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """The SDL defines types and directives only."""
    for definition in subgraph.document.definitions:
        if isinstance(definition, ExecutableDefinitionNode):
            yield subgraph.problem(
                "INVALID_GRAPHQL",
                "schema",
                "An operation or fragment stands in the schema.",
                definition,
                hint="Keep operations in files of their own.",
            )
