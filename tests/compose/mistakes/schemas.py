"""A schema that is no GraphQL, or that the subgraphs together make none of."""

from tests.compose.planting import mistake

MISTAKES = (
    mistake(
        "INVALID_GRAPHQL",
        "a brace is missing, so the next definition cannot be read",
        (
            "catalog",
            "type Media { url: String! alt: String! position: Int! }",
            "type Media { url: String!",
        ),
        # `type` could still be the name of a field, what follows it could not
        ("catalog", "type PriceRange { min", "type ▲PriceRange { min"),
    ),
    mistake(
        "INVALID_GRAPHQL",
        "a field names a type that the subgraph does not have",
        ("catalog", "primaryCategory: Category!", "▲primaryCategory: Kategory!"),
    ),
    mistake(
        "INVALID_SUBGRAPH_NAME",
        "a subgraph has a name that composition keeps for itself",
        ("_", "", "type Query { ping: String }"),
    ),
    mistake(
        "NO_QUERIES",
        "no subgraph has a query",
        ("account", "extend schema", "▲extend schema"),
        ("account", "type Query {", "type Asked {"),
        ("catalog", "extend schema", "▲extend schema"),
        ("catalog", "type Query {", "type Asked {"),
        ("inventory", "extend schema", "▲extend schema"),
        ("inventory", "type Query {", "type Asked {"),
        ("order", "extend schema", "▲extend schema"),
        ("order", "type Query {", "type Asked {"),
        ("payment", "extend schema", "▲extend schema"),
        ("payment", "type Query {", "type Asked {"),
    ),
    mistake(
        "ROOT_QUERY_USED",
        "Query is not the query root of its schema",
        ("account", "type Query {", "▲type Query {"),
        ("account", "", "extend schema { query: Entry } type Entry { ping: String }"),
    ),
    mistake(
        "ROOT_MUTATION_USED",
        "Mutation is not the mutation root of its schema",
        ("payment", "type Mutation {", "▲type Mutation {"),
        ("payment", "", "extend schema { mutation: Changes } type Changes { ping: String }"),
    ),
    mistake(
        "ROOT_SUBSCRIPTION_USED",
        "Subscription is not the subscription root of its schema",
        ("order", "type Subscription {", "▲type Subscription {"),
        ("order", "", "extend schema { subscription: Events } type Events { ping: String }"),
    ),
    mistake(
        "EXTENSION_WITH_NO_BASE",
        "a type is extended that no subgraph defines",
        ("order", "", '▲extend type Voucher @key(fields: "id") { id: ID! amount: Int }'),
    ),
)
