"""What a list is asked for: Magento's searchCriteria, so written that no store can misread it.

A store takes a condition it does not know for "equals", ignores the offset of a date, and compares `true` with MySQL's
idea of it. So conditions are an enumeration, dates are naive UTC, flags 1 and 0, every condition is a group of its own
(groups are joined by AND), and the order is always said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias
from urllib.parse import quote

STAMP = "%Y-%m-%d %H:%M:%S"
MOST_GROUPS = 9
"""From the tenth group on, the order of names that an OAuth signature covers is not the same everywhere; filters in one
group are capped at 20 by the store's own limits, and one is all we need."""
IDS_PER_CALL = 200
"""500 ids of six digits still fit in the address; ids have more in large shops, and proxies are stricter."""


class Condition(StrEnum):
    """The conditions that mean the same in every release."""

    EQUAL = "eq"
    ONE_OF = "in"
    GREATER = "gt"
    AT_LEAST = "gteq"
    AT_MOST = "lteq"
    LESS = "lt"
    IS_NULL = "null"


Value: TypeAlias = str | int | bool | datetime | Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one field, by its name in the store's database."""

    field: str
    condition: Condition
    value: Value

    @property
    def text(self) -> str:
        """The value as the store reads it."""
        value = self.value
        if isinstance(value, bool):
            return "1" if value else "0"
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime(STAMP)
        return value if isinstance(value, str) else _listed(value)


def query(
    filters: Sequence[Filter], *, sort: str, size: int, is_descending: bool = False, fields: str | None = None
) -> str:
    """The query of the first page of what meets all filters, in the order of `sort`.

    Raises:
        ValueError: more filters than a signed request may carry.
    """
    if len(filters) > MOST_GROUPS:
        raise ValueError(f"{len(filters)} filters, {MOST_GROUPS} at most")
    pairs = list(_pairs(filters, sort, size, is_descending=is_descending))
    if fields:
        pairs.append(("fields", fields))
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _pairs(
    filters: Sequence[Filter], sort: str, size: int, *, is_descending: bool
) -> Iterator[tuple[str, str]]:
    for place, one in enumerate(filters):
        start = f"searchCriteria[filter_groups][{place}][filters][0]"
        yield f"{start}[field]", one.field
        yield f"{start}[value]", one.text
        yield f"{start}[condition_type]", one.condition.value
    yield "searchCriteria[sortOrders][0][field]", sort
    yield "searchCriteria[sortOrders][0][direction]", "DESC" if is_descending else "ASC"
    yield "searchCriteria[pageSize]", str(size)
    yield "searchCriteria[currentPage]", "1"


def _listed(value: int | Sequence[str | int]) -> str:
    return str(value) if isinstance(value, int) else ",".join(map(str, value))


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
