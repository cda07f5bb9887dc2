"""What a text of the wire is as a value: the conventions of the warehouse's column names, read once more by hand.

A column's type follows from its name; the few that the endings do not tell are listed among them. What is none of
these is text, exactly as it was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

Value = object


def number(text: str) -> Decimal:
    """Money, quantities, rates, percentages: exact."""
    return Decimal(text)


def instant(text: str) -> datetime | None:
    """The shop's stamps are UTC without saying so; its zero date is none."""
    if text.startswith("0000-00-00"):
        return None
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


def day(text: str) -> date:
    """Birthdays come as midnights."""
    return date.fromisoformat(text.removesuffix(" 00:00:00"))


def flag(text: str) -> bool:
    """Two spellings: of strings and of booleans."""
    return {"1": True, "true": True, "0": False, "false": False}[text]


BY_ENDING: tuple[tuple[str, Callable[[str], Value]], ...] = (
    ("_amount", number),
    ("_qty", number),
    ("_rate", number),
    ("_pct", number),
    ("weight", number),
    ("_at", instant),
    ("_date", day),
    ("_id", int),
    ("_count", int),
    ("sort_order", int),
    ("gender_code", int),
    ("comment_number", int),
)


def typed(column: str, text: str | None) -> Value:
    """What the warehouse must hold for a text of the wire."""
    if text is None:
        return None
    if column.startswith(("is_", "has_")):
        return flag(text)
    return next((read(text) for ending, read in BY_ENDING if column.endswith(ending)), text)
