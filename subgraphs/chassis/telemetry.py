"""Logs (JSON lines or text, each with the trace id) and the Prometheus page."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import orjson
import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from structlog.typing import EventDict, Processor, WrappedLogger

from subgraphs.chassis.tracing import current_trace_id

METRICS_TYPE = CONTENT_TYPE_LATEST


def configure_logs(service: str, form: Literal["json", "text"], level: str) -> None:
    """Send structlog's and the standard library's records to stderr, one line each."""

    def named(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        trace = current_trace_id()
        if trace:
            event["trace_id"] = trace
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        named,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(serializer=_dumps)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("uvicorn.access").disabled = True


def metrics_page() -> bytes:
    """All metrics of this process in Prometheus' text format."""
    return generate_latest()


def _dumps(event: object, **_options: object) -> str:
    return orjson.dumps(event, default=str).decode()
