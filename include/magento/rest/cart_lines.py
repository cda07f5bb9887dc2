"""Which line of a cart is what somebody asked for.

A line of a configurable product has its variant's number, one of a bundle the numbers of its parts behind its own; both
are found again by what they were asked for by.
"""

from __future__ import annotations

from collections.abc import Sequence

from include.magento.cart_changes import CartItem
from include.magento.door import Record, children


def line_of(rows: Sequence[Record], item: CartItem) -> Record | None:
    """The line of an item; None: it is not in the cart.

    Args:
        rows: lines as `include.magento.rest.cart_view` tells them.
        item: by article number or by product, with its options where it has some.
    """
    named = [row for row in rows if _is_named(row, item)]
    if item.options and len(named) > 1:
        named = [row for row in named if chosen(row) == dict(item.options)]
    return named[0] if named else None


def chosen(row: Record) -> dict[str, str]:
    """The options of a line, value by option."""
    option = row.get("product_option")
    extension = option.get("extension_attributes") if isinstance(option, dict) else None
    told = extension if isinstance(extension, dict) else {}
    rows = [one for name in ("configurable_item_options", "custom_options") for one in children(told, name)]
    return {str(one.get("option_id")): str(one.get("option_value")) for one in rows}


def _is_named(row: Record, item: CartItem) -> bool:
    if item.sku is None:
        return row.get("product_id") == str(item.product_id)
    sku = str(row.get("sku") or "")
    return item.sku in (sku, row.get("chosen_of")) or bool(
        item.bundle_options and sku.startswith(f"{item.sku}-")
    )
