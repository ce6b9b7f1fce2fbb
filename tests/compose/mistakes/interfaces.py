"""Interfaces as entities, @interfaceObject, and implementations."""

from tests.compose.planting import mistake

VOUCHER = """
interface PaymentMethod { id: ID! label: String! createdAt: DateTime! }
type VoucherMethod implements PaymentMethod @key(fields: "id") {
  id: ID! label: String! createdAt: DateTime!
}
"""

MISTAKES = (
    mistake(
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        "an implementation lacks the key of its interface",
        ("payment", "interface PaymentMethod @key(", "interface PaymentMethod ▲@key("),
        (
            "payment",
            'type WalletMethod implements PaymentMethod @key(fields: "id")',
            "▲type WalletMethod implements PaymentMethod",
        ),
    ),
    mistake(
        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        "the subgraph with the key of an interface lacks an implementation",
        ("payment", "interface PaymentMethod @key(", "▲interface PaymentMethod @key("),
        ("order", "", VOUCHER),
    ),
    mistake(
        "INTERFACE_OBJECT_USAGE_ERROR",
        "an interface object has no key",
        (
            "account",
            'type PaymentMethod @interfaceObject @key(fields: "id")',
            "▲type PaymentMethod @interfaceObject",
        ),
    ),
    mistake(
        "INTERFACE_FIELD_NO_IMPLEM",
        "another subgraph gives an interface a field that its implementations lack",
        ("payment", "type CardMethod", "▲type CardMethod"),
        ("order", "", "interface PaymentMethod { id: ID! feePercent: Int }"),
    ),
    mistake(
        "INVALID_SHAREABLE_USAGE",
        "a field of an interface is shareable",
        ("payment", "", "interface Due { balanceDue: Money! ▲@shareable }"),
    ),
)
