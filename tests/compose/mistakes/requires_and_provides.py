"""Field sets of @requires and @provides that cannot be fetched or handed on."""

from tests.compose.planting import mistake

QUOTES = '@requires(fields: "weightGrams") @cost'
WATCHED = "type AvailabilityChange { variant: Variant!"
PROVIDED = '@provides(fields: "sku")'

MISTAKES = (
    mistake(
        "REQUIRES_INVALID_FIELDS",
        "@requires names a field that the type does not have",
        ("inventory", QUOTES, '▲@requires(fields: "weightGrams heightMm") @cost'),
    ),
    mistake(
        "REQUIRES_INVALID_FIELDS",
        "@requires gives no value for an argument that another subgraph needs",
        ("catalog", "weightGrams: Int!\n", "weightGrams(unit: String!): Int!\n"),
        ("inventory", "weightGrams: Int! @external", "weightGrams(unit: String): Int! @external"),
        ("inventory", "shippingQuotes(", "▲shippingQuotes("),
    ),
    mistake(
        "REQUIRES_INVALID_FIELDS_TYPE",
        "@requires is no string",
        (
            "payment",
            "payment: Payment @requiresScopes",
            "payment: Payment ▲@requires(fields: 7) @requiresScopes",
        ),
    ),
    mistake(
        "REQUIRES_DIRECTIVE_IN_FIELDS_ARG",
        "@requires has a directive in it",
        ("inventory", QUOTES, '▲@requires(fields: "weightGrams @skip(if: true)") @cost'),
    ),
    mistake(
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        "@requires asks for what the subgraph resolves itself",
        ("inventory", QUOTES, '▲@requires(fields: "weightGrams id") @cost'),
    ),
    mistake(
        "REQUIRES_UNSUPPORTED_ON_INTERFACE",
        "@requires stands on a field of an interface",
        (
            "inventory",
            "",
            """
            interface Sent {
              variant: Variant!
              load: Int ▲@requires(fields: "variant { weightGrams }")
            }
            """,
        ),
    ),
    mistake(
        "PROVIDES_INVALID_FIELDS",
        "@provides names a field that the type does not have",
        ("inventory", PROVIDED, '▲@provides(fields: "sku colour")'),
    ),
    mistake(
        "PROVIDES_INVALID_FIELDS_TYPE",
        "@provides is no string",
        ("inventory", WATCHED, f"{WATCHED} ▲@provides(fields: 7)"),
    ),
    mistake(
        "PROVIDES_DIRECTIVE_IN_FIELDS_ARG",
        "@provides has a directive in it",
        ("inventory", PROVIDED, '▲@provides(fields: "sku @skip(if: true)")'),
    ),
    mistake(
        "PROVIDES_FIELDS_HAS_ARGS",
        "@provides hands on a field that takes an argument",
        ("inventory", "sku: String! @external", "sku(form: Int): String! @external"),
        ("inventory", PROVIDED, f"▲{PROVIDED}"),
    ),
    mistake(
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        "@provides hands on what the subgraph resolves anyway",
        ("inventory", PROVIDED, '▲@provides(fields: "sku id")'),
    ),
    mistake(
        "PROVIDES_ON_NON_OBJECT_FIELD",
        "@provides stands on a field without fields of its own",
        ("inventory", "onHand: Int!", 'onHand: Int! ▲@provides(fields: "sku")'),
    ),
    mistake(
        "PROVIDES_UNSUPPORTED_ON_INTERFACE",
        "@provides stands on a field of an interface",
        ("inventory", "", 'interface Stocked { variant: Variant! ▲@provides(fields: "sku") }'),
    ),
)
