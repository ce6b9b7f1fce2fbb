"""Money: integer minor units of a currency. Never a float, anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from subgraphs.chassis.refusal import Refusal

# ISO 4217 exponents that are not 2.
_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
_CODE = re.compile(r"[A-Z]{3}")
_DECIMAL = re.compile(r"(-?)(\d{1,18})(?:\.(\d{1,4}))?")
LARGEST = 2**63 - 1


def exponent(currency: str) -> int:
    """How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for BHD."""
    return _EXPONENTS.get(currency, 2)


def checked_currency(text: str, field: str = "currency") -> str:
    """`text` itself. Raises Refusal INVALID_INPUT when it is no ISO 4217 code."""
    if _CODE.fullmatch(text):
        return text
    raise Refusal("INVALID_INPUT", f'{field}: "{text[:20]}" is not a code of three letters A-Z.')


def decimal_text(minor: int, currency: str) -> str:
    """The exact amount for people and GraphQL's Decimal: (1999, "EUR") is "19.99"."""
    places = _EXPONENTS.get(currency, 2)
    if places == 0:
        return str(minor)
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def minor_units(text: str, currency: str, field: str = "amount") -> int:
    """The reverse of decimal_text. Raises Refusal INVALID_INPUT when `text` is not exact."""
    found = _DECIMAL.fullmatch(text)
    places = exponent(currency)
    if found is None or len((found[3] or "").rstrip("0")) > places:
        raise Refusal(
            "INVALID_INPUT",
            f'{field}: "{text[:30]}" is not an amount of {currency} '
            f"with at most {places} decimals.",
        )
    fraction = (found[3] or "")[:places].ljust(places, "0")
    amount = int(found[2] + fraction)
    return -amount if found[1] else amount


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents) of an ISO 4217 currency."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} cannot be added to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def times(self, quantity: int) -> Money:
        """This amount for `quantity` pieces."""
        return Money(self.minor * quantity, self.currency)

    def __str__(self) -> str:
        return f"{decimal_text(self.minor, self.currency)} {self.currency}"
