"""The catalog for peers: protobuf ↔ store and handlers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from proto.catalog.v1 import catalog_pb2, catalog_pb2_grpc
from proto.common.v1 import common_pb2
from subgraphs.catalog import store
from subgraphs.catalog.domain import Offer, Product, ProductStatus, QuoteLine, QuoteProblem, Variant
from subgraphs.catalog.handlers import Resources, quote_prices
from subgraphs.chassis.grpc_gate import GrpcService
from subgraphs.chassis.refusal import Refusal

LARGEST_BATCH = 200


class CatalogServicer(catalog_pb2_grpc.CatalogServiceServicer):
    """catalog.v1.CatalogService."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def GetProduct(  # noqa: N802 - named by the contract
        self, request: catalog_pb2.GetProductRequest, context: Any
    ) -> catalog_pb2.Product:
        """One active product."""
        del context
        found = await self._products([request.id])
        if not found:
            raise Refusal("NOT_FOUND", f'There is no product "{request.id[:60]}" on sale.')
        return found[0]

    async def BatchGetProducts(  # noqa: N802 - named by the contract
        self, request: catalog_pb2.BatchGetProductsRequest, context: Any
    ) -> catalog_pb2.BatchGetProductsResponse:
        """Those of the asked products that are on sale."""
        del context
        return catalog_pb2.BatchGetProductsResponse(products=await self._products(request.ids))

    async def BatchGetVariants(  # noqa: N802 - named by the contract
        self, request: catalog_pb2.BatchGetVariantsRequest, context: Any
    ) -> catalog_pb2.BatchGetVariantsResponse:
        """Those of the asked variants that are known."""
        del context
        _check_size(request.ids)
        app = self._resources
        found = await store.variants(app.database, app.currency, ids=list(request.ids))
        by_id = {item.id: item for item in found}
        known = [by_id[key] for key in dict.fromkeys(request.ids) if key in by_id]
        return catalog_pb2.BatchGetVariantsResponse(variants=[_variant(item) for item in known])

    async def QuotePrices(  # noqa: N802 - named by the contract
        self, request: catalog_pb2.QuotePricesRequest, context: Any
    ) -> catalog_pb2.QuotePricesResponse:
        """What each line costs now."""
        del context
        currency = request.currency or self._resources.currency
        lines = [
            QuoteLine(line.product_id or None, line.variant_id or None) for line in request.lines
        ]
        offers, problems = await quote_prices(self._resources, lines, currency)
        return catalog_pb2.QuotePricesResponse(
            lines=[_quoted(offer, currency) for offer in offers],
            problems=[_problem(problem, lines[problem.line]) for problem in problems],
            currency=currency,
        )

    async def _products(self, ids: Sequence[str]) -> list[catalog_pb2.Product]:
        _check_size(ids)
        app = self._resources
        found = await store.products(app.database, app.currency, ids=list(ids))
        active = {item.id: item for item in found if item.status is ProductStatus.ACTIVE}
        known = [active[key] for key in dict.fromkeys(ids) if key in active]
        variants = await store.variants_of(app.database, app.currency, [item.id for item in known])
        return [_product(item, variants[item.id]) for item in known]


def services(resources: Resources) -> tuple[GrpcService, ...]:
    """What the catalog offers its peers."""
    register = catalog_pb2_grpc.add_CatalogServiceServicer_to_server
    return (GrpcService("catalog.v1.CatalogService", register, CatalogServicer(resources)),)


def _check_size(ids: Sequence[str]) -> None:
    if len(ids) > LARGEST_BATCH:
        raise Refusal("INVALID_INPUT", f"ids: at most {LARGEST_BATCH} at once.")


def _money(minor: int, currency: str) -> common_pb2.Money:
    return common_pb2.Money(minor_units=minor, currency=currency)


def _product(product: Product, variants: Sequence[Variant]) -> catalog_pb2.Product:
    created, updated = Timestamp(), Timestamp()
    created.FromDatetime(product.created_at)
    updated.FromDatetime(product.updated_at)
    return catalog_pb2.Product(
        id=product.id,
        slug=product.slug,
        name=product.name,
        description=product.description,
        brand=product.brand or "",
        category_id=product.category_id,
        category_name=product.category_name,
        price=_money(product.lowest, product.currency),
        variants=[_variant(item) for item in variants],
        version=product.version,
        created_at=created,
        updated_at=updated,
    )


def _variant(variant: Variant) -> catalog_pb2.Variant:
    return catalog_pb2.Variant(
        id=variant.id,
        product_id=variant.product_id,
        sku=variant.sku,
        title=variant.title,
        weight_grams=variant.weight_grams,
        tax_code=variant.tax_code,
        unit_price=_money(variant.amount, variant.currency),
    )


def _quoted(offer: Offer, currency: str) -> catalog_pb2.QuotedLine:
    return catalog_pb2.QuotedLine(
        product_id=offer.product_id,
        variant_id=offer.variant_id,
        sku=offer.sku,
        name=offer.name,
        unit_price=_money(offer.amount or 0, currency),
        tax_code=offer.tax_code,
        weight_grams=offer.weight_grams,
        version=offer.version,
    )


def _problem(problem: QuoteProblem, line: QuoteLine) -> catalog_pb2.QuoteProblem:
    return catalog_pb2.QuoteProblem(
        line=problem.line,
        code=problem.code,
        message=problem.message,
        product_id=line.product_id or "",
        variant_id=line.variant_id or "",
    )
