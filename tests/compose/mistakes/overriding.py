"""Fields taken from where they cannot be taken from."""

from tests.compose.planting import mistake

IN_STOCK = 'inStock: Boolean! @override(from: "catalog")'
SHARED = ("catalog", "inStock: Boolean!", "inStock: Boolean! @shareable")

MISTAKES = (
    mistake(
        "OVERRIDE_FROM_SELF_ERROR",
        "a subgraph takes a field from itself",
        ("inventory", IN_STOCK, 'inStock: Boolean! @shareable ▲@override(from: "inventory")'),
        SHARED,
    ),
    mistake(
        "OVERRIDE_SOURCE_HAS_OVERRIDE",
        "two subgraphs take a field from each other",
        ("inventory", IN_STOCK, 'inStock: Boolean! @shareable ▲@override(from: "catalog")'),
        ("catalog", '"@listSize"])', '"@listSize", "@override"])'),
        (
            "catalog",
            "inStock: Boolean!",
            'inStock: Boolean! @shareable ▲@override(from: "inventory")',
        ),
    ),
    mistake(
        "OVERRIDE_LABEL_INVALID",
        "more than all of the requests are to be moved",
        (
            "inventory",
            IN_STOCK,
            'inStock: Boolean! ▲@override(from: "catalog", label: "percent(101)")',
        ),
    ),
    mistake(
        "OVERRIDE_ON_INTERFACE",
        "a field of an interface is taken",
        ("inventory", "", 'interface Sold { inStock: Boolean! ▲@override(from: "catalog") }'),
    ),
    mistake(
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        "a field is taken that needs fields of others where it was",
        ("order", '"@listSize"])', '"@listSize", "@override"])'),
        (
            "order",
            "  totals: OrderTotals!",
            '  totals: OrderTotals! balanceDue: Money! @shareable ▲@override(from: "payment")',
        ),
        ("payment", "balanceDue: Money!", "balanceDue: Money! @shareable"),
    ),
)
