"""`supergraph compose`: a supergraph.yaml in; a supergraph, or all that is wrong, out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphql import build_schema

from router.supergraph.read_sdl import read_sdl
from tests.commands.command_line import run
from tests.commands.conftest import REVIEWS, USERS


def test_the_supergraph_is_printed_and_nothing_else(folder: Path) -> None:
    result = run("compose", "--config", "supergraph.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    supergraph = read_sdl(result.stdout)
    assert {found.name: found.url for found in supergraph.subgraphs.values()} == {
        "reviews": "http://reviews",
        "users": "http://users",
    }


def test_json_has_rovers_shape_with_hints(folder: Path) -> None:
    (folder / "users.graphql").write_text(USERS + "enum Unused { A }\n")
    result = run("compose", "--config", "supergraph.yaml", "--format", "json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert read_sdl(answer["data"].pop("core_schema"))
    [hint] = answer["data"].pop("hints")
    assert hint["message"].startswith("[UNUSED_ENUM_TYPE]: ")
    assert hint["code"] == "UNUSED_ENUM_TYPE"
    assert hint["nodes"] == [
        {"subgraph": "users", "source": "users.graphql", "start": {"line": 4, "column": 1}}
    ]
    assert answer == {
        "json_version": "1",
        "data": {"federation_version": "=2.14.0", "success": True},
        "error": None,
    }


def test_a_hint_is_a_line_on_standard_error(folder: Path) -> None:
    (folder / "users.graphql").write_text(USERS + "enum Unused { A }\n")
    result = run("compose", "--config", "supergraph.yaml")
    assert result.stderr == (
        'HINT: [UNUSED_ENUM_TYPE]: Enum "Unused" is used by no field or argument; the supergraph '
        "has all its values.\n"
    )


def test_build_errors_are_told_all_at_once_with_place_cause_and_next_step(folder: Path) -> None:
    (folder / "reviews.graphql").write_text(
        REVIEWS.replace("  reviews:", "  nam: Strin\n  reviews:").replace("author: User", "by: Usr")
    )
    result = run("compose", "--config", "supergraph.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        result.stderr
        == """error[E029]: Encountered 2 build errors while trying to build a supergraph.

Caused by:
    INVALID_GRAPHQL  Review.by
      [reviews] "Review.by" names the type "Usr", which this subgraph does not define.
      reviews.graphql:3:15
        3 | type Review { by: Usr }
          |               ^
      Define it here (a stub with its @key is enough for an entity), or mend the name.

    INVALID_GRAPHQL  User.nam
      [reviews] "User.nam" names the type "Strin", which this subgraph does not define.
      reviews.graphql:6:3
        6 |   nam: Strin
          |   ^
      Define it here (a stub with its @key is enough for an entity), or mend the name.

"""
    ), result.stderr


def test_build_errors_as_json_have_rovers_shape(folder: Path) -> None:
    (folder / "reviews.graphql").write_text(
        REVIEWS.replace("  reviews:", "  name: Int\n  reviews:")
    )
    result = run("compose", "--config", "supergraph.yaml", "--format", "json")
    answer = json.loads(result.stdout)
    errors = answer["error"]["details"].pop("build_errors")
    assert result.exit_code == 1
    assert answer == {
        "json_version": "1",
        "data": {"success": False},
        "error": {
            "message": "Encountered 2 build errors while trying to build a supergraph.",
            "details": {},
            "code": "E029",
        },
    }
    assert [(error["code"], error["type"]) for error in errors] == [
        ("FIELD_TYPE_MISMATCH", "composition"),
        ("INVALID_FIELD_SHARING", "composition"),
    ]
    assert errors[0]["nodes"] == [
        {"subgraph": "reviews", "source": "reviews.graphql", "start": {"line": 6, "column": 3}},
        {"subgraph": "users", "source": "users.graphql", "start": {"line": 3, "column": 40}},
    ]


def test_output_writes_a_file_and_prints_nothing(folder: Path) -> None:
    result = run("compose", "--config", "supergraph.yaml", "--output", "all.graphql")
    assert (result.exit_code, result.output) == (0, "")
    assert read_sdl((folder / "all.graphql").read_text())
    assert sorted(path.name for path in folder.iterdir()) == [
        "all.graphql",
        "reviews.graphql",
        "supergraph.yaml",
        "users.graphql",
    ]


def test_output_that_cannot_be_written_is_an_error(folder: Path) -> None:
    result = run("compose", "--config", "supergraph.yaml", "-o", "nowhere/all.graphql")
    assert result.exit_code == 1
    assert result.stderr == (
        "error: nowhere/all.graphql cannot be written: No such file or directory.\n"
    )


def test_a_failure_leaves_the_last_output_as_it_was(folder: Path) -> None:
    (folder / "all.graphql").write_text("the last one")
    (folder / "users.graphql").write_text("type {")
    assert run("compose", "--config", "supergraph.yaml", "-o", "all.graphql").exit_code == 1
    assert (folder / "all.graphql").read_text() == "the last one"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--config", "-", "--watch"], "standard input is read once"),
        (["--config", "-", "--contract", "public"], "write a contract as include=a,b,exclude=c"),
        (["--config", "-", "--contract", "include=a,exclude=a"], 'includes and excludes "a"'),
        (["--config", "-", "--hide-unreachable-types"], "needs --contract"),
    ],
)
def test_wrong_usage_is_told_apart_from_a_wrong_schema(arguments: list[str], reason: str) -> None:
    result = run("compose", *arguments, given="")
    assert result.exit_code == 2
    assert reason in result.stderr


def test_without_authorization_links_neither_specification_and_says_what_was_dropped(
    folder: Path,
) -> None:
    (folder / "users.graphql").write_text(
        """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@authenticated", "@requiresScopes", {name: "@policy", as: "@rule"}])
type Query { me: User @authenticated }
type User @key(fields: "id") @rule(policies: [["kyc"]]) {
  id: ID!
  name: String @requiresScopes(scopes: [["user:read"]])
  mail: String @requiresScopes(scopes: [["user:read"]])
}
"""
    )
    whole = run("compose", "--config", "supergraph.yaml").stdout
    result = run("compose", "--config", "supergraph.yaml", "--without-authorization")
    assert result.exit_code == 0
    for word in ("authenticated", "requiresScopes", "policy", "rule"):
        assert word in whole
        assert word not in result.stdout
    assert result.stderr == (
        "WARNING: [AUTHORIZATION_DROPPED]: 1 application of @authenticated dropped: no router that "
        "reads this supergraph enforces access to Query.me. The subgraphs must.\n"
        "WARNING: [AUTHORIZATION_DROPPED]: 2 applications of @requiresScopes dropped: no router "
        "that reads this supergraph enforces access to User.name, User.mail. The subgraphs must.\n"
        "WARNING: [AUTHORIZATION_DROPPED]: 1 application of @rule dropped: no router that reads "
        "this supergraph enforces access to User. The subgraphs must.\n"
    )


def test_the_shop_without_authorization_is_what_an_unlicensed_apollo_router_takes() -> None:
    result = run("compose", "--config", "supergraph.yaml", "--without-authorization")
    assert result.exit_code == 0
    assert "specs.apollo.dev/join/v0.5" in result.stdout
    for specification in ("authenticated", "requiresScopes", "policy"):
        assert f"specs.apollo.dev/{specification}" not in result.stdout
        assert f"@{specification}" not in result.stdout
    build_schema(result.stdout)
