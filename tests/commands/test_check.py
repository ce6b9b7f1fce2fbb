"""`supergraph check`: what a subgraph team's CI asks before a change is merged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.command_line import run
from tests.commands.conftest import USERS

CHANGED = USERS.replace("me: User", "me(of: ID!): User, you: User").replace("name: String", "")


@pytest.fixture
def changed(folder: Path) -> Path:
    """The last supergraph, a changed schema of users beside it, and recorded operations."""
    run("compose", "--config", "supergraph.yaml", "--output", "last.graphql")
    (folder / "changed.graphql").write_text(CHANGED)
    (folder / "operations").mkdir()
    (folder / "operations" / "me.graphql").write_text("query Me { me { id } }")
    (folder / "operations" / "reviews.graphql").write_text(
        "query Reviews { reviews { author { ...Author } } }\nquery Gone { gone }\n"
    )
    (folder / "operations" / "author.gql").write_text("fragment Author on User { id }")
    return folder


CHECK = ("check", "--config", "supergraph.yaml", "--against", "last.graphql")
WITH_CHANGE = (*CHECK, "--subgraph", "users=changed.graphql")


def test_nothing_changed_passes(changed: Path) -> None:
    result = run(*CHECK)
    assert (result.exit_code, result.stdout) == (
        0,
        (
            "Composition: 2 subgraphs compose.\n"
            "Changes: 0 breaking, 0 dangerous, 0 safe since last.graphql.\n"
            "Passed.\n"
        ),
    )


def test_without_recorded_operations_every_breaking_change_fails(changed: Path) -> None:
    result = run(*WITH_CHANGE)
    assert result.exit_code == 1
    assert (
        result.stdout
        == """Composition: 2 subgraphs compose.
Changes: 2 breaking, 0 dangerous, 1 safe since last.graphql.
  breaking   REQUIRED_ARG_ADDED  The required argument "Query.me(of:)" was added.
  breaking   FIELD_REMOVED  "User.name" was removed, without being deprecated.
  safe       FIELD_ADDED  "Query.you" was added.
Failed: 2 breaking changes.
"""
    )


def test_with_recorded_operations_only_what_they_use_fails(changed: Path) -> None:
    result = run(*WITH_CHANGE, "--operations", "operations")
    assert result.exit_code == 1
    assert (
        result.stdout
        == """Composition: 2 subgraphs compose.
Changes: 2 breaking, 0 dangerous, 1 safe since last.graphql.
  breaking   REQUIRED_ARG_ADDED  The required argument "Query.me(of:)" was added.
             used by Me
  breaking   FIELD_REMOVED  "User.name" was removed, without being deprecated.
             no recorded operation uses it
  safe       FIELD_ADDED  "Query.you" was added.
Operations: 3 checked, 1 broken.
  Me  operations/me.graphql:1
    Argument 'Query.me(of:)' of type 'ID!' is required, but it was not provided. (1:12)
  Gone  operations/reviews.graphql:2 was invalid before: not counted
Failed: 1 breaking change in use, 1 broken operation.
"""
    )


def test_a_breaking_change_that_no_recorded_operation_uses_passes(changed: Path) -> None:
    (changed / "changed.graphql").write_text(USERS.replace("name: String", ""))
    result = run(*WITH_CHANGE, "--operations", "operations/me.graphql")
    assert result.exit_code == 0
    assert "no recorded operation uses it" in result.stdout
    assert result.stdout.endswith("\nPassed.\n")


def test_markdown_is_a_comment_for_a_pull_request(changed: Path) -> None:
    result = run(*WITH_CHANGE, "--operations", "operations", "--format", "markdown")
    assert result.exit_code == 1
    assert (
        result.stdout
        == """### Schema check: failed: 1 breaking change in use, 1 broken operation

2 subgraphs compose.

Changes: 2 breaking, 0 dangerous, 1 safe since last.graphql.

| | Change | What |
| --- | --- | --- |
| breaking | `REQUIRED_ARG_ADDED` | The required argument "Query.me(of:)" was added.<br>used by Me |
| breaking | `FIELD_REMOVED` | "User.name" was removed, without being deprecated.<br>no recorded \
operation uses it |

<details>
<summary>1 safe change</summary>

| | Change | What |
| --- | --- | --- |
| safe | `FIELD_ADDED` | "Query.you" was added. |

</details>

3 recorded operations, 1 broken.

- **Me** (operations/me.graphql:1)
  - Argument 'Query.me(of:)' of type 'ID!' is required, but it was not provided. (1:12)

