"""Which order line belongs to which: Magento's wire does not say it, the product options do.

A line is a child when its options hold `bundle_selection_attributes`, or when it is not configurable and its buy
request holds `super_attribute`. Its parent is the nearest preceding bundle or configurable line, by id, of the same
order with an equal buy request. Right for all recorded lines, with and without bridge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

from include.magento.door import Record
from include.magento.php_values import members

PARENT_TYPES = frozenset({"bundle", "configurable"})
BUNDLE_MARK, VARIANT_MARK = "bundle_selection_attributes", "super_attribute"


def parent_ids(items: Sequence[Record]) -> dict[str, str]:
    """Parent's item id by child's item id, for the lines of one order."""
    if not any(item.get("product_type") in PARENT_TYPES for item in items):
        return {}
    found: dict[str, str] = {}
    parents: list[tuple[str, str | None]] = []
    for item_id, item in sorted(_with_ids(items), key=itemgetter(0)):
        is_child, request = _options(item)
        if is_child:
            parent = next((number for number, asked in reversed(parents) if asked == request), None)
            if parent is not None:
                found[str(item_id)] = parent
        if item.get("product_type") in PARENT_TYPES:
            parents.append((str(item_id), request))
    return found


def _with_ids(items: Sequence[Record]) -> Iterator[tuple[int, Record]]:
    for item in items:
        item_id = item.get("item_id")
        if isinstance(item_id, str) and item_id.isdigit():
            yield int(item_id), item


def _options(item: Record) -> tuple[bool, str | None]:
    """Whether the line is a child, and its buy request as it was serialised."""
    options = item.get("product_options")
    if not isinstance(options, str):
        return False, None
    is_parent_type = item.get("product_type") in PARENT_TYPES
    if not is_parent_type and BUNDLE_MARK not in options and VARIANT_MARK not in options:
        return False, None
    request = _member(options, "info_buyRequest")
    if BUNDLE_MARK in options and _member(options, BUNDLE_MARK) is not None:
        return True, request
    asked_for_variant = request is not None and _member(request, VARIANT_MARK) is not None
    return asked_for_variant and item.get("product_type") != "configurable", request


def _member(serialised: str, name: str) -> str | None:
    return next((value for key, value in members(serialised) if key == name), None)
