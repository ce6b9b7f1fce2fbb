"""One small HTTP GET with a deadline, for documents such as a JWKS; not for hot paths."""

from __future__ import annotations

import asyncio
import ssl
from urllib.parse import urlsplit

import httptools

LARGEST_BODY = 1 << 20


class HttpGetError(Exception):
    """The document could not be had; the message says from where and why."""


class _Answer:
    """Collects what httptools parses."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.complete = False

    def on_body(self, chunk: bytes) -> None:
        self.body += chunk

    def on_message_complete(self) -> None:
        self.complete = True


async def http_get(url: str, seconds: float) -> bytes:
    """The body of a 200 answer, at most 1 MiB. Raises HttpGetError."""
    try:
        async with asyncio.timeout(seconds):
            return await _get(url)
    except TimeoutError:
        raise HttpGetError(f"{url}: no answer in {seconds:g} s") from None
    except (OSError, httptools.HttpParserError, ssl.SSLError) as error:
        raise HttpGetError(f"{url}: {error}") from error


async def _get(url: str) -> bytes:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure or None)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        request = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\n"
        writer.write(f"{request}Accept: application/json\r\nConnection: close\r\n\r\n".encode())
        answer = _Answer()
        parser = httptools.HttpResponseParser(answer)
        while not answer.complete and (chunk := await reader.read(65_536)):
            parser.feed_data(chunk)
            if len(answer.body) > LARGEST_BODY:
                raise HttpGetError(f"{url}: the answer is larger than 1 MiB")
        if parser.get_status_code() != 200:
            raise HttpGetError(f"{url}: answered {parser.get_status_code()}")
        return bytes(answer.body)
    finally:
        writer.close()
