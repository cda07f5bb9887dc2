"""The shop's own books (`truth/*.tsv`) as reports count them: which orders count, their days and their amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.wire.recorded import Row, truth
from tests.wire.values import instant

BERLIN = ZoneInfo("Europe/Berlin")


def orders_that_count(truth_dir: Path) -> dict[str, Row]:
    """The orders that are not cancelled, by id."""
    return {str(row["entity_id"]): row for row in truth(truth_dir, "orders") if row["state"] != "canceled"}


def is_foreign(order: Row) -> bool:
    """Whether the books have the order's amounts in something else than base currency."""
    same = (
        order["order_currency_code"] == order["base_currency_code"],
        order["grand_total"] == order["base_grand_total"],
    )
    return not all(same)


def number(text: str | None) -> Decimal:
    """An amount or quantity; nothing is zero."""
    return Decimal(text or 0)


def day_of(text: str | None) -> date | None:
    """Day of a stamp in the shop's zone."""
    moment = instant(text) if text else None
    return moment.astimezone(BERLIN).date() if moment else None


def month_of(text: str | None) -> date | None:
    """First day of the month of a stamp."""
    day = day_of(text)
    return day.replace(day=1) if day else None
