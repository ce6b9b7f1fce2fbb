"""Asking a GraphQL endpoint in the same process, as a router would."""

from __future__ import annotations

from typing import Any

import httpx

from subgraphs.chassis.graphql_endpoint import ASGIApp

JSON = dict[str, Any]


class GraphqlClient:
    """POSTs to /graphql of an ASGI application; `headers` are sent with every request."""

    def __init__(self, application: ASGIApp) -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=application),
            base_url="http://in-process",
        )

    async def ask(self, query: str, variables: JSON | None = None, headers: Any = None) -> JSON:
        """The whole answer: data and errors."""
        body = {"query": query, "variables": variables or {}}
        answer = await self.http.post("/graphql", json=body, headers=headers)
        decoded: JSON = answer.json()
        return decoded

    async def data(self, query: str, variables: JSON | None = None, headers: Any = None) -> JSON:
        """The data of an answer without errors."""
        answer = await self.ask(query, variables, headers)
        assert "errors" not in answer, answer["errors"]
        data: JSON = answer["data"]
        return data

    async def close(self) -> None:
        """Nothing may be left open: warnings are errors here."""
        await self.http.aclose()
