"""Accounts for peers, over gRPC."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson
import pytest

from proto.account.v1 import account_pb2, account_pb2_grpc
from subgraphs.chassis.foundation import Foundation
from subgraphs.chassis.grpc_peer import Peer
from subgraphs.chassis.grpc_server import GrpcServer
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.service_tokens import ServiceTokens
from tests.account.conftest import Running
from tests.account.test_signing_in import bearer, register
from tests.graphql_client import GraphqlClient
from tests.settings import SECRET


@pytest.fixture
async def peer(running: Running, foundation: Foundation) -> AsyncIterator[Peer]:
    server = GrpcServer("account", running.service.grpc, foundation.service_tokens)
    await server.start("127.0.0.1:0")
    peer = Peer("account", f"127.0.0.1:{server.port}", ServiceTokens("order", SECRET))
    yield peer
    await peer.close()
    await server.stop(0.1)


async def test_a_peer_gets_an_account(client: GraphqlClient, peer: Peer) -> None:
    user_id = (await register(client))["user"]["id"]
    stub = account_pb2_grpc.AccountServiceStub(peer.channel)
    account = await peer.call(stub.GetAccount, account_pb2.GetAccountRequest(id=user_id))
    assert (account.email, list(account.roles)) == ("ada@example.org", ["CUSTOMER"])


async def test_an_account_that_does_not_exist_is_not_found_or_left_out(
    client: GraphqlClient, peer: Peer
) -> None:
    user_id = (await register(client))["user"]["id"]
    stub = account_pb2_grpc.AccountServiceStub(peer.channel)
    with pytest.raises(Refusal, match="usr_nobody") as refused:
        await peer.call(stub.GetAccount, account_pb2.GetAccountRequest(id="usr_nobody"))
    assert refused.value.code == "NOT_FOUND"
    asked = account_pb2.BatchGetAccountsRequest(ids=["usr_nobody", user_id])
    batch = await peer.call(stub.BatchGetAccounts, asked)
    assert [account.id for account in batch.accounts] == [user_id]


async def test_a_peer_that_has_no_business_with_accounts_is_refused(peer: Peer) -> None:
    peer = Peer("account", peer.address, ServiceTokens("catalog", SECRET))
    stub = account_pb2_grpc.AccountServiceStub(peer.channel)
    with pytest.raises(Refusal) as refused:
        await peer.call(stub.GetAccount, account_pb2.GetAccountRequest(id="usr_1"))
    assert refused.value.code == "FORBIDDEN"
    await peer.close()


async def test_a_session_is_revoked_after_logout(client: GraphqlClient, peer: Peer) -> None:
    registered = await register(client)
    stub = account_pb2_grpc.AuthServiceStub(peer.channel)
    ended = "mutation { logout { revokedSessionIds } }"
    session = (await client.data(ended, headers=bearer(registered)))["logout"]
    [session_id] = session["revokedSessionIds"]
    for asked, revoked in ((session_id, True), ("ses_never", True)):
        request = account_pb2.IsSessionRevokedRequest(session_id=asked)
        assert (await peer.call(stub.IsSessionRevoked, request)).revoked is revoked


async def test_signing_keys_are_public_halves(peer: Peer) -> None:
    stub = account_pb2_grpc.AuthServiceStub(peer.channel)
    answer = await peer.call(stub.GetSigningKeys, account_pb2.GetSigningKeysRequest())
    assert all("d" not in key for key in orjson.loads(answer.jwks)["keys"])
