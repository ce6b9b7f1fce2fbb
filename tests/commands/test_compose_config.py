"""supergraph.yaml: what of Rover's format is understood, and what is told when it is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from router.supergraph.read_sdl import read_sdl
from tests.commands.command_line import run


def test_all_that_keeps_a_configuration_from_being_read_is_told_at_once(folder: Path) -> None:
    (folder / "supergraph.yaml").write_text(
        """federation_versoin: 2
subgraphs:
  a: { routing_ulr: http://a, schema: { file: a.graphql } }
  b: { schema: { file: b.graphql, sdl: "type Query { b: Int }" } }
  c: { schema: { graphref: shop@current, subgraph: c } }
  d: { schema: { subgraph_url: localhost:4001 } }
  e: { routing_url: http://e }
  f: { schema: { sdl: "type Query { f: Int }", introspection_headers: { a: b } } }
  g: { schema: { fil: a.graphql } }
"""
    )
    result = run("compose", "--config", "supergraph.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        result.stderr
        == """error[E038]: supergraph.yaml cannot be used.

Caused by:
    The file has an unknown key "federation_versoin". Did you mean "federation_version"?
    subgraph "a" has an unknown key "routing_ulr". Did you mean "routing_url"?
    subgraph "b" has its schema twice, as file and sdl: keep one of them.
    subgraph "c" is in a registry (graphref), and this composer works offline: save its schema \
(rover subgraph fetch shop@current --name c) and write that as file.
    subgraph "d": subgraph_url is "localhost:4001"; write an http(s):// URL.
    subgraph "e" needs a "schema" with one of file, subgraph_url or sdl.
    subgraph "f": introspection_headers are a mapping that belongs to a subgraph_url.
    the schema of subgraph "g" has an unknown key "fil". Did you mean "file"?
    subgraph "g" needs one of file, subgraph_url or sdl in its schema.
"""
    ), result.stderr


def test_files_that_are_missing_are_told_all_at_once_as_json(folder: Path) -> None:
    (folder / "users.graphql").unlink()
    (folder / "reviews.graphql").unlink()
    result = run("compose", "--config", "supergraph.yaml", "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "json_version": "1",
        "data": {"success": False},
        "error": {
            "message": "supergraph.yaml cannot be used.",
            "causes": [
                f'subgraph "{name}": {name}.graphql cannot be read: No such file or directory.'
                for name in ("users", "reviews")
            ],
            "code": "E038",
        },
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("subgraphs: [", "It is not YAML: expected the node content, but found"),
        ("subgraphs: {}", 'It needs a mapping "subgraphs" of at least one name'),
        ("- a", 'It needs a mapping "subgraphs" of at least one name'),
        (
            "subgraphs: { a: { routing_url: 7, schema: { sdl: x } } }",
            'subgraph "a": routing_url must',
        ),
        (
            "subgraphs:\n  a: {}\n  a: {}",
            'It is not YAML: "a" stands twice at line 3, column 3.',
        ),
        (
            "federation_version: new\nsubgraphs: { a: { schema: { sdl: x } } }",
            'federation_version is "new": write 1, 2 or an exact version as =2.14.0.',
        ),
        (
            "federation_version: =2.99.0\nsubgraphs: { a: { schema: { sdl: x } } }",
            'federation_version is "=2.99.0", but this composer knows Federation up to 2.14',
        ),
        (
            "subgraphs: { a: { routing_url: '${env.NOWHERE_SET}', schema: { sdl: x } } }",
            "subgraphs.a.routing_url: environment variable NOWHERE_SET is not set; set it, or",
        ),
        (
            "subgraphs: { a: { schema: { file: '${file.nowhere}' } } }",
            "subgraphs.a.schema.file: no file nowhere; set it, or give a default",
        ),
    ],
)
def test_a_configuration_that_cannot_be_used_says_why(text: str, problem: str) -> None:
    result = run("compose", "--config", "-", given=text)
    assert result.exit_code == 1
    assert f"\n    {problem}" in result.stderr


def test_a_configuration_that_is_not_there_is_an_error_not_a_traceback(folder: Path) -> None:
    result = run("compose", "--config", "nowhere.yaml")
    assert result.exit_code == 1
    assert "nowhere.yaml: No such file or directory." in result.stderr


def test_variables_are_filled_in_and_files_are_relative_to_the_configuration(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHICH", "reviews")
    monkeypatch.chdir("/")
    (folder / "host").write_text("users.example\n")
    (folder / "supergraph.yaml").write_text(
        """subgraphs:
  users:
    routing_url: "http://${file.host}:${env.NOWHERE_SET:-80}/$$"
    schema: { file: users.graphql }
  reviews: { routing_url: "007", schema: { file: "${env.WHICH}.graphql" } }
"""
    )
    result = run("compose", "--config", str(folder / "supergraph.yaml"))
    supergraph = read_sdl(result.stdout)
    assert [found.url for found in supergraph.subgraphs.values()] == [
        "007",
        "http://users.example:80/$",
    ]


def test_a_dollar_in_inline_sdl_is_left_alone_and_two_are_one_as_in_rover() -> None:
    schema = 'type Query { a(b: String = "$x $$y"): Int }'
    config = json.dumps({"subgraphs": {"a": {"schema": {"sdl": schema}}}})
    result = run("compose", "--config", "-", given=config)
    assert 'b: String = "$x $y"' in result.stdout


@pytest.mark.parametrize(
    ("version", "allowed"), [("1", "1"), ("=2.3.2", "2.3"), ("=0.37.1", "1"), ("=2.8", "2.8")]
)
def test_a_pinned_federation_version_refuses_newer_links(
    folder: Path, version: str, allowed: str
) -> None:
    config = (folder / "supergraph.yaml").read_text().replace("=2.9.0", f'"{version}"')
    (folder / "supergraph.yaml").write_text(config)
    result = run("compose", "--config", "supergraph.yaml")
    assert result.exit_code == 1
    assert result.stderr.count("UNKNOWN_FEDERATION_LINK_VERSION") == 2
    assert f"links Federation v2.9, but federation_version allows {allowed}." in result.stderr


@pytest.mark.parametrize("version", ["2", "=2.9.0", "=2.14.0", "v2.10.1"])
def test_a_pinned_federation_version_allows_links_up_to_it(folder: Path, version: str) -> None:
    config = (folder / "supergraph.yaml").read_text().replace("=2.9.0", f'"{version}"')
    (folder / "supergraph.yaml").write_text(config)
    assert run("compose", "--config", "supergraph.yaml").exit_code == 0
