"""TLS to subgraphs: whom the router trusts, who it says it is, and what it tells otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from router.execute.transport import SubgraphAnswer
from router.serve.settings.read import SettingsError, parse_settings
from router.serve.toward_subgraphs import reaching
from tests.execute.scripted_server import Peer, ScriptedServer, ask, ok, scripted
from tests.execute.throwaway_authority import Authority

DATA = b'{"data":{}}'


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


async def answers(peer: Peer) -> None:
    while True:
        await peer.request()
        await peer.write(ok(DATA))


async def asked(server: ScriptedServer, tls: dict[str, Any]) -> SubgraphAnswer:
    settings = parse_settings({"tls": {"subgraph": tls}}, {})
    client = server.client(reaching(settings, "shop"), "https")
    try:
        return await ask(client)
    finally:
        client.close()


def identity(authority: Authority, name: str = "router") -> dict[str, str]:
    own = authority.certify(name)
    return {"certificate_chain": own.certificate, "key": own.key}


async def test_a_private_authority_is_trusted_when_the_settings_name_it(
    authority: Authority, tmp_path: Path
) -> None:
    async with scripted(answers, authority.server_context(tmp_path)) as server:
        trusting = await asked(server, {"all": {"certificate_authorities": authority.certificate}})
        assert trusting.body == DATA
        doubting = await asked(server, {})
        assert doubting.failure is not None
        assert doubting.failure.kind == "connect"
        assert "certificate verify failed" in doubting.failure.message


async def test_a_certificate_for_another_name_is_not_taken(
    authority: Authority, tmp_path: Path
) -> None:
    async with scripted(answers, authority.server_context(tmp_path, "elsewhere.test")) as server:
        answer = await asked(server, {"all": {"certificate_authorities": authority.certificate}})
        assert answer.failure is not None
        assert answer.failure.kind == "connect"
        assert "Hostname mismatch" in answer.failure.message


async def test_a_subgraph_that_wants_to_know_who_asks_is_told(
    authority: Authority, tmp_path: Path
) -> None:
    context = authority.server_context(tmp_path, clients=authority)
    async with scripted(answers, context) as server:
        trust = {"certificate_authorities": authority.certificate}
        own = {"client_authentication": identity(authority)}
        for tls in (
            {"all": {**trust, **own}},
            {"all": trust, "subgraphs": {"shop": own}},
            {"subgraphs": {"shop": {**trust, **own}}},
        ):
            assert (await asked(server, tls)).body == DATA
        for tls in (
            {"all": trust},
            {"all": trust, "subgraphs": {"other": own}},
            {"all": {**trust, "client_authentication": identity(Authority())}},
        ):
            answer = await asked(server, tls)
            assert answer.failure is not None
            assert answer.failure.kind in {"connect", "closed"}


@pytest.mark.parametrize(
    ("tls", "message"),
    [
        (
            {"all": {"certificate_authorities": "no PEM"}},
            "tls.subgraph.all.certificate_authorities: no certificates in PEM",
        ),
        (
            {
                "subgraphs": {
                    "shop": {"client_authentication": {"certificate_chain": "", "key": ""}}
                }
            },
            "tls.subgraph.subgraphs.shop.client_authentication: certificate_chain and key do not",
        ),
    ],
)
def test_what_is_no_certificate_is_told_with_its_place(tls: dict[str, Any], message: str) -> None:
    settings = parse_settings({"tls": {"subgraph": tls}}, {})
    with pytest.raises(SettingsError) as caught:
        reaching(settings, "shop")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_key_that_does_not_belong_to_the_certificate_is_told(authority: Authority) -> None:
    mixed = {**identity(authority), "key": authority.certify("other").key}
    settings = parse_settings({"tls": {"subgraph": {"all": {"client_authentication": mixed}}}}, {})
    with pytest.raises(SettingsError, match="certificate_chain and key do not fit"):
        reaching(settings, "shop")
