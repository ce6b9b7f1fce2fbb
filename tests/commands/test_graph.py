"""`supergraph graph`: a supergraph as a Mermaid flow chart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import run

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@provides", "@shareable", "@override"])
"""
USERS = (
    LINK
    + """
type Query { me: User, search: [Result!] }
type User @key(fields: "id") { id: ID!, name: String @shareable, age(in: String): Int, rank: Int }
type Page @shareable { size: Int }
type Settings { dark: Boolean }
union Result = User | Page
"""
)
REVIEWS = (
    LINK
    + """
type Query { reviews: [Review!]! }
type Review { author: User @provides(fields: "name"), page: Page }
type Page @shareable { size: Int }
type User @key(fields: "id") {
  id: ID!
  name: String @external
  age(in: String): Int @external
  rank: Int @override(from: "users", label: "percent(5)")
  badge: String @requires(fields: "age(in: \\"years\\")")
}
"""
)


@pytest.fixture
def supergraph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("users.graphql").write_text(USERS)
    Path("reviews.graphql").write_text(REVIEWS)
    Path("supergraph.yaml").write_text(
        "subgraphs:\n"
        "  users: { routing_url: http://u, schema: { file: users.graphql } }\n"
        "  reviews: { routing_url: http://r, schema: { file: reviews.graphql } }\n"
    )
    composed = run("compose", "--config", "supergraph.yaml", "-o", "all.graphql")
    assert composed.exit_code == 0, composed.stderr
    return "all.graphql"


def test_the_ownership_map_has_what_each_subgraph_resolves(supergraph: str) -> None:
    result = run("graph", "--supergraph", supergraph)
    assert result.exit_code == 0
    assert (
        result.stdout
        == """flowchart LR
  subgraph REVIEWS["reviews"]
    REVIEWS__Query["Query<br/>reviews"]
    REVIEWS__User["User<br/>id (shared)<br/>rank (shared; override percent(5))<br/>badge \
(requires age(in: #quot;years#quot;))"]
    REVIEWS__own["only here<br/>Review"]
    REVIEWS__shared["shared<br/>Page"]
  end
  subgraph USERS["users"]
    USERS__Query["Query<br/>me<br/>search"]
    USERS__User["User<br/>id (shared)<br/>name<br/>age<br/>rank (shared; override percent(5))"]
    USERS__own["only here<br/>Result<br/>Settings"]
    USERS__shared["shared<br/>Page"]
  end
  REVIEWS__User -.->|"id"| USERS__User
"""
    )


def test_the_query_graph_has_moves_along_fields_and_into_other_subgraphs(supergraph: str) -> None:
    result = run("graph", "--supergraph", supergraph, "--what", "query")
    assert result.exit_code == 0
    assert (
        result.stdout
        == """flowchart LR
  client(["client"])
  subgraph REVIEWS["reviews"]
    REVIEWS__Page["Page<br/>size"]
    REVIEWS__Query["Query"]
    REVIEWS__Review["Review"]
    REVIEWS__User["User<br/>id, name (external), age (external), rank (while percent(5)), badge \
(requires age(in: #quot;years#quot;))"]
    REVIEWS__Query -->|"reviews"| REVIEWS__Review
    REVIEWS__Review -->|"author (provides name)"| REVIEWS__User
    REVIEWS__Review -->|"page"| REVIEWS__Page
  end
  subgraph USERS["users"]
    USERS__Page["Page<br/>size"]
    USERS__Query["Query"]
    USERS__Result["Result"]
    USERS__Settings["Settings<br/>dark"]
    USERS__User["User<br/>id, name, age, rank (unless percent(5))"]
    USERS__Query -->|"me"| USERS__User
    USERS__Query -->|"search"| USERS__Result
    USERS__Result -->|"... on"| USERS__User
    USERS__Result -->|"... on"| USERS__Page
  end
  client --> REVIEWS__Query
  client --> USERS__Query
  USERS__User -.->|"id"| REVIEWS__User
  REVIEWS__User -.->|"id"| USERS__User
"""
    )


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("nowhere", "error: nowhere: No such file or directory"),
        ("users.graphql", "error: This is no supergraph"),
    ],
)
def test_what_is_no_supergraph_is_refused(supergraph: str, file: str, reason: str) -> None:
    result = run("graph", "--supergraph", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(reason)
