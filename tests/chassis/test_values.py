"""Ids, money and cursors: values that survive the way out and back, and say what is wrong."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.chassis.cursors import checked_page, from_cursor, to_cursor
from subgraphs.chassis.ids import checked_id, is_id, new_id, uuid7_hex
from subgraphs.chassis.money import Money, checked_currency, decimal_text, exponent, minor_units
from subgraphs.chassis.refusal import Refusal
from subgraphs.chassis.tracing import current_trace_id, enter_trace

CURRENCIES = st.sampled_from(["EUR", "JPY", "BHD", "CLF", "USD"])


def test_ids_sort_by_age_and_never_repeat() -> None:
    first = new_id("ord")
    time.sleep(0.002)
    later = [new_id("ord") for _ in range(1000)]
    assert all(first < other for other in later)
    assert len(set(later)) == 1000


def test_an_id_is_a_version_7_uuid() -> None:
    digits = uuid7_hex()
    assert digits[12] == "7"
    assert digits[16] in "89ab"
    assert abs(int(digits[:12], 16) / 1000 - time.time()) < 5


@pytest.mark.parametrize(
    "text", ["", "ord_", "prd_" + "0" * 32, "ord_" + "g" * 32, "ord_" + "0" * 33]
)
def test_what_is_no_id_is_refused_with_its_field(text: str) -> None:
    assert not is_id(text, "ord")
    with pytest.raises(Refusal, match=r"^input\.id: ") as refused:
        checked_id(text, "ord", "input.id")
    assert refused.value.details == {"field": "input.id"}


@given(st.integers(-(10**17), 10**17), CURRENCIES)
def test_an_amount_is_the_same_after_the_way_through_text(minor: int, currency: str) -> None:
    text = decimal_text(minor, currency)
    assert minor_units(text, currency) == minor
    assert len(text.partition(".")[2]) == exponent(currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1999, "EUR", "19.99"),
        (-5, "EUR", "-0.05"),
        (7, "JPY", "7"),
        (1, "BHD", "0.001"),
        (0, "USD", "0.00"),
    ],
)
def test_amounts_as_people_write_them(minor: int, currency: str, text: str) -> None:
    assert decimal_text(minor, currency) == text


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("19.999", "EUR"),
        ("1.5", "JPY"),
        ("1e3", "EUR"),
        ("", "EUR"),
        ("NaN", "EUR"),
        ("1,5", "EUR"),
    ],
)
def test_an_amount_that_is_not_exact_is_refused(text: str, currency: str) -> None:
    with pytest.raises(Refusal, match=currency):
        minor_units(text, currency)


def test_only_amounts_of_one_currency_are_added() -> None:
    assert str(Money(150, "EUR") + Money(50, "EUR").times(3)) == "3.00 EUR"
    with pytest.raises(ValueError, match="USD cannot be added to EUR"):
        _ = Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize("text", ["eur", "EURO", "", "E1R"])
def test_a_currency_is_three_capital_letters(text: str) -> None:
    with pytest.raises(Refusal, match="three letters"):
        checked_currency(text)


@given(st.tuples(st.text(max_size=50), st.integers(-(2**53), 2**53)))
def test_a_cursor_gives_its_key_back(key: tuple[str, int]) -> None:
    assert from_cursor(to_cursor(*key), 2) == key


@given(st.text(max_size=80))
def test_any_other_text_is_no_cursor(text: str) -> None:
    with pytest.raises(Refusal, match="after"):
        from_cursor(text, 7)


@pytest.mark.parametrize("size", [0, -1, 101])
def test_a_page_has_a_size_within_bounds(size: int) -> None:
    with pytest.raises(Refusal, match=r"outside 1\.\.100"):
        checked_page(size)
    assert checked_page(100) == 100


def test_a_trace_is_continued_with_a_span_of_our_own() -> None:
    ours = enter_trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    assert ours.startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert "b7ad6b7169203331" not in ours
    assert ours.endswith("-01")
    assert current_trace_id() == "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize("header", [None, "", "garbage", "00-" + "0" * 32 + "-b7ad6b7169203331-01"])
def test_a_trace_that_is_none_is_begun_anew(header: str | None) -> None:
    assert len(enter_trace(header)) == 55
    assert current_trace_id().strip("0")
