"""@interfaceObject: a subgraph adds fields to all types of an interface without knowing them."""

from tests.compose.story import definition, errors, supergraph, text

PAYMENT = """
  type Query { methods: [Method] }
  interface Method @key(fields: "id") { id: ID! }
  type Card implements Method @key(fields: "id") { id: ID! last4: String }
"""
ACCOUNT = 'type Method @interfaceObject @key(fields: "id") { id: ID! isDefault: Boolean }'


def test_every_implementation_has_the_fields_of_the_interface_object() -> None:
    found = supergraph(account=ACCOUNT, payment=PAYMENT)
    assert definition(found, "interface Method") == text("""
        interface Method
          @join__type(graph: ACCOUNT, key: "id", isInterfaceObject: true)
          @join__type(graph: PAYMENT, key: "id")
        {
          id: ID!
          isDefault: Boolean @join__field(graph: ACCOUNT)
        }
    """)
    assert "  isDefault: Boolean @join__field\n" in definition(found, "type Card")


def test_a_subgraph_has_the_interface_as_an_object_or_the_implementations_not_both() -> None:
    both = f'{ACCOUNT} type Card @key(fields: "id") {{ id: ID! limit: Int }}'
    assert errors(account=both, payment=PAYMENT) == [("INTERFACE_OBJECT_USAGE_ERROR", "Method")]


def test_an_interface_object_is_an_entity() -> None:
    account = "type Method @interfaceObject { id: ID! isDefault: Boolean }"
    assert errors(account=account, payment=PAYMENT) == [("INTERFACE_OBJECT_USAGE_ERROR", "Method")]


def test_who_has_the_key_of_an_interface_has_all_its_implementations() -> None:
    vouchers = """
      interface Method { id: ID! }
      type Voucher implements Method @key(fields: "id") { id: ID! }
    """
    assert errors(payment=PAYMENT, vouchers=vouchers) == [
        ("INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", "Method")
    ]
