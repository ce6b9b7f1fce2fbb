"""What the environment says, checked once at the start; a wrong value ends the process in a line.

class Settings(ServiceSettings):
    service: ClassVar[str] = "catalog"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_CATALOG")

settings = load(Settings)
"""

from __future__ import annotations

import difflib
import os
import sys
from typing import Annotated, Any, ClassVar, Literal, NoReturn, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

BAD_CONFIGURATION = 2
SHORTEST_SECRET = 32


def _url_of(*schemes: str) -> AfterValidator:
    def check(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname:
            wanted = " or ".join(f"{scheme}://" for scheme in schemes)
            raise ValueError(f"expected {wanted}host:port/..., got {_without_password(text)!r}")
        try:
            _ = parts.port
        except ValueError:
            raise ValueError("the port is not a number below 65536") from None
        return text

    return AfterValidator(check)


def _without_password(text: str) -> str:
    before, at, after = text.rpartition("@")
    return f"…@{after}" if at and before else text


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if text.startswith("unix:"):
        return text
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"expected host:port, got {text!r}")
    return text


PostgresUrl = Annotated[str, _url_of("postgresql", "postgres")]
RedisUrl = Annotated[str, _url_of("redis", "rediss", "unix")]
HttpUrl = Annotated[str, _url_of("http", "https")]
Address = Annotated[str, AfterValidator(_address)]
Port = Annotated[int, Field(ge=0, le=65535)]
Secret = Annotated[str, Field(min_length=SHORTEST_SECRET)]


class ServiceSettings(BaseSettings):
    """The settings every service has; a service's own class adds to them and names its database."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, frozen=True)

    service: ClassVar[str] = "service"

    database_url: PostgresUrl
    redis_url: RedisUrl
    jwks_url: HttpUrl
    service_token_secret: Secret
    host: str = "127.0.0.1"
    graphql_port: Port
    grpc_port: Port
    token_issuer: str = "account"  # noqa: S105 - the issuer's name, not a secret
    token_audience: str = "supergraph"  # noqa: S105 - the audience's name, not a secret
    log_format: Literal["json", "text"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    database_connections: Annotated[int, Field(ge=2, le=100)] = 10
    drain_seconds: Annotated[float, Field(gt=0, le=300)] = 10.0


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


def load(kind: type[SettingsT]) -> SettingsT:
    """Settings from the environment; prints one line to stderr and exits with 2 if they are bad."""
    try:
        return kind.model_validate({})
    except ValidationError as error:
        stop(f"{kind.service}: {describe(kind, error)}")


def stop(line: str) -> NoReturn:
    """End the process for bad configuration: one line that says what and where."""
    sys.stderr.write(line.rstrip() + "\n")
    raise SystemExit(BAD_CONFIGURATION)


def describe(kind: type[ServiceSettings], error: ValidationError) -> str:
    """All problems in one line, each with the variable's name and the reason."""
    return "; ".join(_problem(kind, dict(item)) for item in error.errors(include_url=False))


def _problem(kind: type[ServiceSettings], item: dict[str, Any]) -> str:
    variable = _variable(kind, str(item["loc"][0]) if item["loc"] else "environment")
    if item["type"] == "missing":
        return f"{variable} is not set{_nearly(variable, kind)}"
    reason = str(item["msg"]).removeprefix("Value error, ")
    return f"{variable}: {reason}"


def _variable(kind: type[ServiceSettings], location: str) -> str:
    field = kind.model_fields.get(location)
    alias = field.validation_alias if field is not None else None
    return (alias if isinstance(alias, str) else location).upper()


def _nearly(variable: str, kind: type[ServiceSettings]) -> str:
    ours = {_variable(kind, name) for name in kind.model_fields}
    others = [name for name in os.environ if name not in ours]
    close = difflib.get_close_matches(variable, others, n=1, cutoff=0.8)
    return f" (did you mean {close[0]}, which is set?)" if close else ""
