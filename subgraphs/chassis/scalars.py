"""The custom scalars of our contracts, as types to annotate Strawberry fields with.

`Decimal` fields take text that `money.decimal_text` made; `Long` fields take an int.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

DecimalText = NewType("DecimalText", str)
Long = NewType("Long", int)
CountryCode = NewType("CountryCode", str)

_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,18})?")
_COUNTRY = re.compile(r"[A-Z]{2}")


def _decimal(value: Any) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _DECIMAL.fullmatch(text):
        return text
    raise GraphQLError(f'Decimal cannot represent {value!r}; write it as text: "19.99".')


def _long(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        return value
    raise GraphQLError(f"Long cannot represent {value!r}; it takes an integer of 64 bits.")


def _country(value: Any) -> str:
    if isinstance(value, str) and _COUNTRY.fullmatch(value):
        return value
    raise GraphQLError(f'CountryCode cannot represent {value!r}; write ISO 3166, as in "NO".')


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise GraphQLError(
            f"DateTime cannot represent {value!r}; write RFC 3339 with an offset, "
            'as in "2026-01-31T12:00:00Z".'
        )
    return moment


def _moment_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


SCALARS: Mapping[object, ScalarDefinition] = {
    DecimalText: strawberry.scalar(name="Decimal", serialize=str, parse_value=_decimal),
    Long: strawberry.scalar(name="Long", serialize=int, parse_value=_long),
    CountryCode: strawberry.scalar(name="CountryCode", serialize=str, parse_value=_country),
    datetime: strawberry.scalar(name="DateTime", serialize=_moment_text, parse_value=_moment),
}
