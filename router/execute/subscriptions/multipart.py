"""The JSON bodies of a multipart answer, as soon as each is there.

https://www.rfc-editor.org/rfc/rfc2046#section-5.1
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from router.execute.json_values import JSON, decode


class MultipartError(ValueError):
    """The bytes are not what was announced; the message says why, after "it sent "."""


def boundary_of(content_type: str) -> str:
    """The boundary; `-` where none is given, as GraphQL servers of old do it."""
    found = re.search(r'boundary=(?:"([^"]+)"|([^;\s]+))', content_type, re.IGNORECASE)
    return (found[1] or found[2]) if found else "-"


@dataclass(slots=True)
class MultipartReader:
    """Fed with bytes as they arrive, gives JSON objects.

    Some servers write the boundary that ends a part only with the next part, so a part is taken
    when its JSON is whole. `is_over` tells that the closing boundary was read.
    """

    boundary: str
    max_bytes: int
    is_over: bool = False
    _buffer: bytearray = field(default_factory=bytearray)
    _in_body: bool = False

    def feed(self, chunk: bytes) -> Iterator[JSON]:
        """The bodies that are complete now. Raises MultipartError."""
        self._buffer += chunk
        while not self.is_over:
            step = self._body() if self._in_body else self._head()
            if step is None:
                break
            yield from step
        if len(self._buffer) > self.max_bytes:
            raise MultipartError(f"a part of more than {self.max_bytes} bytes")

    def _head(self) -> tuple[JSON, ...] | None:
        """Go past a boundary and the headers after it."""
        start = self._buffer.find(self._delimiter)
        if start < 0:
            return None
        after = start + len(self._delimiter)
        if self._buffer[after : after + 2] == b"--":
            self.is_over = True
            return ()
        end = self._buffer.find(b"\r\n\r\n", after)
        following = self._buffer.find(self._delimiter, after, end if end >= 0 else None)
        if following >= 0:  # nothing between two of them, as some write at the end
            del self._buffer[:following]
            return ()
        if end < 0:
            return None
        del self._buffer[: end + 4]
        self._in_body = True
        return ()

    def _body(self) -> tuple[JSON, ...] | None:
        """Take the body when it is whole; None when more has to come."""
        end = self._buffer.find(b"\r\n" + self._delimiter)
        if end >= 0:
            found = json_object(bytes(self._buffer[:end]))
            del self._buffer[:end]
        elif self._buffer.rstrip().endswith(b"}"):
            try:
                found = json_object(bytes(self._buffer))
            except MultipartError:
                return None
            self._buffer.clear()
        else:
            return None
        self._in_body = False
        return (found,)

    @property
    def _delimiter(self) -> bytes:
        return f"--{self.boundary}".encode()


def json_object(body: bytes) -> JSON:
    """Read a JSON object. Raises MultipartError."""
    try:
        found = decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MultipartError(f"a part that is not JSON ({error})") from error
    if not isinstance(found, dict):
        raise MultipartError("a part that is not a JSON object")
    return found
