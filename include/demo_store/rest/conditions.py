"""What a condition of searchCriteria means to the database of a Magento 2.

A type that nobody knows is `eq`, the documented `moreq` among them, and `is` breaks the statement. Values compare the
way MySQL compares: `true` is 0 to a number.
"""

from __future__ import annotations

import re

from include.demo_store.rest.criteria import Filter
from include.demo_store.rest.problems import internal_error
from include.demo_store.wire.filters import Kind, Test, comparison

_AS_KNOWN = frozenset("eq neq like nlike in nin gt gteq lt lteq from to".split())
_BREAKS = "is"
_BOUNDS = {
    "eq": "both",
    "from": "low",
    "gteq": "low",
    "gt": "above",
    "to": "high",
    "lteq": "high",
    "lt": "below",
}
"""Conditions that bound a column, and how."""


def test_of(one: Filter, kind: Kind) -> Test:
    """The test that a filter amounts to.

    Raises:
        ApiProblem: no statement comes of it.
    """
    name, wanted = one.condition_type, one.value
    if name == _BREAKS:
        raise internal_error()
    if name == "null":
        return lambda value: value is None
    if name == "notnull":
        return lambda value: value is not None
    if name == "regexp":
        pattern = re.compile(wanted, re.IGNORECASE)
        return lambda value: value is not None and bool(pattern.search(value))
    if name in ("finset", "nfinset"):
        return lambda value: value is not None and (wanted in value.split(",")) == (name == "finset")
    return comparison(name if name in _AS_KNOWN else "eq", wanted, kind)


def bound_of(one: Filter) -> str | None:
    """On which side a filter bounds its column; None where it does not."""
    if one.condition_type in ("null", "notnull", "in", "nin", "neq", "like", "nlike", "regexp", _BREAKS):
        return None
    if one.condition_type in ("finset", "nfinset"):
        return None
    return _BOUNDS.get(one.condition_type, "both")
