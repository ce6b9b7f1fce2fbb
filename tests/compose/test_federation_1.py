"""What Federation 1 schemas mean without saying so."""

from __future__ import annotations

import pytest

from tests.compose.composing import codes, supergraph

BASE = 'type A @key(fields: "id") @key(fields: "k") { id: ID! k: ID }'


@pytest.mark.parametrize("extension", ["extend type A", "type A @extends"])
def test_an_extension_without_a_key_refers_by_the_key_of_the_entity(extension: str) -> None:
    referring = "type Query { a: A! }\n" + extension + " { id: ID! @external x: Int }"
    assert "id: ID!\n" in supergraph(BASE, referring)
    assert codes(BASE, referring.replace("id: ID! @external ", "")) == {"SATISFIABILITY_ERROR"}
    assert codes(BASE, referring.replace(extension, "type A")) == {"SATISFIABILITY_ERROR"}


def test_extends_stands_on_objects_and_interfaces() -> None:
    assert codes("type Query { q: Int } enum E @extends { A }") == {"INVALID_GRAPHQL"}
