"""Prints a basket as rows of the quote item table.

A configurable's child has neither tax nor prices with tax; a dynamic bundle repeats the sum of its children and has a
base price of 0, as recorded from a real shop.
"""

from __future__ import annotations

from typing import Protocol

from include.demo_store.clock import sql_time
from include.demo_store.generate import products
from include.demo_store.generate.customers import Row
from include.demo_store.generate.lines import Line
from include.demo_store.generate.money import ONE, text
from include.demo_store.generate.orders import Draft, OrderHead

_ZERO = "0.0000"
_CONSTANT: Row = {
    "free_shipping": "0", "no_discount": "0", "row_total_with_discount": _ZERO, "tax_class_id": "2",
    "weee_tax_applied": _ZERO, "weee_tax_applied_amount": _ZERO, "weee_tax_applied_row_amount": _ZERO,
    "base_weee_tax_applied_amount": _ZERO, "weee_tax_disposition": _ZERO, "weee_tax_row_disposition": _ZERO,
    "base_weee_tax_disposition": _ZERO, "base_weee_tax_row_disposition": _ZERO,
}  # fmt: skip


class Begun(Protocol):
    """The part of a cart's head that lines need."""

    @property
    def created(self) -> int: ...
    @property
    def order(self) -> OrderHead: ...


def rows(first: int, head: Begun, draft: Draft) -> list[Row]:
    """One row per line, numbered from `first` on."""
    lines, store, at = draft.basket.lines, head.order.store, sql_time(head.created)
    printed = []
    for index, line in enumerate(lines):
        parent = None if line.parent is None else lines[line.parent]
        row: Row = {
            **_CONSTANT, "item_id": str(first + index), "created_at": at, "updated_at": at,
            "product_id": str(line.product.product_id), "store_id": str(store.store_id),
            "parent_item_id": None if line.parent is None else str(first + line.parent),
            "is_virtual": str(int(line.is_virtual)), "sku": line.sku, "name": line.product.name,
            "is_qty_decimal": str(int(line.product.decimal_qty)), "product_type": line.kind,
            "qty": text(line.qty if parent is None else line.qty * ONE // parent.qty),
            "product_url": products.page(line.product, store), "category": products.category_name(line.product),
            **_weights(line), **_amounts(line),
        }  # fmt: skip
        if draft.coupon and (line.base_discount or line.free_child):
            row["applied_rule_ids"] = str(draft.coupon.rule_id)
        printed.append(row)
    return printed


def _weights(line: Line) -> Row:
    weighed = line.parent is None and line.kind != "configurable"
    row: Row = {"row_weight": text((line.weight or 0) * line.qty // ONE if weighed else 0)}
    weight = line.product.weight if line.weight is None else line.weight
    if weight is not None and not line.is_virtual:
        row["weight"] = text(weight)
    if line.product.kind == "virtual":
        row["base_cost"] = text(line.exact_price * 6 // 10)
    return row


def _amounts(line: Line) -> Row:
    row: Row = {
        "price": text(line.price), "base_price": text(0 if line.sums_children else line.base_price),
        "row_total": text(line.row), "base_row_total": text(line.base_row),
        "tax_percent": text(line.tax_percent), "tax_amount": text(line.tax), "base_tax_amount": text(line.base_tax),
        "discount_percent": text(line.discount_percent), "discount_amount": text(line.discount),
        "base_discount_amount": text(line.base_discount),
    }  # fmt: skip
    if not line.free_child:
        row |= {
            "price_incl_tax": text(line.price + line.tax * ONE // line.qty // 100 * 100),
            "base_price_incl_tax": text(line.base_price + line.base_tax * ONE // line.qty // 100 * 100),
            "row_total_incl_tax": text(line.row + line.tax),
            "base_row_total_incl_tax": text(line.base_row + line.base_tax),
        }  # fmt: skip
    return row
