"""Prints order lines as rows of the order item table.

Which columns are NULL depends on who carries the price, as recorded from a real shop: a child without price has no
tax columns, a dynamic bundle has tax but no percentages and no discount columns.
"""

from __future__ import annotations

from typing import Protocol

from include.demo_store.clock import sql_time
from include.demo_store.generate import money
from include.demo_store.generate.customers import Row
from include.demo_store.generate.lines import Coupon, Line
from include.demo_store.generate.money import text
from include.demo_store.generate.totals import Progress

LINES_PER_ORDER = 64
"""Item ids of an order start at its id times this: unique without counting the lines of all earlier orders."""
QUOTE_ITEM_OFFSET = 7
"""How far the number of a cart's line is ahead of that of the order line it becomes."""

_ZERO = "0.0000"
_CONSTANT: Row = {
    "free_shipping": "0", "is_qty_decimal": "0", "no_discount": "0",
    "qty_canceled": _ZERO, "qty_invoiced": _ZERO, "qty_refunded": _ZERO, "qty_shipped": _ZERO,
    "tax_invoiced": _ZERO, "base_tax_invoiced": _ZERO, "discount_invoiced": _ZERO, "base_discount_invoiced": _ZERO,
    "amount_refunded": _ZERO, "base_amount_refunded": _ZERO, "row_invoiced": _ZERO, "base_row_invoiced": _ZERO,
    "gift_message_available": "1", "weee_tax_applied": "a:0:{}", "weee_tax_applied_amount": _ZERO,
    "weee_tax_applied_row_amount": _ZERO, "base_weee_tax_applied_amount": _ZERO,
    "base_weee_tax_applied_row_amount": _ZERO, "weee_tax_disposition": _ZERO, "weee_tax_row_disposition": _ZERO,
    "base_weee_tax_disposition": _ZERO, "base_weee_tax_row_disposition": _ZERO,
}  # fmt: skip


class Placed(Protocol):
    """The part of an order's head that lines need."""

    @property
    def order_id(self) -> int: ...
    @property
    def created(self) -> int: ...


def rows(
    head: Placed, lines: list[Line], progress: Progress, coupon: Coupon | None, updated: str | None
) -> list[Row]:
    """One row per line, in the order of their ids; `parent_item_id` is kept for the truth only."""
    first = head.order_id * LINES_PER_ORDER
    created = sql_time(head.created)
    order_id = str(head.order_id)
    printed = []
    for index, line in enumerate(lines):
        row = {
            **_CONSTANT,
            "item_id": str(first + index),
            "order_id": order_id,
            "quote_item_id": str(first + index + QUOTE_ITEM_OFFSET),
            "parent_item_id": None if line.parent is None else str(first + line.parent),
            "created_at": created,
            "updated_at": updated or created,
            **_product(line),
            **_price(line),
            **_tax_and_discount(line),
            **_progress(index, line, progress),
        }
        if coupon and (line.base_discount or line.free_child):
            row["applied_rule_ids"] = str(coupon.rule_id)
        printed.append(row)
    return printed


def _product(line: Line) -> Row:
    product = line.product
    row: Row = {
        "product_id": str(product.product_id), "product_type": line.kind, "product_options": line.options,
        "is_virtual": "1" if line.is_virtual else "0", "sku": line.sku, "name": product.name,
        "qty_ordered": text(line.qty),
    }  # fmt: skip
    if product.decimal_qty:
        row["is_qty_decimal"] = "1"
    return row | _weights(line)


def _weights(line: Line) -> Row:
    row: Row = {}
    if line.weight is None:
        return row
    if line.kind != "configurable":
        row["weight"] = text(line.weight)
    if line.parent is None:
        row["row_weight"] = text(line.weight * line.qty // money.ONE)
    return row


def _price(line: Line) -> Row:
    price, base_price = text(line.price), text(line.base_price)
    row: Row = {
        "price": price, "base_price": base_price, "original_price": price,
        "row_total": text(line.row), "base_row_total": text(line.base_row),
    }  # fmt: skip
    if not line.free_child:
        row["base_original_price"] = text(line.exact_price)
    return row


def _tax_and_discount(line: Line) -> Row:
    if line.free_child:
        return {"discount_percent": _ZERO, "discount_amount": _ZERO, "base_discount_amount": _ZERO}
    row: Row = {"tax_amount": text(line.tax), "base_tax_amount": text(line.base_tax)}
    if line.sums_children:
        return row
    return row | {
        "tax_percent": text(line.tax_percent), "discount_percent": text(line.discount_percent),
        "discount_amount": text(line.discount), "base_discount_amount": text(line.base_discount),
    }  # fmt: skip


def _progress(index: int, line: Line, progress: Progress) -> Row:
    qty = text(line.qty)
    row: Row = {}
    if index in progress.invoiced:
        row |= {
            "qty_invoiced": qty, "tax_invoiced": text(line.tax), "base_tax_invoiced": text(line.base_tax),
            "discount_invoiced": text(line.discount), "base_discount_invoiced": text(line.base_discount),
            "row_invoiced": text(line.row), "base_row_invoiced": text(line.base_row),
        }  # fmt: skip
    if index in progress.shipped and not line.is_virtual:
        row["qty_shipped"] = qty
    if index in progress.refunded:
        row |= {
            "qty_refunded": qty,
            "amount_refunded": text(line.row),
            "base_amount_refunded": text(line.base_row),
        }
    if index in progress.canceled:
        row["qty_canceled"] = qty
    return row
