"""However an operation is deferred, its parts put together are the answer without @defer."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from graphql import DirectiveNode, VariableDefinitionNode, Visitor, parse, print_ast, visit
from hypothesis import assume, event, given, note
from hypothesis import strategies as st

from router.execute.engine import ExecutionRequest, Response
from router.execute.prepared import parsed, prepare
from router.execute.served_schema import ServedSchema
from router.execute.variables import checked_variables
from tests.properties.choices import Choices
from tests.properties.endless import IN_TIME, examples
from tests.properties.operations import Operation, random_operation
from tests.properties.resolving import monolith
from tests.properties.test_router_equals_monolith import (
    INTERPRETER,
    InProcessSubgraphs,
    answer,
    composed,
    is_valid,
    split_world,
)

FEWER = examples(50)


class _Drop(Visitor):
    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        return self.REMOVE if node.name.value == "defer" else None

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        return self.REMOVE if node.variable.name.value.startswith("d") else None


def without_defer(operation: Operation) -> Operation:
    """The same operation, answered at once."""
    text = print_ast(visit(parse(operation.text), _Drop()))
    values = operation.variables.items()
    return Operation(text, {name: value for name, value in values if not name.startswith("d")})


def responses(
    schema: ServedSchema, transport: InProcessSubgraphs, operation: Operation
) -> list[dict[str, Any]]:
    """Everything the router says, in order."""
    prepared = prepare(schema, parsed(operation.text), in_parts=True)
    request = ExecutionRequest(checked_variables(prepared, operation.variables))

    async def run() -> list[Response]:
        found: list[Response] = []
        is_over = asyncio.Event()

        def take(response: Response) -> None:
            found.append(response)
            if not response.has_next:
                is_over.set()

        INTERPRETER.start(prepared, request, transport, take)
        await asyncio.wait_for(is_over.wait(), 30)
        return found

    for server in transport.servers.values():
        server.counter[0] = 0
    return [orjson.loads(response.body) for response in asyncio.run(run())]


def put_together(said: list[dict[str, Any]]) -> Any:
    """The data of all responses: each payload put where its path leads, as clients do it."""
    whole = {"data": said[0]["data"]}
    for message in said[1:]:
        for payload in message["incremental"]:
            if payload["data"] is None:
                continue  # the part failed; what was there before it stays
            target: Any = whole
            *way, last = ["data", *payload["path"]]
            for key in way:
                target = target[key]
            target[last] = merged(target[last], payload["data"])
    return whole["data"]


def merged(known: Any, more: Any) -> Any:
    if isinstance(known, dict) and isinstance(more, dict):
        return known | {key: merged(known.get(key), value) for key, value in more.items()}
    if isinstance(known, list) and isinstance(more, list) and len(known) == len(more):
        return [merged(old, new) for old, new in zip(known, more, strict=True)]
    return more


@IN_TIME
@given(st.data())
@FEWER
def test_the_parts_of_an_answer_make_the_whole_answer(data: st.DataObject) -> None:
    choices = Choices(data)
    world, placement = split_world(choices)
    whole = monolith(world)
    schema, servers = composed(placement)
    operation = random_operation(choices, world, is_deferring=True)
    plain = without_defer(operation)
    assume(is_valid(whole, plain.text))
    note(f"{operation.text}\n{operation.variables}")
    expected = answer(whole, plain.text, plain.variables)
    said = responses(schema, InProcessSubgraphs(servers), operation)
    event(f"responses: {len(said)}")
    note(said)
    assert put_together(said) == expected["data"]
    assert [message.get("hasNext", False) for message in said] == [*[True] * (len(said) - 1), False]


@IN_TIME
@given(st.data(), st.integers(0, 10**6))
@FEWER
def test_broken_answers_end_like_others_and_say_what_is_wrong(
    data: st.DataObject, seed: int
) -> None:
    choices = Choices(data)
    world, placement = split_world(choices)
    schema, servers = composed(placement)
    operation = random_operation(choices, world, is_deferring=True)
    assume(is_valid(monolith(world), without_defer(operation).text))
    note(f"{operation.text}\n{operation.variables}")
    said = responses(schema, InProcessSubgraphs(servers, seed), operation)
    note(said)
    put_together(said)
    payloads = [said[0], *(item for message in said[1:] for item in message["incremental"])]
    codes = {
        error["extensions"].get("code")
        for payload in payloads
        for error in payload.get("errors", ())
    }
    assert "INTERNAL_SERVER_ERROR" not in codes
