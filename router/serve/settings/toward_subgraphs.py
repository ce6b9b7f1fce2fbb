"""Settings of the way to the subgraphs: one block for `all`, and one for each that differs.

What a block of `subgraphs` leaves out is taken from `all` (`read.inherited`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from router.serve.settings.amounts import Duration
from router.serve.settings.section import Section

Count = Annotated[int, Meta(ge=1)]


class SubgraphShaping(Section, frozen=True):
    """Limits of one request to a subgraph, and of all of them.

    `compression` sends larger bodies compressed and asks for compressed answers. Ours:
    `connect_timeout`, `first_byte_timeout` (none, unless given), `pool_idle_timeout`,
    `max_connections`, and `max_waiting` requests for a connection, above which one is refused.
    """

    timeout: Duration = Duration(30.0)
    deduplicate_query: bool = False
    compression: Literal["gzip"] | None = None
    connect_timeout: Duration = Duration(5.0)
    first_byte_timeout: Duration | None = None
    pool_idle_timeout: Duration = Duration(4.0)
    max_connections: Count = 100
    max_waiting: Annotated[int, Meta(ge=0)] = 10_000


class AnswerLimit(Section, frozen=True):
    """How large one answer may be, in bytes, before and after it is decompressed."""

    http_max_response_size: Count = 32 * 1024 * 1024


class AnswerLimits(Section, frozen=True):
    """Limits of subgraphs' answers."""

    all: AnswerLimit = AnswerLimit()
    subgraphs: dict[str, AnswerLimit] = {}


class ClientAuthentication(Section, frozen=True):
    """The router's certificate (with its chain) and key, in PEM: `${file./path/to.pem}`."""

    certificate_chain: str
    key: str


class SubgraphTls(Section, frozen=True):
    """Whom to trust (PEM; the system's authorities, unless given) and who the router is."""

    certificate_authorities: str | None = None
    client_authentication: ClientAuthentication | None = None


class SubgraphsTls(Section, frozen=True):
    """TLS to subgraphs whose URL is https."""

    all: SubgraphTls = SubgraphTls()
    subgraphs: dict[str, SubgraphTls] = {}


class Tls(Section, frozen=True):
    """TLS, where the router is the client."""

    subgraph: SubgraphsTls = SubgraphsTls()
