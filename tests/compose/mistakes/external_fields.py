"""Fields that another subgraph should resolve, and does not, or not like this."""

from tests.compose.planting import mistake

WEIGHT = "weightGrams: Int! @external"

MISTAKES = (
    mistake(
        "EXTERNAL_UNUSED",
        "an external field is used by nothing",
        ("inventory", WEIGHT, f"{WEIGHT}\n  ▲title: String! @external"),
    ),
    mistake(
        "EXTERNAL_ON_INTERFACE",
        "a field of an interface is external",
        (
            "inventory",
            "",
            """
            interface Coded { ▲sku: String! @external }
            extend type Variant implements Coded
            extend type StockLevel { item: Coded! @provides(fields: "sku") }
            """,
        ),
    ),
    mistake(
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
        "a field is external and provides something",
        (
            "order",
            "taxCode: String! @external",
            'taxCode: String! @external ▲product: Product! @external @provides(fields: "id")',
        ),
    ),
    mistake(
        "EXTERNAL_MISSING_ON_BASE",
        "a field is external wherever it is defined",
        ("catalog", "taxCode: String! @inaccessible", "tax: String! @inaccessible"),
        ("order", "taxCode: String! @external", "▲taxCode: String! @external"),
    ),
    mistake(
        "EXTERNAL_TYPE_MISMATCH",
        "an external field has another type where it is resolved",
        ("inventory", WEIGHT, "▲weightGrams: String! @external"),
    ),
    mistake(
        "EXTERNAL_ARGUMENT_MISSING",
        "an external field lacks an argument it has where it is resolved",
        ("catalog", "weightGrams: Int!\n", "weightGrams(unit: String): Int!\n"),
        ("inventory", WEIGHT, f"▲{WEIGHT}"),
    ),
    mistake(
        "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
        "an argument has another type where the field is external",
        ("catalog", "weightGrams: Int!\n", "weightGrams(unit: String): Int!\n"),
        ("inventory", WEIGHT, "weightGrams(▲unit: Int): Int! @external"),
    ),
    mistake(
        "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
        "an argument has another default where the field is external",
        ("catalog", "weightGrams: Int!\n", 'weightGrams(unit: String = "g"): Int!\n'),
        ("inventory", WEIGHT, 'weightGrams(▲unit: String = "kg"): Int! @external'),
    ),
    mistake(
        "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
        "an external field has a directive for the supergraph",
        ("inventory", WEIGHT, f'{WEIGHT} ▲@tag(name: "admin")'),
    ),
    mistake(
        "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
        "a type of Federation 1 has only external fields that nothing uses",
        (
            "gift",
            "",
            "type Query { gift: Product } ▲extend type Product { name: String @external }",
        ),
    ),
)
