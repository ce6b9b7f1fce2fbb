"""Accounts for clients: Strawberry types equal to schema.graphql, and the User entity."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

import strawberry
from strawberry import Private
from strawberry.federation.schema_directives import Cost
from strawberry.schema_directive import Location
from strawberry.types.info import Info

from subgraphs.account import store
from subgraphs.account.domain import Account, AccountProblem, ProblemCode, Role
from subgraphs.account.handlers.registration import register
from subgraphs.account.handlers.resources import Resources
from subgraphs.account.handlers.sessions import SignedIn, login, logout, refresh
from subgraphs.chassis.entities import key_values
from subgraphs.chassis.federated_schema import build_schema
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.resolver_context import Context

AccountInfo: TypeAlias = Info[Context[Resources], None]
COMMERCE = "https://specs.example.dev/commerce/v1.0"

strawberry.enum(ProblemCode, name="ErrorCode")
strawberry.enum(Role, name="Role")


@strawberry.enum
class RateLimitKey(Enum):
    """Whose requests are counted together."""

    CALLER = "CALLER"
    IP = "IP"
    ARGUMENT_EMAIL = "ARGUMENT_EMAIL"


@strawberry.federation.schema_directive(
    locations=[Location.FIELD_DEFINITION], name="rateLimit", compose=True, import_url=COMMERCE
)
class RateLimit:
    """Enforced by the router, which reads it from the supergraph."""

    max: int
    window_seconds: int
    by: RateLimitKey = RateLimitKey.CALLER


def _own_or(info: AccountInfo, user_id: str, scope: str) -> None:
    """A scope says what kind of data, this says whose. Raises Refusal FORBIDDEN."""
    caller = info.context.caller
    if caller.user_id != user_id and not caller.has(scope):
        raise Refusal("FORBIDDEN", "This belongs to another user.")


@strawberry.federation.type(keys=["id"], name="User")
class User:
    """A user: what others may see, and more for themselves and for support."""

    id: strawberry.ID
    display_name: str
    created_at: datetime
    version: int
    account: Private[Account]

    @strawberry.federation.field(requires_scopes=[["profile:read"], ["customer:read"]])
    def email(self, info: AccountInfo) -> str:
        """The address as it was written at registration."""
        _own_or(info, self.account.id, "customer:read")
        return self.account.email

    @strawberry.federation.field(requires_scopes=[["profile:read"], ["customer:read"]])
    def email_verified(self, info: AccountInfo) -> bool:
        """Whether the address answered."""
        _own_or(info, self.account.id, "customer:read")
        return self.account.email_verified

    @strawberry.federation.field(requires_scopes=[["profile:read"], ["rbac:read"]])
    def roles(self, info: AccountInfo) -> list[Role]:
        """What the user does here."""
        _own_or(info, self.account.id, "rbac:read")
        return list(self.account.roles)

    @classmethod
    async def resolve_references(
        cls, info: AccountInfo, representations: Sequence[Mapping[str, Any]]
    ) -> list[User | None]:
        """One query for all users of a request."""
        wanted, by_item = key_values(representations, "id")
        found = await store.accounts(info.context.app.database, wanted)
        users = {key: user_type(account) for key, account in found.items()}
        return [users.get(key or "") for key in by_item]


def user_type(account: Account) -> User:
    """An account as GraphQL shows it."""
    return User(
        id=strawberry.ID(account.id),
        display_name=account.display_name,
        created_at=account.created_at,
        version=account.version,
        account=account,
    )


@strawberry.federation.type(shareable=True)
class UserError:
    """A rule the request broke."""

    code: ProblemCode
    message: str
    path: list[str] | None


@strawberry.type
class AuthPayload:
    """Who signed in and their tokens, or why not."""

    user: User | None = None
    access_token: str | None = None
    access_token_expires_at: datetime | None = None
    refresh_token: str | None = None
    user_errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class SessionPayload:
    """Which sessions have ended."""

    revoked_session_ids: list[strawberry.ID]
    user_errors: list[UserError]


@strawberry.input
class RegisterInput:
    """What a registration form holds."""

    email: str
    password: str
    display_name: str
    locale: str | None = None
    guest_cart_id: strawberry.ID | None = None


@strawberry.input
class LoginInput:
    """What a sign-in form holds."""

    email: str
    password: str
    guest_cart_id: strawberry.ID | None = None


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.federation.field(authenticated=True)
    async def me(self, info: AccountInfo) -> User | None:
        """Who the access token belongs to."""
        return await _user(info, info.context.caller.user_id or "")

    @strawberry.federation.field(requires_scopes=[["customer:read"]], tags=["admin"])
    async def user(self, info: AccountInfo, id: strawberry.ID) -> User | None:
        """Any user."""
        return await _user(info, id)


@strawberry.type
class Mutation:
    """What can be changed."""

    @strawberry.federation.field(
        directives=[RateLimit(max=5, window_seconds=3600, by=RateLimitKey.IP), Cost(weight=50)]
    )
    async def register(self, info: AccountInfo, input: RegisterInput) -> AuthPayload:
        """Open an account and sign it in."""
        return await _payload(
            register(
                info.context.app,
                email=input.email,
                password=input.password,
                display_name=input.display_name,
                locale=input.locale,
                guest_cart_id=input.guest_cart_id,
            )
        )

    @strawberry.federation.field(
        directives=[
            RateLimit(max=10, window_seconds=60, by=RateLimitKey.ARGUMENT_EMAIL),
            Cost(weight=50),
        ]
    )
    async def login(self, info: AccountInfo, input: LoginInput) -> AuthPayload:
        """Sign in."""
        return await _payload(login(info.context.app, input.email, input.password))

    @strawberry.field
    async def refresh_session(
        self, info: AccountInfo, refresh_token: str | None = None
    ) -> AuthPayload:
        """Exchange a refresh token."""
        return await _payload(refresh(info.context.app, refresh_token))

    @strawberry.federation.field(authenticated=True)
    async def logout(self, info: AccountInfo) -> SessionPayload:
        """End the session of the access token."""
        session_id = info.context.caller.session_id
        if session_id is None:
            return SessionPayload(revoked_session_ids=[], user_errors=[])
        await logout(info.context.app, session_id)
        return SessionPayload(revoked_session_ids=[strawberry.ID(session_id)], user_errors=[])


async def _user(info: AccountInfo, user_id: str) -> User | None:
    account = (await store.accounts(info.context.app.database, [user_id])).get(user_id)
    return user_type(account) if account else None


async def _payload(work: Awaitable[SignedIn]) -> AuthPayload:
    try:
        signed_in = await work
    except AccountProblem as problem:
        path = list(problem.path) or None
        error = UserError(code=problem.code, message=problem.message, path=path)
        return AuthPayload(user_errors=[error])
    return AuthPayload(
        user=user_type(signed_in.account),
        access_token=signed_in.access.text,
        access_token_expires_at=signed_in.access.expires_at,
        refresh_token=signed_in.refresh_token,
    )


schema = build_schema(Query, Mutation)
