"""What need not be reachable, and what must be told apart on the way."""

from __future__ import annotations

from tests.compose.composing import codes, linked

HEAD = linked("key", "shareable", "inaccessible", "interfaceObject")


def test_only_what_clients_can_ask_for_must_be_reachable() -> None:
    query = HEAD + "type Query { f: F }\ntype F { x: Int @shareable }"
    other = HEAD + "type F { x: Int @shareable y: Int }"
    assert codes(query, other) == {"SATISFIABILITY_ERROR"}
    assert not codes(query, other.replace("y: Int", "y: Int @inaccessible"))
    hidden = query.replace("f: F", "d: Int f: F @inaccessible")
    assert not codes(hidden, other)


def test_the_real_type_behind_an_interface_object_is_found_by_a_key_of_the_interface() -> None:
    schema = (
        'type Query { d: Int }\ninterface I @key(fields: "id") { id: ID! }\n'
        'type B implements I @key(fields: "id") { id: ID! }'
    )
    asking = HEAD + 'type Query { i: I }\ntype I @interfaceObject @key(fields: "id") { id: ID! }'
    assert not codes(HEAD + schema, asking)
    keyless = schema.replace('I @key(fields: "id")', "I", 1)
    assert codes(HEAD + keyless, asking) == {"SATISFIABILITY_ERROR"}
    unresolvable = schema.replace('"id")', '"id", resolvable: false)', 1)
    assert codes(HEAD + unresolvable, asking) == {"SATISFIABILITY_ERROR"}


def test_a_context_is_set_by_what_is_above_not_by_the_type_itself() -> None:
    head = linked("key", "context", "fromContext")
    taking = 'f(a: String @fromContext(field: "$c { p }")): Int'
    own = f'type U @key(fields: "id") @context(name: "c") {{ id: ID! p: String {taking} }}'
    assert codes(head + "type Query { u: U }" + own) == {"SATISFIABILITY_ERROR"}
    above = 'type T @context(name: "c") { p: String u: U }'
    below = f'type U @key(fields: "id") {{ id: ID! {taking} }}'
    assert not codes(head + "type Query { t: T }" + above + below)


def test_a_shared_field_need_not_lead_on_from_types_that_not_all_its_subgraphs_know() -> None:
    narrow = 'type Query { u: U @shareable }\nunion U = X\ntype X @key(fields: "id") { id: ID! }'
    wide = narrow.replace("= X", "= X | Y") + "\ntype Y { y: Int @shareable }"
    other = HEAD + "type Y { y: Int @shareable n: Int }"
    assert codes(HEAD + wide, other) == {"SATISFIABILITY_ERROR"}
    assert not codes(HEAD + wide, HEAD + narrow, other)
    member = narrow.replace("u: U", "u: X").replace("union U = X\n", "")
    assert not codes(HEAD + wide, HEAD + member, other)
