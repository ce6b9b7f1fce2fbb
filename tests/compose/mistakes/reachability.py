"""Subgraphs that fit together and cannot answer all the same."""

from tests.compose.planting import mistake

MISTAKES = (
    mistake(
        "SATISFIABILITY_ERROR",
        "a wish list knows products by a key that catalog does not resolve",
        (
            "catalog",
            'type Product @key(fields: "id") @key(fields: "slug")',
            'type Product @key(fields: "id", resolvable: false) @key(fields: "slug")',
        ),
        ("account", "type Product @key(", "▲type Product @key("),
        ("catalog", "  brand: String\n", "  ▲brand: String\n"),
    ),
    mistake(
        "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES",
        "a shared field gives objects that the two subgraphs do not both know",
        (
            "payment",
            "type Query {",
            "type Query { ▲newest: Event @shareable",
        ),
        ("payment", "", "union Event = Captured type Captured { id: ID! }"),
        ("order", "type Query {", "type Query { ▲newest: Event @shareable"),
        ("order", "", "union Event = Placed type Placed { id: ID! }"),
    ),
)
