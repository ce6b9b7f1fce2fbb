"""Operations parsed, validated and compiled once: a bounded cache from the text of a document."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    parse,
    validate,
)

from subgraphs.chassis.compiled.query import CompiledQuery, compile_query

CAPACITY = 2_000
# Compiling costs about a millisecond: not for what is asked once.
COMPILED_AFTER = 2
MOST_TOKENS = 20_000
# Longer texts are served and not kept: the cache is bounded in bytes too.
LONGEST_KEPT = 64 * 1024


@dataclass(slots=True)
class Prepared:
    """A document that may run, or the errors that say why not (then `document` is None).

    `compiled` is set when the text came again and is a query that can be compiled.
    """

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    uses: int = 0
    compiled: CompiledQuery | None = None


class PreparedOperations:
    """The least recently used document is dropped first."""

    def __init__(self, schema: GraphQLSchema, capacity: int = CAPACITY) -> None:
        self._schema = schema
        self._capacity = capacity
        self._kept: OrderedDict[str, Prepared] = OrderedDict()

    def get(self, text: str) -> Prepared:
        """The prepared document of a text, from the cache or made now."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            known.uses += 1
            if known.uses == COMPILED_AFTER and known.document is not None:
                known.compiled = compile_query(self._schema, known.document)
            return known
        prepared = self._prepare(text)
        if len(text) <= LONGEST_KEPT:
            self._kept[text] = prepared
            if len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return prepared

    def __len__(self) -> int:
        return len(self._kept)

    def _prepare(self, text: str) -> Prepared:
        try:
            document = parse(text, max_tokens=MOST_TOKENS)
        except GraphQLSyntaxError as error:
            error.extensions = {"code": "GRAPHQL_PARSE_FAILED"}
            return Prepared(None, (error,))
        errors = validate(self._schema, document, max_errors=10)
        for problem in errors:
            problem.extensions = {"code": "GRAPHQL_VALIDATION_FAILED"}
        return Prepared(None if errors else document, tuple(errors))
