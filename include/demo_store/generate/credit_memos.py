"""Credit memos: a refund of lines, of shipping, of an adjustment, or of all of them; they never change once written."""

from __future__ import annotations

from dataclasses import dataclass, field

from include.demo_store.clock import sql_time
from include.demo_store.generate import money, totals
from include.demo_store.generate.customers import Row
from include.demo_store.generate.item_rows import LINES_PER_ORDER
from include.demo_store.generate.lines import Line
from include.demo_store.generate.money import text
from include.demo_store.generate.papers import Occasion, Part, covered_by, is_adjusted

LINES_PER_MEMO = 64
_FROM_ORDER = (
    "global_currency_code base_currency_code order_currency_code store_currency_code billing_address_id "
    "shipping_address_id base_to_global_rate store_to_base_rate base_to_order_rate store_to_order_rate "
    "shipping_incl_tax base_shipping_incl_tax"
).split()
_ZERO = "0.0000"
_WEEE: Row = {
    f"{base}weee_tax_{name}": _ZERO
    for base in ("", "base_")
    for name in ("applied_amount", "applied_row_amount", "disposition", "row_disposition")
}
_COMMENTS = (
    "Zu klein, Kundin nimmt <L>.",
    "Refund: Ware beschädigt & zurück",
    "Goodwill,\r\nsee O'Brien's note",
)


@dataclass(slots=True)
class CreditMemo:
    """A credit memo as the database holds it."""

    row: Row
    items: list[Row]
    comments: list[Row] = field(default_factory=list)


def credit_memo(occasion: Occasion) -> CreditMemo:
    """Writes a credit memo out."""
    memo_id, order = occasion.paper_id, occasion.order
    at = sql_time(occasion.paper.at)
    row: Row = {
        "creditmemo_id": str(memo_id), "increment_id": occasion.number, "order_id": order.row["order_id"],
        "store_id": str(occasion.head.store.store_id), "created_at": at, "updated_at": at, "state": "2",
        **{name: order.row.get(name) for name in _FROM_ORDER},
        **_amounts(occasion, ""), **_amounts(occasion, "base_"),
    }  # fmt: skip
    items = [_item(occasion, index, line) for index, line in occasion.lines]
    return CreditMemo(row, items, _comments(memo_id, at))


def _amounts(occasion: Occasion, prefix: str) -> Row:
    basket, part = occasion.draft.basket, occasion.paper.part
    delivery = totals.Delivery.of(basket)
    shipping = (delivery.base if prefix else delivery.amount) if occasion.has_shipping else 0
    sums = totals.sums_of(basket.lines, covered_by(part, basket.lines), bool(prefix), shipping)
    plus, minus = _adjustment(occasion, money.ONE if prefix else basket.store.order_rate)
    row: Row = {
        f"{prefix}subtotal": text(sums.subtotal), f"{prefix}tax_amount": text(sums.tax),
        f"{prefix}discount_amount": text(-sums.discount), f"{prefix}shipping_amount": text(shipping),
        f"{prefix}grand_total": text(sums.grand_total + plus - minus), f"{prefix}adjustment": text(plus - minus),
        f"{prefix}subtotal_incl_tax": text(sums.subtotal + sums.tax), f"{prefix}shipping_tax_amount": _ZERO,
        f"{prefix}hidden_tax_amount": _ZERO,
    }  # fmt: skip
    if part in (Part.FIRST, Part.FIRST_WITH_FEE, Part.ADJUSTMENT):
        row |= {f"{prefix}adjustment_positive": text(plus), f"{prefix}adjustment_negative": text(minus)}
    return row


def _adjustment(occasion: Occasion, rate: int) -> tuple[int, int]:
    """What of the order's adjustment is on this memo."""
    part, reached = occasion.paper.part, occasion.head.standing.reached
    if "refunded" in reached or not is_adjusted(occasion.draft.basket):
        return 0, 0
    plus, minus = totals.adjustments(rate)
    return plus * (part is not Part.FIRST_WITH_FEE), minus * (part is not Part.ADJUSTMENT)


def _item(occasion: Occasion, index: int, line: Line) -> Row:
    row: Row = {
        "item_id": str(occasion.paper_id * LINES_PER_MEMO + index), "parent_id": str(occasion.paper_id),
        "order_item_id": str(occasion.head.order_id * LINES_PER_ORDER + index),
        "product_id": str(line.product.product_id), "sku": line.sku, "name": line.product.name,
        "qty": text(line.qty), "price": text(line.price), "base_price": text(line.base_price),
        "weee_tax_applied": "a:0:{}", **_WEEE,
    }  # fmt: skip
    if line.product.kind == "virtual":
        row["base_cost"] = text(line.exact_price * 6 // 10)
    if not line.free_child:
        row |= {
            "price_incl_tax": text(line.price + money.to_cents(line.tax * money.ONE // line.qty)),
            "base_price_incl_tax": text(
                line.base_price + money.to_cents(line.base_tax * money.ONE // line.qty)
            ),
        }
    if not line.sums_children:
        row |= _totals(line)
    return row


def _totals(line: Line) -> Row:
    row: Row = {
        "row_total": text(line.row), "base_row_total": text(line.base_row),
        "hidden_tax_amount": _ZERO, "base_hidden_tax_amount": _ZERO,
        "tax_amount": text(line.tax), "base_tax_amount": text(line.base_tax),
        "row_total_incl_tax": text(line.row + line.tax),
        "base_row_total_incl_tax": text(line.base_row + line.base_tax),
    }  # fmt: skip
    if line.base_discount:
        row |= {"discount_amount": text(line.discount), "base_discount_amount": text(line.base_discount)}
    return row


def _comments(memo_id: int, at: str) -> list[Row]:
    if memo_id % 3 == 0:
        return []
    return [{
        "comment_id": str(memo_id * 2), "parent_id": str(memo_id), "created_at": at,
        "comment": _COMMENTS[memo_id % len(_COMMENTS)], "is_customer_notified": str(memo_id % 2),
        "is_visible_on_front": str(int(memo_id % 4 == 1)),
    }]  # fmt: skip
