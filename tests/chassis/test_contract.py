"""What of two SDL texts is the same contract, and what is not."""

import pytest

from subgraphs.chassis.contract import normalised

CONTRACT = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])
type Query { book(id: ID!, language: String): Book }
"A book."
type Book @key(fields: "id") { id: ID! title: String! }
enum Kind { PAPER EBOOK }
"""


def test_order_descriptions_and_what_every_subgraph_adds_are_no_difference() -> None:
    printed = """
    schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag", "@key"]) {
      query: Query
    }
    enum Kind { EBOOK PAPER }
    type Book @key(fields: "id", resolvable: true) { title: String! id: ID! }
    type Query {
      _entities(representations: [_Any!]!): [_Entity]!
      _service: _Service!
      book(language: String = null, id: ID!): Book
    }
    scalar _Any
    union _Entity = Book
    type _Service { sdl: String! }
    """
    assert normalised(printed) == normalised(CONTRACT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: String!", "title: String"),
        ("title: String!", 'title: String! @tag(name: "x")'),
        ("PAPER EBOOK", "PAPER"),
        ("language: String", 'language: String = "en"'),
        ('@key(fields: "id")', '@key(fields: "id", resolvable: false)'),
        ('["@key", "@tag"]', '["@key"]'),
        ("book(", "books("),
    ],
)
def test_any_other_change_is_one(before: str, after: str) -> None:
    assert before in CONTRACT
    assert normalised(CONTRACT.replace(before, after)) != normalised(CONTRACT)
