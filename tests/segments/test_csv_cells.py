from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from include.segments.csv_cells import to_cell


@pytest.mark.parametrize("text", ["=1+1", "@x", "+1+cmd|x", "-x", "\t=1", "\r=1", "  =1", "\n@x", "-", "+"])
def test_text_that_would_run_gets_an_apostrophe(text: str) -> None:
    expected = (text, False) if text in "-+" else (f"'{text}", True)
    assert to_cell(text) == expected


@pytest.mark.parametrize(
    "text",
    ["\u200b=1+1", "\ufeff@x", " \u200d\x01+1+cmd", "\uff1d1", "\uff20x", "\uff0b1+1", "\uff0dx", "\ufe661"],
)
def test_formula_is_seen_behind_what_nobody_sees_and_in_wide_letters(text: str) -> None:
    assert to_cell(text) == (f"'{text}", True)


@pytest.mark.parametrize("text", ["\u200b", "\u200bAnna", "\uff21", "\uff0b49 30", "\u200b-1.5"])
def test_what_is_wide_or_hidden_and_no_formula_stays(text: str) -> None:
    assert to_cell(text) == (text, False)


@pytest.mark.parametrize("text", ["+49 (30) 123-45", "-12.50", "a=b", "anna@example.com", "", "main:1"])
def test_text_that_does_not_run_is_left_alone(text: str) -> None:
    assert to_cell(text) == (text, False)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (-5, "-5"),
        (Decimal("-0.5000"), "-0.5000"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 5, 1), "2026-05-01"),
        ([{"name": "Möbel", "qty": 2.0}], '[{"name": "Möbel", "qty": 2.0}]'),
        (
            datetime(2026, 5, 1, 2, tzinfo=timezone(timedelta(hours=2))),
            "2026-05-01T00:00:00Z",
        ),
    ],
)
def test_values_stand_as_tools_read_them(value: object, cell: str) -> None:
    assert to_cell(value) == (cell, False)
