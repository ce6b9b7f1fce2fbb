"""For each concept of federation: random operations on imagined data, answered as by one server.

The subgraphs are those of `tests/plan/concepts`. Unlike the random splits beside this, they use
each directive in the ways that are hard to come by at random.
"""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import ExecutionResult, execute_sync, parse, validate
from hypothesis import event, given, note
from hypothesis import strategies as st

from router.execute.compiled.engine import CompiledEngine, Tiers
from router.execute.engine import Engine, ExecutionRequest, Response
from router.execute.interpreter import Interpreter
from router.execute.prepared import parsed, prepare
from router.execute.served_schema import ServedSchema, served_schema
from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer
from router.execute.variables import checked_variables
from tests.plan.concept_cases import NAMES, supergraph
from tests.plan.subgraph_schema import subgraph_schema
from tests.properties.choices import Choices
from tests.properties.endless import IN_TIME, examples
from tests.properties.imagined_data import Data
from tests.properties.imagined_servers import Log, Part, Whole, whole_schema
from tests.properties.schema_operations import SchemaOperation, schema_operation

INTERPRETER = Interpreter()
COMPILED = CompiledEngine(INTERPRETER, Tiers("always"))
LABELS = {"overrides": "cheap"}


@dataclass
class ImaginedSubgraphs:
    """A transport to subgraphs in this process; each request must be valid for its subgraph."""

    parts: dict[str, Part]

    def send(
        self,
        subgraph: str,
        body: bytes,
        headers: Headers,  # noqa: ARG002 - the transport's signature
        deadline: float,  # noqa: ARG002 - the same
        done: Done,
    ) -> Cancel:
        request = orjson.loads(body)
        part = self.parts[subgraph]
        found = formatted(part.schema, part, request["query"], request.get("variables", {}))
        note(f"{subgraph}: {request} -> {found}")
        assert "errors" not in found
        response = SubgraphAnswer(200, orjson.dumps(found))
        return asyncio.get_running_loop().call_soon(done, response).cancel


def formatted(schema: Any, server: Whole | Part, text: str, variables: Any) -> dict[str, Any]:
    document = parse(text)
    assert validate(schema, document) == [], text
    result = execute_sync(
        schema,
        document,
        variable_values=variables,
        field_resolver=server.resolve,
        type_resolver=server.type_of,
    )
    assert isinstance(result, ExecutionResult)
    return dict(result.formatted)


def routed(
    schema: ServedSchema,
    transport: ImaginedSubgraphs,
    operation: SchemaOperation,
    labels: frozenset[str],
    engine: Engine,
) -> bytes:
    prepared = prepare(schema, parsed(operation.text), None, labels)
    request = ExecutionRequest(checked_variables(prepared, operation.variables))

    async def run() -> Response:
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        engine.start(prepared, request, transport, future.set_result)
        return await future

    return asyncio.run(run()).body


def parts_of(schema: ServedSchema, data: Data, labels: frozenset[str]) -> dict[str, Part]:
    full, log = whole_schema(data), Log()
    return {
        item.name: Part(
            data, full, item.name, graph, subgraph_schema(schema.graph, item.name), labels, log
        )
        for graph, item in schema.supergraph.subgraphs.items()
    }


@IN_TIME
@given(st.data(), st.integers(0, 10**6))
@examples(200)
def test_every_concept_is_answered_as_by_one_server(draws: st.DataObject, seed: int) -> None:
    choices = Choices(draws)
    concept = choices.pick(NAMES)
    event(concept)
    schema = cached_schema(concept)
    labels = frozenset({LABELS[concept]} if concept in LABELS and choices.flag() else ())
    data = Data(schema.graph, seed)
    whole = Whole(data, whole_schema(data))
    operation = schema_operation(choices, schema.api)
    note(f"{concept} {sorted(labels)}\n{operation.text}\n{operation.variables}")
    expected = formatted(schema.api, whole, operation.text, operation.variables)
    parts = parts_of(schema, data, labels)
    transport = ImaginedSubgraphs(parts)
    found = routed(schema, transport, operation, labels, INTERPRETER)
    assert orjson.loads(found) == expected
    assert orjson.dumps(orjson.loads(found)["data"]) == orjson.dumps(expected["data"])
    assert next(iter(parts.values())).log.calls == whole.log.calls
    assert routed(schema, transport, operation, labels, COMPILED) == found


@functools.cache
def cached_schema(concept: str) -> ServedSchema:
    return served_schema(supergraph(concept))
