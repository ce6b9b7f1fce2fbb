"""The pages beside /graphql: /health/live, /health/ready and /metrics; services may add theirs."""

from __future__ import annotations

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from subgraphs.chassis.health import Check, examine
from subgraphs.chassis.telemetry import METRICS_TYPE, metrics_page


def operations_pages(service: str, checks: tuple[Check, ...]) -> FastAPI:
    """The FastAPI application of a service, without documentation pages."""
    pages = FastAPI(title=service, docs_url=None, redoc_url=None, openapi_url=None)

    @pages.get("/health/live")
    async def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "up", "service": service}

    @pages.get("/health/ready")
    async def ready() -> JSONResponse:
        """The parts it stands on answer."""
        health = await examine(checks)
        body = {"status": health.status, "service": service, "checks": health.parts}
        return JSONResponse(body, status_code=200 if health.ready else 503)

    @pages.get("/metrics")
    async def metrics() -> Response:
        """Prometheus' text format."""
        return Response(metrics_page(), media_type=METRICS_TYPE)

    return pages
