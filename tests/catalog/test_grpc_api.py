"""The catalog for peers: products by id, and what the lines of an order cost."""

from __future__ import annotations

import pytest

from proto.catalog.v1 import catalog_pb2, catalog_pb2_grpc
from subgraphs.chassis.database import Database
from subgraphs.chassis.grpc_peer import Peer
from subgraphs.chassis.refusal import Refusal
from tests.catalog.shop import add_price
from tests.statements import statements

Line = tuple[str, str]


async def quote(peer: Peer, *lines: Line, currency: str = "") -> catalog_pb2.QuotePricesResponse:
    stub = catalog_pb2_grpc.CatalogServiceStub(peer.channel)
    request = catalog_pb2.QuotePricesRequest(
        lines=[catalog_pb2.QuoteLine(product_id=p, variant_id=v) for p, v in lines],
        currency=currency,
    )
    answer: catalog_pb2.QuotePricesResponse = await peer.call(stub.QuotePrices, request)
    return answer


async def test_all_lines_are_priced_in_one_statement_in_their_order(
    peer: Peer, database: Database
) -> None:
    lines = [("prd_shirt", "var_shirt-m"), ("prd_mug", ""), ("", "var_shirt-s"), ("prd_mug", "")]
    async with statements(database) as sent:
        answer = await quote(peer, *lines)
    assert len(sent) == 1
    assert answer.currency == "USD"
    assert [
        (line.variant_id, line.sku, line.name, line.unit_price.minor_units, line.tax_code)
        for line in answer.lines
    ] == [
        ("var_shirt-m", "shirt-m", "Shirt, M", 2500, "standard"),
        ("var_mug-1", "mug-1", "Mug", 999, "standard"),
        ("var_shirt-s", "shirt-s", "Shirt, S", 2000, "standard"),
        ("var_mug-1", "mug-1", "Mug", 999, "standard"),
    ]
    assert list(answer.problems) == []


async def test_lines_that_cannot_be_priced_are_named_and_then_no_line_is_priced(
    peer: Peer, database: Database
) -> None:
    answer = await quote(
        peer,
        ("prd_mug", ""),
        ("prd_shirt", ""),
        ("prd_none", ""),
        ("prd_plan", ""),
        ("", "var_relic-1"),
        ("", "var_shirt-xl"),
        ("prd_mug", "var_shirt-s"),
        ("", ""),
        ("prd_idea", ""),
    )
    assert list(answer.lines) == []
    assert [(problem.line, problem.code) for problem in answer.problems] == [
        (1, "VARIANT_REQUIRED"),
        (2, "NOT_FOUND"),
        (3, "NOT_FOUND"),
        (4, "NOT_FOUND"),
        (5, "NOT_FOUND"),
        (6, "INVALID_INPUT"),
        (7, "INVALID_INPUT"),
        (8, "NOT_FOUND"),
    ]
    assert answer.problems[1].product_id == "prd_none"
    assert "prd_none" in answer.problems[1].message


async def test_a_currency_has_its_own_prices(peer: Peer, database: Database) -> None:
    await add_price(database, "mug-1", "JPY", 1500)
    answer = await quote(peer, ("prd_mug", ""), currency="JPY")
    assert answer.lines[0].unit_price.minor_units == 1500
    missing = await quote(peer, ("", "var_shirt-s"), currency="JPY")
    assert [problem.code for problem in missing.problems] == ["CURRENCY_UNAVAILABLE"]
    with pytest.raises(Refusal) as refused:
        await quote(peer, ("prd_mug", ""), currency="dollars")
    assert refused.value.code == "INVALID_INPUT"


async def test_a_quote_of_nothing_or_too_much_is_refused(peer: Peer, database: Database) -> None:
    for lines in ([], [("prd_mug", "")] * 201):
        with pytest.raises(Refusal, match=r"outside 1\.\.200"):
            await quote(peer, *lines)


async def test_products_and_variants_come_by_id_in_the_order_asked(
    peer: Peer, database: Database
) -> None:
    stub = catalog_pb2_grpc.CatalogServiceStub(peer.channel)
    one = await peer.call(stub.GetProduct, catalog_pb2.GetProductRequest(id="prd_shirt"))
    assert (one.category_name, one.price.minor_units, len(one.variants)) == ("Clothing", 2000, 2)
    with pytest.raises(Refusal) as refused:
        await peer.call(stub.GetProduct, catalog_pb2.GetProductRequest(id="prd_plan"))
    assert refused.value.code == "NOT_FOUND"
    products = catalog_pb2.BatchGetProductsRequest(ids=["prd_shirt", "prd_none", "prd_mug"])
    answer = await peer.call(stub.BatchGetProducts, products)
    assert [product.slug for product in answer.products] == ["shirt", "mug"]
    variants = catalog_pb2.BatchGetVariantsRequest(ids=["var_mug-1", "var_none", "var_shirt-s"])
    answer = await peer.call(stub.BatchGetVariants, variants)
    assert [variant.sku for variant in answer.variants] == ["mug-1", "shirt-s"]
    with pytest.raises(Refusal, match="at most 200"):
        await peer.call(stub.BatchGetProducts, catalog_pb2.BatchGetProductsRequest(ids=["x"] * 201))
