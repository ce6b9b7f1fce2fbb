"""@context and @fromContext: an argument whose value is of an object further up."""

from tests.compose.story import definition, errors, supergraph

SHOP = """
  type Query {{ shop: Shop }}
  type Shop @key(fields: "id") @context(name: "shop") {{ id: ID! currency: String! items: [Item] }}
  type Item @key(fields: "id") {{
    id: ID!
    price(currency: {} @fromContext(field: "{}")): Int
  }}
"""
OTHER = "type Query { other: Int }"


def test_the_argument_is_the_routers_to_give_and_not_in_the_api() -> None:
    found = supergraph(a=SHOP.format("String", "$shop { currency }"), b=OTHER)
    assert '@context(name: "a__shop")' in definition(found, "type Shop")
    assert definition(found, "type Item").endswith(
        "  price: Int @join__field(graph: A, contextArguments: "
        '[{context: "a__shop", name: "currency", type: "String", selection: " { currency }"}])\n}\n'
    )


def test_the_context_must_be_set_and_hold_what_is_taken() -> None:
    at = "Item.price(currency:)"
    for kind, field, code in (
        ("String", "$store { currency }", "CONTEXT_NOT_SET"),
        ("String", "currency", "NO_CONTEXT_IN_SELECTION"),
        ("String", "$shop { money }", "CONTEXT_INVALID_SELECTION"),
        ("Int", "$shop { currency }", "CONTEXT_INVALID_SELECTION"),
    ):
        assert errors(a=SHOP.format(kind, field), b=OTHER) == [(code, at)], field


def test_no_way_may_lead_round_the_context() -> None:
    a = SHOP.format("String", "$shop { currency }").replace(
        "shop: Shop }", "shop: Shop item: Item }"
    )
    assert errors(a=a, b=OTHER) == [("SATISFIABILITY_ERROR", "Item.price")]


def test_what_is_taken_may_be_written_without_braces() -> None:
    found = supergraph(a=SHOP.format("String", "$shop currency"), b=OTHER)
    assert 'selection: " currency"' in definition(found, "type Item")


def test_a_field_that_a_context_takes_is_in_use_where_it_is_overridden() -> None:
    shop = SHOP.format("String", "$shop { currency }")
    b = 'type Shop @key(fields: "id") { id: ID! currency: String! @override(from: "a") }'
    assert "currency: String! @join__field(graph: A, usedOverridden: true)" in definition(
        supergraph(a=shop, b=b), "type Shop"
    )
