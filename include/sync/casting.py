"""Text to typed Arrow columns: all columns of a kind at once, cell by cell only where a column has an odd cell.

Arrow refuses everything it is given for one bad cell, so the fast ways are tried first: all columns together, then each
alone; what is refused alone is read cell by cell, and a cell that cannot be read is reported by its row instead of
raised.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from include.entities.fields import Kind

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
    Kind.JSON: pa.string(),
}
REFUSED = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError)
TEXTS = (Kind.TEXT, Kind.KEY)
Column = tuple[pa.Array, list[int]]


def cast_rows(rows: Sequence[Mapping[str, Any]], wanted: Mapping[str, tuple[str, Kind]]) -> dict[str, Column]:
    """Type columns of rows.

    An order's page has 240 short columns, and each call into Arrow costs as much as a hundred cells: one call takes all
    texts out of the rows, and one call a kind types them.

    Args:
        rows: as for `cast`, by name; a name that a row lacks means None.
        wanted: by column, the name of its values in the rows and what they are.

    Returns:
        By column, in the order they are wanted in, what `cast` returns for it.
    """
    texts = _texts(rows, {source for source, kind in wanted.values() if kind is not Kind.JSON})
    by_kind: dict[Kind, list[str]] = defaultdict(list)
    found: dict[str, Column] = {}
    for name, (source, kind) in wanted.items():
        if kind is Kind.JSON or texts is None:
            found[name] = cast([row.get(source) for row in rows], kind)
        else:
            by_kind[kind].append(name)
    for kind, names in by_kind.items():
        columns = [(texts or {})[wanted[name][0]] for name in names]
        found |= zip(names, _cast_together(columns, kind), strict=True)
    return {name: found[name] for name in wanted}


def _texts(rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> dict[str, pa.Array] | None:
    """The rows' texts by name; None where a structure stands among them."""
    shape = pa.struct([(name, pa.string()) for name in names])
    try:
        columns = pa.array(rows, shape).flatten()
    except REFUSED:
        return None
    return dict(zip((field.name for field in shape), columns, strict=True))


def _cast_together(columns: Sequence[pa.Array], kind: Kind) -> list[Column]:
    """Type texts of one kind and length."""
    length = len(columns[0])
    try:
        typed = _whole(pa.concat_arrays(columns), kind)
    except REFUSED:
        return [cast(column.to_pylist(), kind) for column in columns]
    return [(typed.slice(position * length, length), []) for position in range(len(columns))]


def cast(values: Sequence[Any], kind: Kind) -> Column:
    """Type one column.

    Args:
        values: text as the store sent it, structures where the kind is JSON; blank or empty means None.
        kind: what the values are.

    Returns:
        The typed array, NULL where unreadable, and the positions of the unreadable cells.
    """
    if kind is Kind.JSON:
        return pa.array(map(_json, values), pa.string()), []
    try:
        return _whole(pa.array(values, pa.string()), kind), []
    except REFUSED:
        return _cell_by_cell(values, kind)


def _json(value: object) -> str | None:
    """One text for one content, in whatever order the store sends its keys; whatever a shop keeps there is readable."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if value else None


def _whole(text: pa.Array, kind: Kind) -> pa.Array:
    if kind in TEXTS or text.null_count == len(text):
        return text.cast(ARROW_TYPES[kind])
    if kind is Kind.INSTANT:
        # One reading only: Arrow would also accept a bare day or a "T"; those are rare and go the slow way.
        return pc.assume_timezone(_dates(text).cast(pa.timestamp("us")), "UTC")
    if kind is Kind.DAY:
        return pc.utf8_slice_codeunits(_dates(text), 0, 10).cast(pa.date32())
    return text.cast(ARROW_TYPES[kind])


def _dates(text: pa.Array) -> pa.Array:
    """Without the zero dates, of which many shops have a few on every page."""
    return pc.if_else(pc.starts_with(text, NO_DATE), pa.scalar(None, pa.string()), text)


def _cell_by_cell(values: Sequence[object], kind: Kind) -> Column:
    typed, bad = [], []
    for position, value in enumerate(values):
        try:
            typed.append(_cell(value, kind))
        except (ValueError, ArithmeticError):
            typed.append(None)
            bad.append(position)
    return pa.array(typed, ARROW_TYPES[kind]), bad


def _cell(value: object, kind: Kind) -> Any:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("a structure stands where a text should")  # noqa: TRY004 - a bad cell like any other
    if kind in TEXTS:
        return value
    return CELL_READERS[kind](value.strip()) if value.strip() else None


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
    # The bound comes first: 1e999999999 is quickly compared, but never written out.
    if abs(number) >= 2**63 or number != int(number):
        raise ValueError("not a whole number of 64 bits")
    return int(number)


def _decimal(digits: int, places: int) -> Callable[[str], Decimal]:
    step = Decimal(1).scaleb(-places)

    def read(cell: str) -> Decimal:
        number = Decimal(cell).quantize(step, rounding=ROUND_HALF_UP)
        if not abs(number) < Decimal(10) ** (digits - places):
            raise ValueError("out of range")
        return number

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
