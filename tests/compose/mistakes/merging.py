"""Definitions of several subgraphs that do not go together."""

from tests.compose.planting import mistake

ACCOUNT_ADDRESS = "type PostalAddress @shareable { name: String!"
MONEY = "type Money @shareable { amountMinor: Long! currency: String! amount: Decimal! }"

MISTAKES = (
    mistake(
        "TYPE_KIND_MISMATCH",
        "a type is an object in some subgraphs and a scalar in one",
        ("catalog", MONEY, f"▲{MONEY}"),
        ("inventory", MONEY, "▲scalar Money"),
    ),
    mistake(
        "FIELD_TYPE_MISMATCH",
        "a shared field has another type in one subgraph",
        ("inventory", "amount: Decimal!", "▲amount: String!"),
        ("order", "amount: Decimal!", "▲amount: Decimal!"),
    ),
    mistake(
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        "an argument of a shared field has two types",
        ("account", ACCOUNT_ADDRESS, "type PostalAddress @shareable { name(▲form: Int): String!"),
        ("order", ACCOUNT_ADDRESS, "type PostalAddress @shareable { name(▲form: String): String!"),
    ),
    mistake(
        "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        "an argument of a shared field has two defaults",
        (
            "account",
            ACCOUNT_ADDRESS,
            "type PostalAddress @shareable { name(▲form: Int = 1): String!",
        ),
        ("order", ACCOUNT_ADDRESS, "type PostalAddress @shareable { name(▲form: Int = 2): String!"),
    ),
    mistake(
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        "an argument is required in one subgraph and absent in another",
        ("account", ACCOUNT_ADDRESS, "type PostalAddress @shareable { name(▲form: Int!): String!"),
    ),
    mistake(
        "INPUT_FIELD_DEFAULT_MISMATCH",
        "an input field has two defaults",
        ("order", "quantity: Int! = 1 }", "▲quantity: Int! = 1 }"),
        ("catalog", "", "input AddToCartInput { cartId: ID variantId: ID! ▲quantity: Int! = 2 }"),
    ),
    mistake(
        "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
        "an input field is required in one subgraph and absent in another",
        ("order", "", "input LoginInput { email: String! password: String! ▲captcha: String! }"),
    ),
    mistake(
        "EMPTY_MERGED_INPUT_TYPE",
        "two subgraphs define an input without a field in common",
        ("catalog", "input ProductFilter", "▲input ProductFilter"),
        ("inventory", "", "▲input ProductFilter { warehouse: ID }"),
    ),
    mistake(
        "ENUM_VALUE_MISMATCH",
        "an enum of arguments and answers lacks values in one subgraph",
        ("order", "  CONFIRMED ", "  ▲CONFIRMED "),
        ("payment", "", "enum OrderStatus { PENDING AWAITING_PAYMENT PAID }"),
    ),
    mistake(
        "EMPTY_MERGED_ENUM_TYPE",
        "two subgraphs define an enum of arguments without a value in common",
        ("catalog", "enum ProductSort", "▲enum ProductSort"),
        ("inventory", "", "▲enum ProductSort { STOCK }"),
    ),
    mistake(
        "INVALID_FIELD_SHARING",
        "two subgraphs resolve a field that is not shareable",
        ("catalog", '  brand: String\n  "Seed', '  ▲brand: String\n  "Seed'),
        (
            "inventory",
            "availability: AvailabilityStatus!",
            "availability: AvailabilityStatus! ▲brand: String",
        ),
    ),
)
