"""Arguments taken from contexts that are not there, or hold something else."""

from tests.compose.planting import mistake

IMPORTS = ("catalog", '"@listSize"])', '"@listSize", "@context", "@fromContext"])')
SET = (
    "catalog",
    'type Product @key(fields: "id")',
    'type Product @context(name: "product") @key(fields: "id")',
)
TITLE = "  title: String!\n  options"

MISTAKES = (
    mistake(
        "CONTEXT_NOT_SET",
        "an argument comes from a context that no type sets",
        IMPORTS,
        (
            "catalog",
            TITLE,
            '  title(brand: String ▲@fromContext(field: "$product { brand }")): String!\n  options',
        ),
    ),
    mistake(
        "CONTEXT_INVALID_SELECTION",
        "an argument selects what the context does not have",
        IMPORTS,
        SET,
        (
            "catalog",
            TITLE,
            '  title(brand: String ▲@fromContext(field: "$product { maker }")): String!\n  options',
        ),
    ),
    mistake(
        "NO_CONTEXT_IN_SELECTION",
        "an argument names no context",
        IMPORTS,
        SET,
        (
            "catalog",
            TITLE,
            '  title(brand: String ▲@fromContext(field: "brand")): String!\n  options',
        ),
    ),
    mistake(
        "CONTEXT_NO_RESOLVABLE_KEY",
        "a type without a key takes an argument from a context",
        IMPORTS,
        SET,
        (
            "catalog",
            "type Media { url: String!",
            'type Media { url(▲brand: String @fromContext(field: "$product { brand }")): String!',
        ),
    ),
    mistake(
        "CONTEXT_NAME_INVALID",
        "a context has a name that is no plain word",
        IMPORTS,
        (
            "catalog",
            'type Product @key(fields: "id")',
            'type Product ▲@context(name: "the_product") @key(fields: "id")',
        ),
    ),
    mistake(
        "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
        "an argument comes from a context here and must be given there",
        IMPORTS,
        SET,
        (
            "catalog",
            TITLE,
            """
            title(▲brand: String @fromContext(field: "$product { brand }")): String! @shareable
            options""",
        ),
        (
            "inventory",
            "weightGrams: Int! @external",
            "weightGrams: Int! @external title(▲brand: String!): String! @shareable",
        ),
    ),
)
