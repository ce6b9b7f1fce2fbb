"""Registration, login, sessions and who may see what, through the GraphQL endpoint."""

from __future__ import annotations

import asyncio
from typing import Any

import jwt
import pytest
from argon2 import PasswordHasher

from subgraphs.account.domain import SCOPES, Role, scopes_of
from subgraphs.chassis.foundation import Foundation
from tests.account.conftest import Running
from tests.graphql_client import JSON, GraphqlClient

REGISTER = """
mutation($input: RegisterInput!) { register(input: $input) {
  user { id displayName } accessToken accessTokenExpiresAt refreshToken
  userErrors { code message path } } }
"""
LOGIN = """
mutation($input: LoginInput!) { login(input: $input) {
  user { id } accessToken refreshToken userErrors { code message path } } }
"""
REFRESH = """
mutation($token: String) { refreshSession(refreshToken: $token) {
  accessToken refreshToken userErrors { code } } }
"""
PASSWORD = "correct horse"


async def register(client: GraphqlClient, email: str = "ada@example.org", **more: Any) -> JSON:
    given = {"email": email, "password": PASSWORD, "displayName": "Ada", **more}
    answer: JSON = (await client.data(REGISTER, {"input": given}))["register"]
    return answer


async def login(client: GraphqlClient, email: str, password: str = PASSWORD) -> JSON:
    given = {"email": email, "password": password}
    answer: JSON = (await client.data(LOGIN, {"input": given}))["login"]
    return answer


async def refresh(client: GraphqlClient, token: str | None) -> JSON:
    answer: JSON = (await client.data(REFRESH, {"token": token}))["refreshSession"]
    return answer


def bearer(payload: JSON) -> JSON:
    return {"authorization": f"Bearer {payload['accessToken']}"}


def codes(payload: JSON) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def test_who_registers_is_signed_in(client: GraphqlClient) -> None:
    registered = await register(client)
    assert registered["userErrors"] == []
    me = await client.data(
        "{ me { id displayName email emailVerified roles version } }", headers=bearer(registered)
    )
    assert me["me"] == {
        "id": registered["user"]["id"],
        "displayName": "Ada",
        "email": "ada@example.org",
        "emailVerified": False,
        "roles": ["CUSTOMER"],
        "version": 1,
    }


async def test_an_email_address_is_used_once_however_it_is_written(client: GraphqlClient) -> None:
    await register(client, "Ada@Example.org")
    again = await register(client, " ada@EXAMPLE.ORG ")
    assert codes(again) == ["EMAIL_TAKEN"]
    assert again["userErrors"][0]["path"] == ["input", "email"]
    assert again["user"] is None
    assert again["accessToken"] is None


async def test_of_two_registrations_at_once_one_wins(
    client: GraphqlClient, foundation: Foundation
) -> None:
    both = await asyncio.gather(*(register(client, f"{name}@x.org") for name in ("EVE", "eve")))
    assert sorted(codes(one) for one in both) == [[], ["EMAIL_TAKEN"]]
    assert await foundation.database.fetchval("select count(*) from users") == 1
    assert await foundation.database.fetchval("select count(*) from outbox") == 1


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"email": "nobody"}, "INVALID_INPUT", "email"),
        ({"email": "a@b@c.org"}, "INVALID_INPUT", "email"),
        ({"email": "x" * 250 + "@x.org"}, "INVALID_INPUT", "email"),
        ({"password": "short"}, "WEAK_PASSWORD", "password"),
        ({"password": "aaaaaaaaaaaaa"}, "WEAK_PASSWORD", "password"),
        ({"password": "x1!" * 100}, "WEAK_PASSWORD", "password"),
        ({"password": "ada@example.org"}, "WEAK_PASSWORD", "password"),
        ({"displayName": "  "}, "INVALID_INPUT", "displayName"),
        ({"displayName": "a\nb"}, "INVALID_INPUT", "displayName"),
        ({"locale": "english please"}, "INVALID_INPUT", "locale"),
    ],
)
async def test_a_registration_that_breaks_a_rule_says_which(
    client: GraphqlClient, foundation: Foundation, change: JSON, code: str, path: str
) -> None:
    refused = await register(client, **{"email": "ada@example.org", **change})
    assert codes(refused) == [code]
    assert refused["userErrors"][0]["path"] == ["input", path]
    assert await foundation.database.fetchval("select count(*) from users") == 0


async def test_registration_is_told_to_the_other_services(
    client: GraphqlClient, foundation: Foundation
) -> None:
    registered = await register(client, guestCartId="crt_1", locale="nb-NO")
    row = await foundation.database.fetchrow("select * from outbox")
    assert row is not None
    assert row["type"] == "account.user.registered"
    assert row["aggregate_id"] == registered["user"]["id"]
    assert row["payload"] == '{"locale": "nb-NO", "guest_cart_id": "crt_1"}'


async def test_login_needs_the_right_password_and_does_not_say_what_was_wrong(
    client: GraphqlClient,
) -> None:
    registered = await register(client)
    right = await login(client, "ADA@example.org")
    assert right["user"]["id"] == registered["user"]["id"]
    wrong = await login(client, "ada@example.org", "incorrect horse")
    nobody = await login(client, "bob@example.org")
    assert wrong == nobody
    assert codes(wrong) == ["BAD_CREDENTIALS"]


