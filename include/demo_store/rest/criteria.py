"""searchCriteria as Magento 2 reads it out of a query: camel and snake case alike, one way for both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from include.demo_store.rest.problems import ApiProblem, required
from include.demo_store.rest.shapes import Json

_PARTS = re.compile(r"[^\[\]]+")
_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")
_NUMBER = re.compile(r"-?\d+")
_DIRECTIONS = ("ASC", "DESC")


@dataclass(slots=True)
class Filter:
    """One condition; without a condition type it is `eq`."""

    field: str = ""
    value: str = ""
    condition_type: str = "eq"


@dataclass(slots=True)
class Sort:
    """One sort order; descending unless said otherwise, as in Magento."""

    field: str = ""
    direction: str = "DESC"


@dataclass(slots=True)
class Criteria:
    """What a list is asked for: groups are joined by AND, filters within one by OR."""

    groups: list[list[Filter]] = field(default_factory=list)
    sorts: list[Sort] = field(default_factory=list)
    size: int | None = None
    page: int | None = None

    def echo(self) -> Json:
        """As the answer repeats it."""
        found: Json = {"filter_groups": [{"filters": [_told(one) for one in group]} for group in self.groups]}
        if self.sorts:
            found["sort_orders"] = [{"field": s.field, "direction": s.direction} for s in self.sorts]
        if self.size is not None:
            found["page_size"] = self.size
        if self.page is not None:
            found["current_page"] = self.page
        return found


def criteria_of(query: Iterable[tuple[str, str]]) -> Criteria:
    """Read the criteria out of a query.

    Raises:
        ApiProblem: there are none, a number is none, or a direction is unknown.
    """
    groups: dict[str, dict[str, Filter]] = {}
    sorts: dict[str, Sort] = {}
    found, is_asked = Criteria(), False
    for key, value in query:
        name, *parts = (_CAPITAL.sub(r"_\1", part).lower() for part in _PARTS.findall(key) or [""])
        if name != "search_criteria":
            continue
        is_asked = True
        match parts:
            case ["filter_groups", group, "filters", place, ("field" | "value" | "condition_type") as part]:
                setattr(groups.setdefault(group, {}).setdefault(place, Filter()), part, value)
            case ["sort_orders", place, ("field" | "direction") as part]:
                setattr(sorts.setdefault(place, Sort()), part, value)
            case ["page_size"]:
                found.size = _number("pageSize", value)
            case ["current_page"]:
                found.page = _number("currentPage", value)
    if not is_asked:
        raise required("searchCriteria")
    found.groups = [list(group.values()) for group in groups.values()]
    found.sorts = [_checked(sort) for sort in sorts.values() if sort.field]
    return found


def _told(one: Filter) -> dict[str, str]:
    return {"field": one.field, "value": one.value, "condition_type": one.condition_type}


def _number(name: str, value: str) -> int:
    if not _NUMBER.fullmatch(value):
        said = f'Error occurred during "{name}" processing. The "{value}" value\'s type is invalid. The "int" type was '
        raise ApiProblem(400, f"{said}expected. Verify and try again.")
    return int(value)


def _checked(sort: Sort) -> Sort:
    sort.direction = sort.direction.upper()
    if sort.direction not in _DIRECTIONS:
        said = "The sort order has to be specified as %1 for ascending order or %2 for descending order."
        raise ApiProblem(400, said, list(_DIRECTIONS))
    return sort