Invalid before, and so not counted: Gone.
"""
    )


def test_json_says_who_uses_what(changed: Path) -> None:
    result = run(*WITH_CHANGE, "--operations", "operations", "--format", "json")
    answer = json.loads(result.stdout)
    task = answer["data"]["tasks"].pop("operations")
    changes = [
        (it["severity"], it["impact"], it["code"], it["coordinate"], it["operations"])
        for it in task.pop("changes")
    ]
    [broken] = task.pop("broken_operations")
    assert result.exit_code == 1
    assert answer == {
        "json_version": "2",
        "data": {"success": False, "tasks": {}},
        "error": {"message": "1 breaking change in use, 1 broken operation.", "code": "E030"},
    }
    assert task == {
        "task_status": "FAILED",
        "operation_check_count": 3,
        "outdated_operations": ["Gone"],
    }
    assert changes == [
        ("FAIL", "breaking", "REQUIRED_ARG_ADDED", "Query.me(of:)", ["Me"]),
        ("PASS", "breaking", "FIELD_REMOVED", "User.name", []),
        ("PASS", "safe", "FIELD_ADDED", "Query.you", []),
    ]
    assert broken["name"] == "Me"
    assert broken["source"] == "operations/me.graphql:1"
    assert broken["errors"][0].endswith("is required, but it was not provided. (1:12)")


def test_subgraphs_that_do_not_compose_fail_with_their_errors_in_every_format(
    changed: Path,
) -> None:
    (changed / "changed.graphql").write_text(USERS.replace("name: String", "name: Nothing"))
    plain = run(*WITH_CHANGE)
    markdown = run(*WITH_CHANGE, "--format", "markdown")
    as_json = run(*WITH_CHANGE, "--format", "json")
    assert [plain.exit_code, markdown.exit_code, as_json.exit_code] == [1, 1, 1]
    assert plain.stdout.startswith("Composition: 1 build error.\n\n  INVALID_GRAPHQL  User.name\n")
    assert plain.stdout.endswith("\nFailed: 1 build error.\n")
    assert "```\nINVALID_GRAPHQL  User.name\n" in markdown.stdout
    assert json.loads(as_json.stdout)["error"]["code"] == "E029"
    assert "changed.graphql:3:" in plain.stdout


def test_a_subgraph_that_the_configuration_does_not_name_is_checked_as_a_new_one(
    changed: Path,
) -> None:
    (changed / "new.graphql").write_text("type Query { new: Int }")
    result = run(*CHECK, "--subgraph", "new=new.graphql")
    assert result.exit_code == 0
    assert 'FIELD_ADDED  "Query.new" was added.' in result.stdout
    assert result.stdout.startswith("Composition: 3 subgraphs compose.")


def test_a_replaced_subgraph_need_not_run(changed: Path) -> None:
    config = (changed / "supergraph.yaml").read_text()
    asked = config.replace("file: users.graphql", 'subgraph_url: "http://127.0.0.1:1/"')
    (changed / "supergraph.yaml").write_text(asked)
    assert run(*CHECK).exit_code == 1
    assert run(*CHECK, "--subgraph", "users=users.graphql").exit_code == 0


def test_the_last_schema_may_be_an_api_schema_and_operations_a_manifest(changed: Path) -> None:
    (changed / "api.graphql").write_text(
        "type Query { me: User, reviews: [Review!]! } type Review { author: User }\n"
        "type User { id: ID! name: String reviews: [Review!]! }"
    )
    (changed / "manifest.json").write_text(json.dumps({"1": "query Me { me { name } }"}))
    result = run(
        *("check", "--config", "supergraph.yaml", "--against", "api.graphql"),
        *("--subgraph", "users=changed.graphql", "--operations", "manifest.json"),
    )
    assert result.exit_code == 1
    assert "\n  Me  manifest.json#1\n" in result.stdout


def test_operations_that_are_deferred_are_understood(changed: Path) -> None:
    (changed / "deferred.graphql").write_text(
        "query D($d: Boolean!) { me { ... @defer(if: $d) { id } } }"
    )
    result = run(*CHECK, "--operations", "deferred.graphql")
    assert (result.exit_code, "was invalid" in result.stdout) == (0, False)


def test_without_a_last_schema_composition_and_operations_are_checked(changed: Path) -> None:
    result = run("check", "--config", "supergraph.yaml", "--operations", "operations")
    assert result.exit_code == 1
    assert "Changes" not in result.stdout
    assert "Cannot query field 'gone' on type 'Query'." in result.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (["--against", "nowhere"], 1, "error: nowhere: No such file or directory."),
        (["--against", "supergraph.yaml"], 1, "supergraph.yaml is neither a supergraph nor"),
        (["--operations", "nowhere.graphql"], 1, "error: nowhere.graphql: No such file"),
        (["--operations", "empty"], 1, "error: empty has no .graphql, .gql or .json file."),
        (["--operations", "supergraph.yaml"], 1, "error: supergraph.yaml:1: Syntax Error"),
        (["--subgraph", "users"], 2, '"users" is not name=schema.graphql'),
        (["--subgraph", "users=nowhere"], 1, 'subgraph "users": nowhere cannot be read'),
    ],
)
def test_what_cannot_be_read_is_told(
    changed: Path, arguments: list[str], status: int, reason: str
) -> None:
    (changed / "empty").mkdir()
    result = run("check", "--config", "supergraph.yaml", *arguments)
    assert result.exit_code == status
    assert reason in result.stderr


def test_a_contract_is_checked_against_the_last_one_of_its_clients(changed: Path) -> None:
    tagged = 'type Query { old: Int @tag(name: "x"), open: Int }'
    link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])'
    (changed / "new.graphql").write_text(f"{link} {tagged}")
    check = (*CHECK, "--subgraph", "new=new.graphql", "--contract", "exclude=x")
    result = run(*check)
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if "Query" in line] == [
        '  safe       FIELD_ADDED  "Query.open" was added.'
    ]
