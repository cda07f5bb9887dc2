"""Magento's filters as measured, oddities included.

`from` and `to` on one field combine and push every other operator on it out; of any other pair only the first counts.
An operator nobody knows finds nothing and faults nothing. Values compare the way MySQL compares the column: numbers
as numbers, dates as UTC text whatever zone was written, text without regard to case; NULL matches nothing but `null`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from include.demo_store.clock import ZERO

Conditions = dict[str, dict[str, str]]
"""Operators and values by field, in the order in which the client gave them."""
Test = Callable[[str | None], bool]


class Kind(Enum):
    """How MySQL compares a column."""

    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


_NUMBER = re.compile(r"\s*([-+]?\d*\.?\d+)")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}))?")


def as_number(text: str) -> float:
    """MySQL's reading of a text as a number: its leading digits, else 0."""
    found = _NUMBER.match(text)
    return float(found.group(1)) if found else 0.0


def as_date(text: str) -> str:
    """MySQL's reading of a text as a datetime: the offset is ignored, nonsense is the zero date."""
    found = _DATE.match(text.strip())
    return f"{found.group(1)} {found.group(2) or '00:00:00'}" if found else ZERO


def _as_text(text: str) -> str:
    return text.casefold().rstrip(" ")


_READ: dict[Kind, Callable[[str], float | str]] = {
    Kind.NUMBER: as_number, Kind.DATE: as_date, Kind.TEXT: _as_text,
}  # fmt: skip


def test_of(operators: dict[str, str], kind: Kind) -> Test:
    """The test that the operators on one field amount to."""
    if "from" in operators or "to" in operators:
        tests = [comparison(name, operators[name], kind) for name in ("from", "to") if name in operators]
        return lambda value: all(test(value) for test in tests)
    name, wanted = next(iter(operators.items()), ("", ""))
    if name == "null":
        return lambda value: value is None
    if name == "notnull":
        return lambda value: value is not None
    return comparison(name, wanted, kind)


def comparison(name: str, wanted: str, kind: Kind) -> Test:
    """The test of one operator but for `null` and `notnull`; one that nobody knows finds nothing."""
    read = _READ[kind]
    if name in ("in", "nin"):
        listed = {read(part) for part in wanted.split(",")}
        return lambda value: value is not None and (read(value) in listed) == (name == "in")
    if name in ("like", "nlike"):
        pattern = re.compile(
            re.escape(wanted).replace("%", ".*").replace("_", "."), re.IGNORECASE | re.DOTALL
        )
        return lambda value: value is not None and bool(pattern.fullmatch(value)) == (name == "like")
    compare = _ORDERING.get(name)
    if compare is None:
        return lambda value: False
    limit = read(wanted)
    return lambda value: value is not None and compare(read(value), limit)


def _le(left: float | str, right: float | str) -> bool:
    return left <= right  # type: ignore[operator]  # both sides were read the same way


_ORDERING: dict[str, Callable[[float | str, float | str], bool]] = {
    "eq": lambda left, right: left == right,
    "neq": lambda left, right: left != right,
    "gt": lambda left, right: not _le(left, right),
    "lt": lambda left, right: not _le(right, left),
    "gteq": lambda left, right: _le(right, left),
    "moreq": lambda left, right: _le(right, left),
    "from": lambda left, right: _le(right, left),
    "lteq": _le,
    "to": _le,
}
