"""Costs and sizes of what has none."""

from tests.compose.planting import mistake

SUGGESTIONS = "suggest(prefix: String!, limit: Int! = 8): [Suggestion!]!"
MEDIA = "  media: [Media!]!"

MISTAKES = (
    mistake(
        "COST_APPLIED_TO_INTERFACE_FIELD",
        "a field of an interface has a cost",
        ("inventory", "", "interface Sold { inStock: Boolean! ▲@cost(weight: 2) }"),
    ),
    mistake(
        "LIST_SIZE_APPLIED_TO_NON_LIST",
        "what is no list has a size",
        (
            "catalog",
            "  primaryCategory: Category!",
            "  primaryCategory: Category! ▲@listSize(assumedSize: 1)",
        ),
    ),
    mistake(
        "LIST_SIZE_INVALID_ASSUMED_SIZE",
        "a list is assumed to have less than nothing",
        ("catalog", MEDIA, f"{MEDIA} ▲@listSize(assumedSize: -1)"),
    ),
    mistake(
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        "the argument that says the size is no number",
        (
            "catalog",
            f'{SUGGESTIONS} @listSize(slicingArguments: ["limit"])',
            f'{SUGGESTIONS} ▲@listSize(slicingArguments: ["prefix"])',
        ),
    ),
    mistake(
        "LIST_SIZE_INVALID_SIZED_FIELD",
        "the field that holds the list does not exist",
        (
            "catalog",
            "  priceRange: PriceRange!",
            '  priceRange: PriceRange! ▲@listSize(assumedSize: 3, sizedFields: ["prices"])',
        ),
    ),
)
