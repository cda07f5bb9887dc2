"""Invoices, shipments and credit memos as JSON, each with its lines and comments."""

from __future__ import annotations

from include.demo_store.generate.credit_memos import CreditMemo
from include.demo_store.generate.customers import Row
from include.demo_store.generate.invoices import Invoice
from include.demo_store.generate.money import sql_amount, text
from include.demo_store.generate.orders import Order
from include.demo_store.generate.shipments import Shipment
from include.demo_store.rest.orders import COMPENSATED
from include.demo_store.rest.shapes import Json, Shape

_ZERO = "0.0000"
_SUMS = """subtotal subtotal_incl_tax tax_amount discount_amount grand_total shipping_amount shipping_incl_tax
    shipping_tax_amount discount_tax_compensation_amount"""
_LINE_SUMS = """price price_incl_tax row_total row_total_incl_tax tax_amount discount_amount
    discount_tax_compensation_amount"""
_ADJUSTMENTS = "adjustment adjustment_positive adjustment_negative"
_CURRENCIES = "global_currency_code base_currency_code store_currency_code order_currency_code"
_RATES = "base_to_global_rate base_to_order_rate store_to_base_rate store_to_order_rate"


def _in_both(names: str) -> str:
    return f"{names} {' '.join(f'base_{name}' for name in names.split())}"


_INVOICE = Shape(
    sources={**COMPENSATED, "entity_id": "invoice_id"},
    i="entity_id order_id store_id state billing_address_id shipping_address_id can_void_flag",
    n=f"{_in_both(_SUMS)} {_RATES} total_qty shipping_discount_tax_compensation_amount "
    "base_shipping_discount_tax_compensation_amnt",
    s=f"increment_id created_at updated_at {_CURRENCIES}",
)
_MEMO = Shape(
    sources={**COMPENSATED, "entity_id": "creditmemo_id"},
    i="entity_id order_id store_id state billing_address_id shipping_address_id",
    n=f"{_in_both(_SUMS)} {_in_both(_ADJUSTMENTS)} {_RATES}",
    s=f"increment_id created_at updated_at {_CURRENCIES}",
)
_SHIPMENT = Shape(
    sources={"entity_id": "shipment_id"},
    i="entity_id order_id store_id customer_id billing_address_id shipping_address_id",
    n="total_qty total_weight",
    s="increment_id created_at updated_at",
)
_LINE = Shape(
    sources={**COMPENSATED, "entity_id": "item_id"},
    i="entity_id parent_id order_item_id product_id",
    n=f"qty {_in_both(_LINE_SUMS)}",
    s="sku name",
)
_REFUNDED_LINE = Shape(
    required="base_cost",
    n="base_cost base_weee_tax_row_disposition weee_tax_applied_row_amount weee_tax_row_disposition",
)
_SENT_LINE = Shape(
    sources={"entity_id": "item_id"},
    i="entity_id parent_id order_item_id product_id",
    n="qty price weight",
    s="sku name",
)
_TRACK = Shape(
    required="weight qty description",
    sources={"entity_id": "track_id", "track_number": "number"},
    i="entity_id parent_id order_id",
    s="track_number title carrier_code created_at updated_at",
)
_COMMENT = Shape(
    sources={"entity_id": "comment_id"},
    i="entity_id parent_id is_customer_notified",
    s="comment created_at",
)


def invoice(made: Invoice, order: Order) -> Json:
    """An invoice of an order, whose lines know what was taken off."""
    ordered = {line["item_id"]: line for line in order.items}
    lines = [_LINE.fill(_priced(row) | _discount(ordered[row["order_item_id"]])) for row in made.items]
    pieces = sum(sql_amount(row["qty"]) for row in made.items if row.get("row_total"))
    row = _with_order(made.row, order.row) | {"total_qty": text(pieces), "can_void_flag": "0"}
    return _INVOICE.fill(row) | {"items": lines, "comments": _comments(made.comments)}


def credit_memo(made: CreditMemo, order: Order) -> Json:
    """A credit memo of an order."""
    row = _with_order(made.row, order.row)
    lines = [
        _LINE.fill(_priced(line)) | _REFUNDED_LINE.fill(line) | {"weee_tax_applied": "[]"}
        for line in made.items
    ]
    return _MEMO.fill(row) | {"items": lines, "comments": _comments(made.comments)}


def shipment(made: Shipment, order: Order) -> Json:
    """A shipment of an order."""
    row = {**made.row, **{name: order.row[name] for name in ("customer_id", "billing_address_id")}}
    return _SHIPMENT.fill(row) | {
        "items": [_SENT_LINE.fill(line) for line in made.items],
        "tracks": [_TRACK.fill(track) for track in made.tracks],
        "comments": _comments(made.comments),
        "packages": [],
        "extension_attributes": {"source_code": "default"},
    }


def _with_order(row: Row, order: Row) -> Row:
    """With what Magento 2 takes over from the order, and the sums that Magento 1 does not write down."""
    own: Row = {
        "shipping_address_id": order.get("shipping_address_id"),
        "store_to_base_rate": "0",
        "store_to_order_rate": "0",
    }
    for base in ("", "base_"):
        with_tax = sql_amount(row[f"{base}subtotal"]) + sql_amount(row[f"{base}tax_amount"])
        own |= {
            f"{base}subtotal_incl_tax": text(with_tax),
            f"{base}shipping_incl_tax": row[f"{base}shipping_amount"],
            f"{base}shipping_tax_amount": _ZERO,
            f"{base}hidden_tax_amount": _ZERO,
            f"{base}shipping_hidden_tax_amount": _ZERO,
        }
    return row | own


def _priced(row: Row) -> Row:
    """A line with its totals, tax included; a bundle whose parts are priced has none of its own."""
    own: Row = {}
    for base in ("", "base_"):
        own[f"{base}price_incl_tax"] = row.get(f"{base}price_incl_tax") or row[f"{base}price"]
        if row.get("row_total") is None:
            continue
        total, tax = (sql_amount(row.get(f"{base}{name}")) for name in ("row_total", "tax_amount"))
        own |= {
            f"{base}row_total": text(total),
            f"{base}tax_amount": text(tax),
            f"{base}row_total_incl_tax": text(total + tax),
            f"{base}hidden_tax_amount": _ZERO,
        }
    return row | own


def _discount(line: Row) -> Row:
    names = ("discount_amount", "base_discount_amount")
    return {name: line[name] for name in names if line.get(name) not in (None, _ZERO)}


def _comments(rows: list[Row]) -> list[Json]:
    return [
        _COMMENT.fill(row) | {"is_visible_on_front": int(row.get("is_visible_on_front") or 0)} for row in rows
    ]
