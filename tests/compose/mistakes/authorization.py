"""Protection that could be got around."""

from tests.compose.planting import mistake

MISTAKES = (
    mistake(
        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
        "an interface is protected instead of what implements it",
        (
            "payment",
            'interface PaymentMethod @key(fields: "id")',
            'interface PaymentMethod @key(fields: "id") ▲@authenticated',
        ),
    ),
    mistake(
        "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
        "a field reads one that asks for more",
        (
            "order",
            "  total: Money!\n  totals",
            '  total: Money! @requiresScopes(scopes: [["finance"]])\n  totals',
        ),
        ("payment", "  balanceDue: Money! @requires", "  ▲balanceDue: Money! @requires"),
    ),
)
