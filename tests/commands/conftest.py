"""Two subgraphs on disk that compose, for the commands that read a supergraph.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n'
USERS = LINK + 'type Query { me: User }\ntype User @key(fields: "id") { id: ID! name: String }\n'
REVIEWS = (
    LINK
    + """type Query { reviews: [Review!]! }
type Review { author: User }
type User @key(fields: "id") {
  id: ID!
  reviews: [Review!]!
}
"""
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two subgraphs that compose, in the folder the command runs in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "users.graphql").write_text(USERS)
    (tmp_path / "reviews.graphql").write_text(REVIEWS)
    (tmp_path / "supergraph.yaml").write_text(
        """federation_version: =2.9.0
subgraphs:
  users: { routing_url: "http://users", schema: { file: users.graphql } }
  reviews: { routing_url: "http://reviews", schema: { file: ./reviews.graphql } }
"""
    )
    return tmp_path
