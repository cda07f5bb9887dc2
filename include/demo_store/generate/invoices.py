"""Invoices: what was paid of an order; written once and never changed."""

from __future__ import annotations

from dataclasses import dataclass

from include.demo_store.clock import sql_time
from include.demo_store.generate import totals
from include.demo_store.generate.customers import Row
from include.demo_store.generate.item_rows import LINES_PER_ORDER
from include.demo_store.generate.lines import Line
from include.demo_store.generate.money import text
from include.demo_store.generate.papers import Occasion, Part, covered_by

LINES_PER_INVOICE = 64
_FROM_ORDER = (
    "global_currency_code base_currency_code store_currency_code order_currency_code store_to_base_rate "
    "store_to_order_rate base_to_global_rate base_to_order_rate billing_address_id billing_firstname "
    "billing_lastname order_id"
).split()
_ZERO = "0.0000"
_WEEE: Row = {
    f"{base}weee_tax_{name}": _ZERO
    for base in ("", "base_")
    for name in ("applied_amount", "applied_row_amount", "disposition", "row_disposition")
}


@dataclass(slots=True)
class Invoice:
    """An invoice as the database holds it."""

    row: Row
    items: list[Row]
    comments: list[Row]


def invoice(occasion: Occasion) -> Invoice:
    """Writes an invoice out."""
    invoice_id, order = occasion.paper_id, occasion.order.row
    at = sql_time(occasion.paper.at)
    row: Row = {
        "invoice_id": str(invoice_id), "increment_id": occasion.number, "created_at": at, "updated_at": at,
        "store_id": str(occasion.head.store.store_id), "state": "2", "order_increment_id": order["increment_id"],
        "order_created_at": order["created_at"], **{name: order.get(name) for name in _FROM_ORDER},
        **_amounts(occasion, ""), **_amounts(occasion, "base_"),
    }  # fmt: skip
    return Invoice(
        row, [_item(occasion, index, line) for index, line in occasion.lines], _comments(invoice_id, at)
    )


def _amounts(occasion: Occasion, prefix: str) -> Row:
    basket = occasion.draft.basket
    delivery = totals.Delivery.of(basket)
    # The first of two invoices carries the shipping, and so does a partial one: unlike a refund.
    with_shipping = occasion.paper.part is not Part.REST
    shipping = (delivery.base if prefix else delivery.amount) if with_shipping else 0
    sums = totals.sums_of(basket.lines, covered_by(occasion.paper.part, basket.lines), bool(prefix), shipping)
    return {
        f"{prefix}subtotal": text(sums.subtotal), f"{prefix}tax_amount": text(sums.tax),
        f"{prefix}shipping_amount": text(shipping), f"{prefix}discount_amount": text(-sums.discount),
        f"{prefix}grand_total": text(sums.grand_total),
    }  # fmt: skip


def _item(occasion: Occasion, index: int, line: Line) -> Row:
    row: Row = {
        "item_id": str(occasion.paper_id * LINES_PER_INVOICE + index), "parent_id": str(occasion.paper_id),
        "order_item_id": str(occasion.head.order_id * LINES_PER_ORDER + index),
        "product_id": str(line.product.product_id), "sku": line.sku, "name": line.product.name,
        "qty": text(line.qty), "price": text(line.price), "base_price": text(line.base_price),
        "weee_tax_applied": "a:0:{}", **_WEEE,
    }  # fmt: skip
    if not line.sums_children:
        row |= {
            "row_total": text(line.row), "base_row_total": text(line.base_row),
            "tax_amount": text(line.tax), "base_tax_amount": text(line.base_tax),
        }  # fmt: skip
    return row


def _comments(invoice_id: int, at: str) -> list[Row]:
    if invoice_id % 7:
        return []
    return [{
        "comment_id": str(invoice_id * 2), "parent_id": str(invoice_id), "created_at": at,
        "comment": "Paid by transfer <b>&", "is_customer_notified": "0",
    }]  # fmt: skip
