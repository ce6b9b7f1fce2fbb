"""The events of a `text/event-stream`.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class ServerSentEvent(NamedTuple):
    """One event: its name (`message` unless said) and its data."""

    name: str
    data: bytes


class EventTooLarge(ValueError):  # noqa: N818 - says what it is
    """An event is larger than allowed."""


@dataclass(slots=True)
class EventReader:
    """Fed with bytes as they arrive, gives events; comments and ids are left out."""

    max_bytes: int
    _rest: bytes = b""
    _name: str = ""
    _data: list[bytes] = field(default_factory=list)
    _size: int = 0

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """The events that are complete now. Raises EventTooLarge."""
        text = self._rest + chunk
        held = b"\r" if text.endswith(b"\r") else b""  # half of a line end, perhaps
        text = text[: len(text) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = text.split(b"\n")
        self._rest = rest + held
        for line in lines:
            if line:
                self._line(line)
            elif self._data or self._name:
                yield ServerSentEvent(self._name or "message", b"\n".join(self._data))
                self._name, self._data, self._size = "", [], 0
        if self._size + len(self._rest) > self.max_bytes:
            raise EventTooLarge(f"an event of more than {self.max_bytes} bytes")

    def _line(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._name = value.decode("utf-8", "replace")
        elif name == b"data":
            self._data.append(value)
            self._size += len(value)
