"""A wrong environment ends the process with one line that names the variable and the reason."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pydantic import Field

from subgraphs.chassis.migrate import main as migrate
from subgraphs.chassis.settings import BAD_CONFIGURATION, PostgresUrl, ServiceSettings, load

GOOD = {
    "DATABASE_URL_SHELF": "postgresql://shelf:secret@localhost:5432/shelf",
    "REDIS_URL": "redis://localhost:6379/0",
    "JWKS_URL": "http://localhost:4001/jwks.json",
    "SERVICE_TOKEN_SECRET": "x" * 32,
    "GRAPHQL_PORT": "4001",
    "GRPC_PORT": "5001",
}


class Settings(ServiceSettings):
    """Of a service that lends books."""

    service: ClassVar[str] = "shelf"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_SHELF")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def line_of(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        load(Settings)
    assert ended.value.code == BAD_CONFIGURATION
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_a_good_environment_is_read(environment: pytest.MonkeyPatch) -> None:
    settings = load(Settings)
    assert settings.database_url == GOOD["DATABASE_URL_SHELF"]
    assert (settings.host, settings.graphql_port) == ("127.0.0.1", 4001)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DATABASE_URL_SHELF", "mysql://x/y", "expected postgresql:// or postgres://"),
        ("DATABASE_URL_SHELF", "postgresql://h:99999/x", "the port is not a number below 65536"),
        ("REDIS_URL", "localhost", "expected redis://"),
        ("JWKS_URL", "ftp://x", "expected http:// or https://"),
        ("GRAPHQL_PORT", "many", "valid integer"),
        ("GRPC_PORT", "70000", "less than or equal to 65535"),
        ("SERVICE_TOKEN_SECRET", "short", "at least 32 characters"),
        ("LOG_FORMAT", "xml", "'json' or 'text'"),
    ],
)
def test_a_wrong_value_is_named_with_the_reason(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    reason: str,
) -> None:
    environment.setenv(name, value)
    line = line_of(capsys)
    assert line.startswith(f"shelf: {name}: ")
    assert reason in line


def test_a_missing_variable_is_named_and_so_is_the_misspelt_one(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv("GRPC_PORT")
    environment.setenv("GRCP_PORT", "5001")
    assert line_of(capsys) == (
        "shelf: GRPC_PORT is not set (did you mean GRCP_PORT, which is set?)"
    )


def test_a_password_is_never_shown(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATABASE_URL_SHELF", "mysql://me:topsecret@db/x")
    assert "topsecret" not in line_of(capsys)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "usage: python -m subgraphs.chassis.migrate NAME [REVISION]"),
        (["account"], "migrate account: DATABASE_URL_ACCOUNT is not set"),
        (["nothing"], "migrate nothing: DATABASE_URL_NOTHING is not set"),
    ],
)
def test_a_migration_that_cannot_start_says_why(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    line: str,
) -> None:
    monkeypatch.delenv("DATABASE_URL_ACCOUNT", raising=False)
    with pytest.raises(SystemExit):
        migrate(arguments)
    assert capsys.readouterr().err.splitlines() == [line]


def test_a_migration_of_no_database_lists_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL_NOTHING", "postgresql://x@127.0.0.1:9/x")
    with pytest.raises(SystemExit):
        migrate(["nothing"])
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("migrate: db/nothing has no migrations; there are: account, ")
