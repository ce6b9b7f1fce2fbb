"""`schema.subgraph_url`: the SDL that a running subgraph gives, asked over real HTTP."""

from __future__ import annotations

import json

import pytest

from router.supergraph.read_sdl import read_sdl
from tests.commands.command_line import run
from tests.commands.running_subgraph import RunningSubgraph, running

SDL = "type Query { a: Int }"


def config(url: str, **schema: object) -> str:
    return json.dumps({"subgraphs": {"a": {"schema": {"subgraph_url": url, **schema}}}})


def test_a_running_subgraph_is_asked_and_its_url_is_where_it_is_routed_to() -> None:
    with running(RunningSubgraph(SDL)) as subgraph:
        result = run("compose", "--config", "-", given=config(subgraph.url))
    assert [it.url for it in read_sdl(result.stdout).subgraphs.values()] == [subgraph.url]
    assert "a: Int" in result.stdout


def test_headers_are_sent_with_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    headers = {"Authorization": "Bearer ${env.TOKEN}"}
    with running(RunningSubgraph(SDL, token="Bearer secret")) as subgraph:
        given = config(subgraph.url, introspection_headers=headers)
        assert run("compose", "--config", "-", given=given).exit_code == 0
        assert subgraph.asked[0]["content-type"] == "application/json"
        refused = run("compose", "--config", "-", given=config(subgraph.url))
    assert refused.exit_code == 1
    assert (
        f'subgraph "a": {subgraph.url} answered 401 Unauthorized. Does it need '
        "introspection_headers?\n"
    ) in refused.stderr


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<html>", "did not answer JSON. Is that its GraphQL endpoint?"),
        (
            b'{"errors": [{"message": "No field _service."}]}',
            "gave no SDL: No field _service. Is it running, and is it a Federation subgraph?",
        ),
        (b"[]", "gave no SDL: there is no _service in its answer. Is it running"),
        (b'{"data": {"_service": {"sdl": null}}}', "gave an SDL that is no text."),
    ],
)
def test_an_answer_without_sdl_is_explained(answer: bytes, reason: str) -> None:
    with running(RunningSubgraph(SDL, answer=answer)) as subgraph:
        result = run("compose", "--config", "-", given=config(subgraph.url))
    assert result.exit_code == 1
    assert f'subgraph "a": {subgraph.url} {reason}' in result.stderr


def test_every_subgraph_that_does_not_run_is_told_at_once() -> None:
    with running(RunningSubgraph(SDL)) as subgraph:
        gone = subgraph.url
    subgraphs = {name: {"schema": {"subgraph_url": gone}} for name in ("a", "b")}
    result = run("compose", "--config", "-", given=json.dumps({"subgraphs": subgraphs}))
    assert result.exit_code == 1
    assert result.stderr.count(f"{gone} could not be asked for its schema: ") == 2


def test_a_diagnostic_in_a_running_subgraphs_sdl_names_its_url() -> None:
    with running(RunningSubgraph("type Query { a: Nothing }")) as subgraph:
        result = run("compose", "--config", "-", given=config(subgraph.url))
    assert f"{subgraph.url}:1:14\n" in result.stderr
