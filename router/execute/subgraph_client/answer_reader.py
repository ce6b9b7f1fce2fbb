"""An HTTP/1.x answer read piece by piece: any length, any framing, compressed or not."""

from __future__ import annotations

import zlib

import httptools

from router.execute.transport import FailureKind, SubgraphAnswer

GZIP = {b"gzip", b"x-gzip"}
GZIP_WINDOW = 31  # zlib's way to say: a gzip header, and the largest window


class UnusableAnswer(Exception):  # noqa: N818 - told as a failure, never seen as a fault of ours
    """What arrives cannot be used; `what` completes the sentence "The subgraph ..."."""

    def __init__(self, kind: FailureKind, what: str) -> None:
        super().__init__(what)
        self.kind: FailureKind = kind
        self.what = what


class AnswerReader:
    """Reads one answer of at most `limit` bytes, before and after it is decompressed.

    https://www.rfc-editor.org/rfc/rfc9112#section-6.3
    """

    __slots__ = (
        "_answer",
        "_body",
        "_has_head",
        "_headers",
        "_limit",
        "_parser",
        "_size",
        "is_reusable",
    )

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._size = 0
        self._has_head = False
        self._answer: SubgraphAnswer | None = None
        self.is_reusable = False
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> SubgraphAnswer | None:
        """Take a piece; the answer, once it is whole. Raises UnusableAnswer."""
        parser = self._parser
        if parser is None:
            raise AssertionError("a reader reads one answer")
        try:
            parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if self._answer is None:
                what = "answered with something that is not HTTP"
                raise UnusableAnswer("malformed", what) from error
            self.is_reusable = False  # the answer is whole, and what follows is not one
        if self._size > self._limit:
            raise _too_large(self._limit)
        return self._finished()

    def end(self) -> SubgraphAnswer | None:
        """The connection has ended: the answer, when that was its end. Raises UnusableAnswer."""
        names = {name for name, _ in self._headers}
        parser = self._parser
        if (
            parser is None
            or not self._has_head
            or names & {b"content-length", b"transfer-encoding"}
        ):
            return None
        self._answer = self._whole(parser.get_status_code())
        return self._finished()

    def close(self) -> None:
        """Let go: the parser holds our methods, and in such a cycle the body would outlive us."""
        self._parser = None

    def _finished(self) -> SubgraphAnswer | None:
        answer = self._answer
        if answer is None:
            return None
        self.close()
        return _decoded(answer, self._limit)

    def _whole(self, status: int) -> SubgraphAnswer:
        return SubgraphAnswer(status, bytes(self._body), tuple(self._headers))

    def on_message_begin(self) -> None:
        """Anything after a whole answer was not asked for: the connection is out of step."""
        if self._answer is not None:
            self.is_reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header (a trailer comes late and counts as one)."""
        if self._answer is not None:
            return
        name = name.lower()
        self._headers.append((name, value))
        if name == b"content-length" and value.isdigit() and int(value) > self._limit:
            self._size = int(value)  # refused before it is read

    def on_headers_complete(self) -> None:
        """The head is whole: from here on the end of the connection can be the answer's."""
        self._has_head = True

    def on_body(self, body: bytes) -> None:
        """Collect a piece of the body, as far as the limit allows."""
        self._size += len(body)
        if self._answer is None and self._size <= self._limit:
            self._body += body

    def on_message_complete(self) -> None:
        """The answer is whole, unless it was an interim one."""
        parser = self._parser
        if parser is None or self._answer is not None:
            return
        status = parser.get_status_code()
        if status < 200:
            self._headers, self._size, self._has_head = [], 0, False
            self._body.clear()
            return
        self._answer = self._whole(status)
        self.is_reusable = parser.should_keep_alive()


def _decoded(answer: SubgraphAnswer, limit: int) -> SubgraphAnswer:
    """The answer with its body decompressed. Raises UnusableAnswer."""
    codings = [value.strip().lower() for name, value in answer.headers if name == CODING]
    if not codings or codings == [b"identity"] or not answer.body:
        return answer
    if len(codings) > 1 or codings[0] not in GZIP:
        said = b", ".join(codings).decode("latin-1")
        what = f'answered in the content-encoding "{said}", which it was not asked for'
        raise UnusableAnswer("malformed", what)
    headers = tuple(item for item in answer.headers if item[0] not in {CODING, b"content-length"})
    return SubgraphAnswer(answer.status, gunzip(answer.body, limit), headers)


CODING = b"content-encoding"


def gunzip(data: bytes, limit: int) -> bytes:
    """Decompress at most `limit` bytes; a small body can hold a thousand times its size.

    Raises UnusableAnswer.
    """
    parts: list[bytes] = []
    size = 0
    while data:  # a gzip body may have several members, one after the other
        inflate = zlib.decompressobj(GZIP_WINDOW)
        try:
            part = inflate.decompress(data, limit - size + 1)
        except zlib.error as error:
            raise UnusableAnswer("malformed", f"answered with broken gzip ({error})") from error
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        if not inflate.eof:
            raise UnusableAnswer("malformed", "answered with gzip that ends too early")
        parts.append(part)
        data = inflate.unused_data
    return b"".join(parts)


def _too_large(limit: int) -> UnusableAnswer:
    return UnusableAnswer(
        "too_large",
        f"answered with more than {limit} bytes (limits.subgraph.all.http_max_response_size)",
    )
