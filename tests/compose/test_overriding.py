"""@override: a field moves from one subgraph to another, at once or step by step."""

import pytest

from tests.compose.story import composition, definition, errors, hints, supergraph

CATALOG = """
  type Query { product: Product }
  type Product @key(fields: "id") { id: ID! inStock: Boolean }
"""


def stock(override: str) -> str:
    return f'type Product @key(fields: "id") {{ id: ID! inStock: Boolean {override} }}'


def test_the_field_is_resolved_where_it_moved_and_need_not_be_where_it_was() -> None:
    moved = stock('@override(from: "catalog")')
    product = definition(supergraph(catalog=CATALOG, stock=moved), "type Product")
    assert '  inStock: Boolean @join__field(graph: STOCK, override: "catalog")\n' in product
    assert hints(catalog=CATALOG, stock=moved) == [
        ("OVERRIDDEN_FIELD_CAN_BE_REMOVED", "Product.inStock")
    ]


@pytest.mark.parametrize("label", ["percent(20)", "percent(0.5)", "beta-testers"])
def test_with_a_label_both_subgraphs_keep_the_field_while_it_moves(label: str) -> None:
    moving = stock(f'@override(from: "catalog", label: "{label}")')
    found = supergraph(catalog=CATALOG, stock=moving)
    assert f'@join__field(graph: CATALOG, overrideLabel: "{label}")' in found
    assert f'@join__field(graph: STOCK, override: "catalog", overrideLabel: "{label}")' in found
    assert hints(catalog=CATALOG, stock=moving) == [
        ("OVERRIDE_MIGRATION_IN_PROGRESS", "Product.inStock")
    ]


@pytest.mark.parametrize("label", ["percent(101)", "percent(-1)", "1st", "with blanks"])
def test_a_label_is_a_name_or_a_percentage(label: str) -> None:
    moving = stock(f'@override(from: "catalog", label: "{label}")')
    assert errors(catalog=CATALOG, stock=moving) == [("OVERRIDE_LABEL_INVALID", "Product.inStock")]


def test_a_misspelt_subgraph_overrides_nothing_and_a_likely_one_is_named() -> None:
    found = composition(catalog=CATALOG, stock=stock('@shareable @override(from: "katalog")'))
    assert [error.code for error in found.errors] == ["INVALID_FIELD_SHARING"]
    assert [(hint.code, "catalog" in hint.message) for hint in found.hints] == [
        ("FROM_SUBGRAPH_DOES_NOT_EXIST", True)
    ]
