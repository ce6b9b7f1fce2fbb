"""Specifications linked in vain, and directives that are not what they should be."""

from tests.compose.planting import mistake

FEDERATION = '@link(url: "https://specs.apollo.dev/federation/v2.9",'

MISTAKES = (
    mistake(
        "UNKNOWN_FEDERATION_LINK_VERSION",
        "a version of Federation is linked that does not exist",
        (
            "voucher",
            "",
            """
            extend schema ▲@link(url: "https://specs.apollo.dev/federation/v2.99")
            type Query { vouchers: Int }
            """,
        ),
    ),
    mistake(
        "UNKNOWN_LINK_VERSION",
        "a version of the link specification is linked that does not exist",
        (
            "voucher",
            "",
            """
            extend schema ▲@link(url: "https://specs.apollo.dev/link/v2.0")
            type Query { vouchers: Int }
            """,
        ),
    ),
    mistake(
        "INVALID_LINK_IDENTIFIER",
        "Federation is linked without a version",
        ("catalog", FEDERATION, '▲@link(url: "https://specs.apollo.dev/federation/latest",'),
    ),
    mistake(
        "INVALID_LINK_DIRECTIVE_USAGE",
        "a directive is imported that Federation does not have",
        ("catalog", FEDERATION, f"▲{FEDERATION}"),
        ("catalog", '"@shareable", "@inaccessible"', '"@shareble", "@inaccessible"'),
    ),
    mistake(
        "LINK_IMPORT_NAME_MISMATCH",
        "one directive is imported under two names",
        ("catalog", "extend schema", "▲extend schema"),
        ("payment", "extend schema", "▲extend schema"),
        ("payment", '"@inaccessible"', '{name: "@inaccessible", as: "@hidden"}'),
        ("payment", "pspReference: String @inaccessible", "pspReference: String @hidden"),
    ),
    mistake(
        "UNSUPPORTED_LINKED_FEATURE",
        "connectors are linked",
        (
            "catalog",
            "",
            'extend schema ▲@link(url: "https://specs.apollo.dev/connect/v0.1")',
        ),
    ),
    mistake(
        "DIRECTIVE_DEFINITION_INVALID",
        "a directive of Federation's is defined with an argument it does not have",
        (
            "catalog",
            "",
            "▲directive @shareable(reason: String) repeatable on OBJECT | FIELD_DEFINITION",
        ),
    ),
    mistake(
        "TYPE_DEFINITION_INVALID",
        "a scalar of Federation's is defined as an enum",
        ("catalog", "", "▲enum federation__FieldSet { ID }"),
    ),
    mistake(
        "DIRECTIVE_COMPOSITION_ERROR",
        "a directive is composed that is not defined",
        (
            "account",
            '@composeDirective(name: "@rateLimit")',
            '▲@composeDirective(name: "@rateLimits")',
        ),
    ),
)
