"""Text to typed Arrow columns: whole columns at once, cell by cell only where a column has an odd cell.

Arrow refuses a whole column for one bad cell, so the fast way is tried first; what it refuses is read cell by cell, and
a cell that cannot be read is reported by its row instead of raised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from include.entities.model import Kind

NO_DATE = "0000-00-00"
ARROW_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.KEY: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.AMOUNT: pa.decimal128(20, 4),
    Kind.QUANTITY: pa.decimal128(20, 4),
    Kind.RATE: pa.decimal128(20, 8),
    Kind.PERCENT: pa.decimal128(12, 4),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.DAY: pa.date32(),
    Kind.FLAG: pa.bool_(),
}
Column = tuple[pa.Array, list[int]]


def cast(values: Sequence[str | None], kind: Kind) -> Column:
    """Type one column.

    Args:
        values: text as the store sent it; blank means None.
        kind: what the values are.

    Returns:
        The typed array, NULL where unreadable, and the positions of the unreadable cells.
    """
    text = pa.array(values, pa.string())
    if kind in (Kind.TEXT, Kind.KEY) or text.null_count == len(text):
        return text.cast(ARROW_TYPES[kind]), []
    try:
        return _whole(text, kind), []
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return _cell_by_cell(values, kind)


def _whole(text: pa.Array, kind: Kind) -> pa.Array:
    if kind is Kind.INSTANT:
        # One reading only: Arrow would also accept a bare day or a "T"; those are rare and go the slow way.
        return pc.assume_timezone(text.cast(pa.timestamp("us")), "UTC")
    if kind is Kind.DAY:
        return pc.utf8_slice_codeunits(text, 0, 10).cast(pa.date32())
    return text.cast(ARROW_TYPES[kind])


def _cell_by_cell(values: Sequence[str | None], kind: Kind) -> Column:
    read, typed, bad = CELL_READERS[kind], [], []
    for position, value in enumerate(values):
        cell = None if value is None or not value.strip() else value.strip()
        try:
            typed.append(None if cell is None else read(cell))
        except (ValueError, InvalidOperation, OverflowError):
            typed.append(None)
            bad.append(position)
    return pa.array(typed, ARROW_TYPES[kind]), bad


def _instant(cell: str) -> datetime | None:
    """UTC unless the text says otherwise: one call of Magento 1 sends the store's own offset."""
    if cell.startswith(NO_DATE):
        return None
    moment = datetime.fromisoformat(cell)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _day(cell: str) -> date | None:
    return None if cell.startswith(NO_DATE) else date.fromisoformat(cell[:10])


def _integer(cell: str) -> int:
    number = Decimal(cell)
    if number != int(number) or abs(number) >= 2**63:
        raise ValueError("not a whole number of 64 bits")
    return int(number)


def _decimal(digits: int, places: int) -> Callable[[str], Decimal]:
    step = Decimal(1).scaleb(-places)

    def read(cell: str) -> Decimal:
        number = Decimal(cell)
        if not number.is_finite() or abs(number) >= Decimal(10) ** (digits - places):
            raise ValueError("out of range")
        return number.quantize(step, rounding=ROUND_HALF_UP)

    return read


def _flag(cell: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if cell.lower() not in known:
        raise ValueError("neither yes nor no")
    return known[cell.lower()]


CELL_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.INTEGER: _integer,
    Kind.AMOUNT: _decimal(20, 4),
    Kind.QUANTITY: _decimal(20, 4),
    Kind.RATE: _decimal(20, 8),
    Kind.PERCENT: _decimal(12, 4),
    Kind.INSTANT: _instant,
    Kind.DAY: _day,
    Kind.FLAG: _flag,
}
