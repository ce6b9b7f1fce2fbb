"""Keys that cannot identify an entity."""

from tests.compose.planting import mistake

CATEGORY = 'type Category @key(fields: "id")'

MISTAKES = (
    mistake(
        "KEY_INVALID_FIELDS",
        "a key names a field that the type does not have",
        ("catalog", CATEGORY, 'type Category ▲@key(fields: "ident")'),
    ),
    mistake(
        "KEY_INVALID_FIELDS_TYPE",
        "a key is no string",
        ("catalog", CATEGORY, "type Category ▲@key(fields: 7)"),
    ),
    mistake(
        "KEY_DIRECTIVE_IN_FIELDS_ARG",
        "a key has a directive in it",
        ("catalog", CATEGORY, 'type Category ▲@key(fields: "id @include(if: true)")'),
    ),
    mistake(
        "KEY_FIELDS_HAS_ARGS",
        "a field of a key takes an argument",
        ("catalog", '@key(fields: "sku")', '▲@key(fields: "sku")'),
        ("catalog", "sku: String!\n  product:", "sku(form: Int): String!\n  product:"),
    ),
    mistake(
        "KEY_FIELDS_SELECT_INVALID_TYPE",
        "a key selects an interface",
        (
            "payment",
            'type User @key(fields: "id")',
            'type User ▲@key(fields: "id paymentMethods { id }")',
        ),
    ),
    mistake(
        "KEY_UNSUPPORTED_ON_INTERFACE",
        "an interface has a key before Federation v2.3",
        (
            "voucher",
            "",
            """
            extend schema
              @link(url: "https://specs.apollo.dev/federation/v2.2", import: ["@key"])
            type Query { voucher: Redeemable }
            interface Redeemable ▲@key(fields: "id") { id: ID! }
            type Voucher implements Redeemable @key(fields: "id") { id: ID! }
            """,
        ),
    ),
)
