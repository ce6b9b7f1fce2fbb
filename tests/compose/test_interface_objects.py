"""@interfaceObject: who has one knows no implementation, and others must tell the real type."""

from __future__ import annotations

from tests.compose.composing import codes, linked

HEAD = linked("key", "interfaceObject", "shareable")
INTERFACE = """
type Query { i: I }
interface I @key(fields: "id") { id: ID! }
type A implements I @key(fields: "id") { id: ID! }
"""
OBJECT = 'type I @interfaceObject @key(fields: "id") { id: ID! b: Int }\n'


def test_a_subgraph_with_an_interface_object_has_none_of_its_implementations() -> None:
    assert not codes(HEAD + INTERFACE, HEAD + OBJECT)
    assert codes(HEAD + INTERFACE, HEAD + OBJECT + 'type A @key(fields: "id") { id: ID! }') == {
        "INTERFACE_OBJECT_USAGE_ERROR"
    }


def test_a_key_in_a_federation_1_interface_does_not_lead_to_real_types() -> None:
    assert codes(INTERFACE, HEAD + OBJECT) == {"INTERFACE_OBJECT_USAGE_ERROR"}
    assert not codes(
        INTERFACE.replace('I @key(fields: "id")', "I", 1),
        HEAD + INTERFACE.replace("type Query { i: I }", ""),
        HEAD + OBJECT,
    )
