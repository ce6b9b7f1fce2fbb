"""However a schema is split, the router answers as one server with everything would.

A random world (schema and data with nulls) is split at random with federation's directives, and
random operations are answered by graphql-core on the whole and by the router on the parts, with
each of its engines. A subgraph that is asked for what it cannot resolve gives an error, which
fails the test.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, execute_sync, parse, validate
from hypothesis import assume, event, given, note
from hypothesis import strategies as st

from benchmarks.faults.clients import is_part_of
from router.compose import Source, compose
from router.execute.compiled.engine import CompiledEngine, Tiers
from router.execute.engine import Engine, ExecutionRequest, Response
from router.execute.interpreter import Interpreter
from router.execute.prepared import parsed, prepare
from router.execute.served_schema import ServedSchema, served_schema
from router.execute.transport import Cancel, Done, Headers, SubgraphAnswer
from router.execute.variables import checked_variables
from tests.properties.choices import Choices
from tests.properties.endless import IN_TIME, examples
from tests.properties.operations import Operation, random_operation
from tests.properties.placement import Placement
from tests.properties.resolving import Node, Server, monolith, subgraph
from tests.properties.split import random_placement
from tests.properties.spoiling import CHANGES, SILENCES, Change, spoiled
from tests.properties.subgraph_sdl import subgraph_sdl
from tests.properties.world import World, random_world

SETTINGS = examples(200)
OPERATIONS_PER_WORLD, WAYS_TO_BREAK = 3, 8
INTERPRETER = Interpreter()
COMPILED = CompiledEngine(INTERPRETER, Tiers("always"))


def answer(server: Server, text: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The server's own answer; errors of validation fail the test."""
    document = parse(text)
    problems = validate(server.schema, document)
    if problems:
        raise AssertionError(f"{server.name} was sent an invalid operation: {problems}\n{text}")
    result = execute_sync(
        server.schema,
        document,
        Node(server.world.root_data),
        variable_values=variables,
        operation_name=None,
        field_resolver=server.resolve,
        type_resolver=server.type_of,
    )
    assert isinstance(result, ExecutionResult)
    formatted: dict[str, Any] = dict(result.formatted)
    return formatted


@dataclass(frozen=True)
class InProcessSubgraphs:
    """A transport to servers in this process; with a `seed` their answers are spoiled."""

    servers: dict[str, Server]
    seed: int | None = None
    changes: Sequence[Change | None] = CHANGES

    def send(
        self,
        subgraph: str,
        body: bytes,
        headers: Headers,  # noqa: ARG002 - the transport's signature
        deadline: float,  # noqa: ARG002 - the same
        done: Done,
    ) -> Cancel:
        request = orjson.loads(body)
        note(f"{subgraph}: {request}")
        found = answer(self.servers[subgraph], request["query"], request.get("variables", {}))
        response = SubgraphAnswer(200, orjson.dumps(found))
        if self.seed is not None:
            world = self.servers[subgraph].world
            names = [*world.entities, *world.values, *world.interfaces]
            response = spoiled(
                response.body, f"{self.seed} {subgraph} {body!r}", names, self.changes
            )
            note(f"  spoiled: {response}")
        return asyncio.get_running_loop().call_soon(done, response).cancel


def composed(placement: Placement) -> tuple[ServedSchema, dict[str, Server]]:
    sdls = {name: subgraph_sdl(placement, name) for name in placement.subgraphs}
    sdls = {name: sdl for name, sdl in sdls.items() if sdl}
    for name, sdl in sdls.items():
        note(f"# {name}\n{sdl}")
    composition = compose([Source(name, f"http://{name}", sdl) for name, sdl in sdls.items()])
    assert composition.supergraph_sdl is not None, composition.errors
    counter = [0]
    servers = {name: subgraph(placement, name, counter) for name in sdls}
    return served_schema(composition.supergraph_sdl), servers


def split_world(choices: Choices) -> tuple[World, Placement]:
    """A monolith's schema with something to ask for, and how it is split into subgraphs."""
    world = random_world(choices)
    placement = random_placement(choices, world)
    assume(world.roots["Query"].fields)
    return world, placement


def routed(
    schema: ServedSchema, transport: InProcessSubgraphs, operation: Operation, engine: Engine
) -> bytes:
    prepared = prepare(schema, parsed(operation.text))
    variables = checked_variables(prepared, operation.variables)
    request = ExecutionRequest(variables)

    async def run() -> Response:
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        engine.start(prepared, request, transport, future.set_result)
        return await future

    for server in transport.servers.values():
        server.counter[0] = 0
    return asyncio.run(run()).body


def is_valid(world: Server, text: str) -> bool:
    problems: list[GraphQLError] = validate(world.schema, parse(text))
    return not problems


@IN_TIME
@given(st.data())
@SETTINGS
def test_the_router_answers_as_one_server_would(data: st.DataObject) -> None:
    choices = Choices(data)
    world, placement = split_world(choices)
    whole = monolith(world)
    schema, servers = composed(placement)
    event(f"subgraphs: {len(servers)}")
    for _ in range(OPERATIONS_PER_WORLD):
        operation = random_operation(choices, world)
        assume(is_valid(whole, operation.text))
        note(f"{operation.text}\n{operation.variables}")
        whole.counter[0] = 0
        expected = answer(whole, operation.text, operation.variables)
        transport = InProcessSubgraphs(servers)
        found = orjson.loads(routed(schema, transport, operation, INTERPRETER))
        assert found == expected
        assert orjson.dumps(found["data"]) == orjson.dumps(expected["data"])
        assert orjson.loads(routed(schema, transport, operation, COMPILED)) == expected


@IN_TIME
@given(st.data(), st.integers(0, 10**6))
@examples(100)
def test_both_engines_make_the_same_of_broken_answers(data: st.DataObject, seed: int) -> None:
    choices = Choices(data)
    world, placement = split_world(choices)
    schema, servers = composed(placement)
    operation = random_operation(choices, world)
    assume(is_valid(monolith(world), operation.text))
    note(f"{operation.text}\n{operation.variables}")
    for way in range(WAYS_TO_BREAK):
        transport = InProcessSubgraphs(servers, seed + way)
        interpreted = routed(schema, transport, operation, INTERPRETER)
        assert routed(schema, transport, operation, COMPILED) == interpreted
        assert b"INTERNAL_SERVER_ERROR" not in interpreted


@IN_TIME
@given(st.data(), st.integers(0, 10**6))
@examples(100)
def test_what_subgraphs_fail_to_say_is_null_with_an_error_and_nothing_else_changes(
    data: st.DataObject, seed: int
) -> None:
    choices = Choices(data)
    world, placement = split_world(choices)
    whole = monolith(world)
    schema, servers = composed(placement)
    operation = random_operation(choices, world)
    assume(is_valid(whole, operation.text))
    note(f"{operation.text}\n{operation.variables}")
    whole.counter[0] = 0
    expected = answer(whole, operation.text, operation.variables)
    for way in range(WAYS_TO_BREAK):
        transport = InProcessSubgraphs(servers, seed + way, SILENCES)
        found = orjson.loads(routed(schema, transport, operation, COMPILED))
        note(f"-> {found}")
        assert is_part_of(found["data"], expected["data"])
        assert found["data"] == expected["data"] or found["errors"]
