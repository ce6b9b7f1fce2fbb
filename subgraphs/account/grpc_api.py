"""Accounts for peers: protobuf ↔ store."""

from __future__ import annotations

from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from proto.account.v1 import account_pb2, account_pb2_grpc
from subgraphs.account import store
from subgraphs.account.domain import Account
from subgraphs.account.handlers.resources import Resources
from subgraphs.chassis.grpc_gate import GrpcService
from subgraphs.chassis.refusal import Refusal

LARGEST_BATCH = 200


class AccountServicer(account_pb2_grpc.AccountServiceServicer):
    """account.v1.AccountService."""

    def __init__(self, resources: Resources) -> None:
        self._database = resources.database

    async def GetAccount(  # noqa: N802 - named by the contract
        self, request: account_pb2.GetAccountRequest, context: Any
    ) -> account_pb2.Account:
        """One account."""
        del context
        found = await store.accounts(self._database, [request.id])
        if request.id not in found:
            raise Refusal("NOT_FOUND", f'There is no account "{request.id[:60]}".')
        return _message(found[request.id])

    async def BatchGetAccounts(  # noqa: N802 - named by the contract
        self, request: account_pb2.BatchGetAccountsRequest, context: Any
    ) -> account_pb2.BatchGetAccountsResponse:
        """Those of the asked accounts that exist."""
        del context
        if len(request.ids) > LARGEST_BATCH:
            raise Refusal("INVALID_INPUT", f"ids: at most {LARGEST_BATCH} at once.")
        found = await store.accounts(self._database, list(request.ids))
        return account_pb2.BatchGetAccountsResponse(
            accounts=[_message(account) for account in found.values()]
        )


class AuthServicer(account_pb2_grpc.AuthServiceServicer):
    """account.v1.AuthService."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def GetSigningKeys(  # noqa: N802 - named by the contract
        self, request: account_pb2.GetSigningKeysRequest, context: Any
    ) -> account_pb2.GetSigningKeysResponse:
        """The JWKS document."""
        del request, context
        jwks = await self._resources.keys.jwks()
        return account_pb2.GetSigningKeysResponse(jwks=jwks.decode())

    async def IsSessionRevoked(  # noqa: N802 - named by the contract
        self, request: account_pb2.IsSessionRevokedRequest, context: Any
    ) -> account_pb2.IsSessionRevokedResponse:
        """Whether a session has ended."""
        del context
        revoked = await store.is_revoked(self._resources.database, request.session_id)
        return account_pb2.IsSessionRevokedResponse(revoked=revoked)


def services(resources: Resources) -> tuple[GrpcService, ...]:
    """What account offers its peers."""
    accounts = account_pb2_grpc.add_AccountServiceServicer_to_server
    auth = account_pb2_grpc.add_AuthServiceServicer_to_server
    personal = frozenset({"order", "payment"})
    return (
        GrpcService(
            "account.v1.AccountService",
            accounts,
            AccountServicer(resources),
            default_callers=personal,
        ),
        GrpcService("account.v1.AuthService", auth, AuthServicer(resources)),
    )


def _message(account: Account) -> account_pb2.Account:
    created = Timestamp()
    created.FromDatetime(account.created_at)
    return account_pb2.Account(
        id=account.id,
        email=account.email,
        email_verified=account.email_verified,
        display_name=account.display_name,
        locale=account.locale,
        roles=list(account.roles),
        version=account.version,
        created_at=created,
    )
