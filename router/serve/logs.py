"""The log: one JSON object a line (or text for people), on standard error.

Python's own logging, as the libraries below use it: structlog's console support alone would take a
tenth of the router's memory. What belongs to an event is given as `extra`.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
# What every record has; anything else was given as `extra`.
OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """`event`, `level`, `timestamp`, what was given beside, `exception` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; a value that JSON has no form for is written as text."""
        entry: dict[str, Any] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "timestamp": timestamp(record),
            **extras(record),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(entry, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class TextLines(logging.Formatter):
    """`timestamp level event key=value ...`, and the traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, more of them for an exception."""
        more = "".join(f" {name}={value}" for name, value in extras(record).items())
        line = f"{timestamp(record)} {record.levelname:<7} {record.getMessage()}{more}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def timestamp(record: logging.LogRecord) -> str:
    """When it happened: ISO 8601 in UTC."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")


def extras(record: logging.LogRecord) -> dict[str, Any]:
    """What was given beside the event."""
    return {name: value for name, value in record.__dict__.items() if name not in OWN}


def set_up_logs(style: Literal["json", "text"], level: str) -> None:
    """Send our and the libraries' records to standard error in one format."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if style == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=LEVELS[level], force=True)
    logging.getLogger("uvicorn.access").disabled = True
