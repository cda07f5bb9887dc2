"""Orders as JSON: header, lines, addresses, payment and comments in one object.

What a newcomer would get wrong: the shipping address is not beside the billing address but under
`extension_attributes.shipping_assignments`, where all lines are said a second time. Only entries of the history that
say something are there.
"""

from __future__ import annotations

from include.demo_store.generate.customers import Row
from include.demo_store.generate.orders import Order
from include.demo_store.rest import addresses, order_lines
from include.demo_store.rest.shapes import Json, Shape, number, without_nulls

_BOTH = """discount_amount discount_canceled discount_invoiced discount_refunded grand_total shipping_amount
    shipping_canceled shipping_discount_amount shipping_incl_tax shipping_invoiced shipping_refunded
    shipping_tax_amount shipping_tax_refunded subtotal subtotal_canceled subtotal_incl_tax subtotal_invoiced
    subtotal_refunded tax_amount tax_canceled tax_invoiced tax_refunded total_canceled total_due total_invoiced
    total_offline_refunded total_paid total_refunded adjustment_negative adjustment_positive
    discount_tax_compensation_amount discount_tax_compensation_invoiced discount_tax_compensation_refunded"""
AMOUNTS = f"{_BOTH} {' '.join(f'base_{name}' for name in _BOTH.split())}"
_COMPENSATED = {
    f"{base}discount_tax_compensation_{what}": f"{base}hidden_tax_{what}"
    for base in ("", "base_")
    for what in ("amount", "invoiced", "refunded")
}
COMPENSATED = _COMPENSATED | {
    "shipping_discount_tax_compensation_amount": "shipping_hidden_tax_amount",
    "base_shipping_discount_tax_compensation_amnt": "base_shipping_hidden_tax_amount",
}
"""Columns by Magento 2's names: what Magento 1 calls hidden tax."""
_HEADER = Shape(
    required="base_grand_total customer_email grand_total",
    sources=COMPENSATED,
    i="billing_address_id customer_gender customer_group_id customer_id customer_is_guest customer_note_notify "
    "email_sent entity_id is_virtual quote_id store_id total_item_count edit_increment",
    n=f"{AMOUNTS} shipping_discount_tax_compensation_amount base_shipping_discount_tax_compensation_amnt "
    "base_total_invoiced_cost base_to_global_rate base_to_order_rate store_to_base_rate store_to_order_rate "
    "total_qty_ordered weight",
    s="applied_rule_ids base_currency_code coupon_code created_at customer_dob customer_email customer_firstname "
    "customer_lastname customer_middlename customer_note customer_prefix customer_suffix customer_taxvat "
    "discount_description global_currency_code hold_before_state hold_before_status increment_id "
    "order_currency_code original_increment_id protect_code relation_child_id relation_child_real_id "
    "relation_parent_id relation_parent_real_id remote_ip shipping_description state status store_currency_code "
    "store_name updated_at",
)
_SHIPPING_TOTAL = Shape(
    sources=COMPENSATED,
    n=" ".join(name for name in AMOUNTS.split() if "shipping" in name)
    + " shipping_discount_tax_compensation_amount base_shipping_discount_tax_compensation_amnt",
)
_PAYMENT = Shape(
    required="account_status cc_last4",
    sources={"entity_id": "payment_id"},
    i="entity_id parent_id",
    n="amount_ordered base_amount_ordered shipping_amount base_shipping_amount",
    s="method cc_type cc_last4 cc_owner cc_exp_month cc_exp_year cc_number_enc po_number last_trans_id",
)
_COMMENT = Shape(
    required="comment", i="entity_id parent_id is_visible_on_front", s="comment created_at status entity_name"
)
TITLES = {
    "checkmo": "Check / Money order",
    "banktransfer": "Bank Transfer Payment",
    "cashondelivery": "Cash On Delivery",
    "paypal_standard": "PayPal Website Payments Standard",
    "purchaseorder": "Purchase Order",
    "ccsave": "Credit Card (saved)",
    "free": "No Payment Information Required",
}
_NOT_LOGGED_IN = "0"


def written(order: Order) -> Json:
    """A whole order."""
    row = order.row
    lines = order_lines.of_order(order.items, row["store_id"])
    return _HEADER.fill(_header(row)) | {
        "items": lines,
        "billing_address": addresses.of_order(order.billing_address, row["customer_email"]),
        "payment": _payment(order),
        "status_histories": comments(order),
        "extension_attributes": _extension(order, lines),
    }


def comments(order: Order) -> list[Json]:
    """What was said in the history, the newest first."""
    return [
        _COMMENT.fill(entry) | {"is_customer_notified": int(entry["is_customer_notified"] or 0)}
        for entry in order.history
        if entry["comment"] is not None
    ]


def _header(row: Row) -> Row:
    """With what only Magento 2 says, or leaves out."""
    own: Row = {
        "customer_is_guest": row["customer_is_guest"] or "0",
        "customer_note_notify": "1",
        "email_sent": "1",
        "store_to_base_rate": "0",
        "store_to_order_rate": "0",
        "shipping_description": row.get("shipping_description"),
    }
    if row["customer_group_id"] == _NOT_LOGGED_IN:
        own["customer_group_id"] = None
    for base in ("", "base_"):
        own[f"{base}total_due"] = row.get(f"{base}total_due") or row[f"{base}grand_total"]
    return row | own


def _payment(order: Order) -> Json:
    row, payment = order.row, order.payment
    method = payment["method"] or ""
    captured = row.get("shipping_invoiced"), row.get("base_shipping_invoiced")
    paid = {
        "amount_paid": row.get("total_paid"),
        "base_amount_paid": row.get("base_total_paid"),
        "amount_refunded": row.get("total_refunded"),
        "base_amount_refunded": row.get("base_total_refunded"),
        "amount_canceled": row.get("total_canceled"),
        "base_amount_canceled": row.get("base_total_canceled"),
        "shipping_captured": captured[0],
        "base_shipping_captured": captured[1],
        "shipping_refunded": row.get("shipping_refunded"),
        "base_shipping_refunded": row.get("base_shipping_refunded"),
    }
    amounts = {name: number(amount) for name, amount in paid.items() if amount is not None}
    return _PAYMENT.fill(payment) | {"additional_information": [TITLES.get(method, method)]} | amounts


def _extension(order: Order, lines: list[Json]) -> Json:
    row, method = order.row, order.payment["method"] or ""
    shipping: Json = {"total": _SHIPPING_TOTAL.fill(row)}
    if order.shipping_address:
        address = addresses.of_order(order.shipping_address, row["customer_email"])
        shipping |= {"address": address, "method": row["shipping_method"]}
    return without_nulls(
        shipping_assignments=[{"shipping": shipping, "items": lines}],
        payment_additional_info=[{"key": "method_title", "value": TITLES.get(method, method)}],
        applied_taxes=[],
        item_applied_taxes=[],
        gift_message=_gift(row),
    )


def _gift(row: Row) -> Json | None:
    if not row.get("gift_message"):
        return None
    return {"gift_message_id": int(row["gift_message_id"] or 0), "message": row["gift_message"]}
