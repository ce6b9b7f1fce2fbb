"""Hidden elements that what clients see cannot do without."""

from tests.compose.planting import mistake

CARD = 'type CardMethod implements PaymentMethod @key(fields: "id")'

MISTAKES = (
    mistake(
        "QUERY_ROOT_TYPE_INACCESSIBLE",
        "the query root is hidden",
        ("payment", "type Query {", "type Query ▲@inaccessible {"),
    ),
    mistake(
        "REFERENCED_INACCESSIBLE",
        "a visible field gives a hidden type",
        ("catalog", "media: [Media!]!", "▲media: [Media!]!"),
        ("catalog", "type Media {", "type Media ▲@inaccessible {"),
    ),
    mistake(
        "ONLY_INACCESSIBLE_CHILDREN",
        "a visible type has only hidden fields",
        (
            "catalog",
            "type PriceRange { min: Money! max: Money! }",
            "▲type PriceRange { min: Money! @inaccessible max: Money! @inaccessible }",
        ),
    ),
    mistake(
        "REQUIRED_INACCESSIBLE",
        "a hidden input field must be given",
        ("catalog", "slug: String name: String!", "slug: String name: String! ▲@inaccessible"),
    ),
    mistake(
        "DEFAULT_VALUE_USES_INACCESSIBLE",
        "a default is a hidden value",
        ("catalog", "enum ProductSort { RELEVANCE", "enum ProductSort { RELEVANCE @inaccessible"),
        (
            "catalog",
            "filter: ProductFilter, sort: ProductSort! = RELEVANCE,",
            "filter: ProductFilter, ▲sort: ProductSort! = RELEVANCE,",
        ),
    ),
    mistake(
        "IMPLEMENTED_BY_INACCESSIBLE",
        "a hidden field implements one that is visible",
        (
            "payment",
            f"{CARD} {{ id: ID! label: String!",
            f"{CARD} {{ id: ID! label: String! ▲@inaccessible",
        ),
    ),
    mistake(
        "DISALLOWED_INACCESSIBLE",
        "an argument of a composed directive is hidden",
        ("account", '"@composeDirective"', '"@composeDirective", "@inaccessible"'),
        ("account", "windowSeconds: Int!, by", "windowSeconds: Int! ▲@inaccessible, by"),
    ),
)
