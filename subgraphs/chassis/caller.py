"""Who asks: the caller of a request, as the access token says, and what they must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subgraphs.chassis.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Caller:
    """A user with a valid token, or a guest (`user_id` is None, no scopes)."""

    user_id: str | None = None
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    session_id: str | None = None

    @property
    def is_guest(self) -> bool:
        """Nobody signed in."""
        return self.user_id is None

    @property
    def name(self) -> str:
        """The user's id, or "guest": for event envelopes and logs."""
        return self.user_id or "guest"

    def has(self, scope: str) -> bool:
        """Whether the token grants the scope."""
        return scope in self.scopes


GUEST = Caller()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a field asks of its caller: a token, and every scope of one of the groups."""

    scopes: tuple[frozenset[str], ...] = ()

    def check(self, caller: Caller) -> None:
        """Raises Refusal UNAUTHENTICATED for guests and FORBIDDEN where a scope is missing."""
        if caller.user_id is None:
            raise Refusal("UNAUTHENTICATED", "Sign in to see this: an access token is needed.")
        if self.scopes and not any(group <= caller.scopes for group in self.scopes):
            wanted = " or ".join(" and ".join(sorted(group)) for group in self.scopes)
            raise Refusal("FORBIDDEN", f"Your token lacks the scope {wanted}.")


def requirement_of(groups: Sequence[Sequence[str]]) -> Requirement:
    """From @requiresScopes(scopes: [[...]]): an OR of ANDs."""
    return Requirement(tuple(frozenset(group) for group in groups))