async def test_passwords_are_stored_as_argon2id_only(
    client: GraphqlClient, foundation: Foundation
) -> None:
    await register(client)
    stored: str = await foundation.database.fetchval("select password_hash from users")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_an_outdated_hash_is_renewed_at_login(
    client: GraphqlClient, foundation: Foundation
) -> None:
    await register(client)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await foundation.database.execute("update users set password_hash = $1", weak)
    assert codes(await login(client, "ada@example.org")) == []
    stored: str = await foundation.database.fetchval("select password_hash from users")
    assert "m=19456" in stored


async def test_an_access_token_is_short_and_says_who_and_what(client: GraphqlClient) -> None:
    registered = await register(client)
    token = registered["accessToken"]
    keys = (await client.http.get("/.well-known/jwks.json")).json()["keys"]
    kid = jwt.get_unverified_header(token)["kid"]
    [key] = [key for key in keys if key["kid"] == kid]
    assert "d" not in key
    claims = jwt.decode(
        token, jwt.PyJWK(key), algorithms=["EdDSA"], audience="supergraph", issuer="account"
    )
    assert claims["sub"] == registered["user"]["id"]
    assert claims["exp"] - claims["iat"] <= 600
    assert set(claims["scope"].split()) == SCOPES[Role.CUSTOMER]


async def test_a_refresh_token_is_exchanged_and_a_double_submit_is_harmless(
    client: GraphqlClient,
) -> None:
    first = (await register(client))["refreshToken"]
    one, two = await asyncio.gather(refresh(client, first), refresh(client, first))
    assert one["refreshToken"] == two["refreshToken"] != first
    assert codes(await refresh(client, one["refreshToken"])) == []


async def test_a_spent_refresh_token_ends_the_session(
    client: GraphqlClient, foundation: Foundation
) -> None:
    first = (await register(client))["refreshToken"]
    second = (await refresh(client, first))["refreshToken"]
    third = (await refresh(client, second))["refreshToken"]
    assert codes(await refresh(client, first)) == ["TOKEN_REUSED"]
    assert codes(await refresh(client, third)) == ["TOKEN_EXPIRED"]
    types = [row["type"] for row in await foundation.database.fetch("select type from outbox")]
    assert types == ["account.user.registered", "account.session.revoked"]


@pytest.mark.parametrize("token", [None, "", "guess", "x" * 500])
async def test_a_refresh_token_nobody_was_given_is_refused(
    client: GraphqlClient, token: str | None
) -> None:
    assert codes(await refresh(client, token)) == ["TOKEN_EXPIRED"]


async def test_after_logout_the_session_cannot_be_refreshed(client: GraphqlClient) -> None:
    registered = await register(client)
    ended = await client.data(
        "mutation { logout { revokedSessionIds } }", headers=bearer(registered)
    )
    assert len(ended["logout"]["revokedSessionIds"]) == 1
    assert codes(await refresh(client, registered["refreshToken"])) == ["TOKEN_EXPIRED"]


async def test_guests_have_no_me(client: GraphqlClient) -> None:
    answer = await client.ask("{ me { id } }")
    assert answer["data"] == {"me": None}
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


ENTITY = """
query($id: ID!) { _entities(representations: [{__typename: "User", id: $id}]) {
  ... on User { displayName } } }
"""
PRIVATE = ENTITY.replace("displayName", "email")


async def test_what_is_private_is_shown_to_its_owner_only(client: GraphqlClient) -> None:
    ada, eve = await register(client), await register(client, "eve@example.org")
    ada_id = {"id": ada["user"]["id"]}
    assert (await client.data(ENTITY, ada_id))["_entities"] == [{"displayName": "Ada"}]
    own = await client.data(PRIVATE, ada_id, bearer(ada))
    assert own["_entities"] == [{"email": "ada@example.org"}]
    for headers, code in ((bearer(eve), "FORBIDDEN"), ({}, "UNAUTHENTICATED")):
        answer = await client.ask(PRIVATE, ada_id, headers)
        assert answer["data"]["_entities"] == [None]
        assert answer["errors"][0]["extensions"]["code"] == code


async def test_users_are_loaded_in_one_query(client: GraphqlClient) -> None:
    ids = [(await register(client, f"u{n}@x.org"))["user"]["id"] for n in range(3)]
    given = [{"__typename": "User", "id": key} for key in [*ids, "usr_nobody"]]
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }"
    found = (await client.data(query, {"r": given}))["_entities"]
    assert [user["id"] if user else None for user in found] == [*ids, None]


def test_an_admin_may_do_everything_any_role_may() -> None:
    assert all(scopes_of([role]) <= scopes_of([Role.ADMIN]) for role in Role)


async def test_health_names_its_parts(client: GraphqlClient, running: Running) -> None:
    health = (await client.http.get("/health/ready")).json()
    assert health["checks"] == {"database": "up", "redis": "up"}
