"""What a resolver is given: the caller, and the service's own resources.

    @strawberry.field
    async def me(self, info: Info[Context[Resources], None]) -> User: ...

`info.context.app` is what the service handed to its endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from subgraphs.chassis.caller import Caller

App = TypeVar("App")


@dataclass(slots=True)
class Context(Generic[App]):
    """One request's context. `loads` is for loaders that live as long as the request."""

    caller: Caller
    app: App
    loads: dict[str, Any] = field(default_factory=dict)
