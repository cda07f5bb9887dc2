"""The payment of an order; a few by card, whose columns no reader should keep."""

from __future__ import annotations

from random import Random

from include.demo_store.generate.customers import Row

_METHODS = ("checkmo", "checkmo", "banktransfer", "banktransfer", "cashondelivery", "paypal_standard",
            "purchaseorder", "ccsave")  # fmt: skip


def row(order_id: int, order: Row, chance: Random) -> Row:
    """The payment row; amounts repeat the order's."""
    draw = chance.random()
    method = "free" if order["grand_total"] == "0.0000" else _METHODS[int(draw * len(_METHODS))]
    payment: Row = {
        "payment_id": str(order_id), "parent_id": str(order_id), "method": method,
        "amount_ordered": order["grand_total"], "base_amount_ordered": order["base_grand_total"],
        "shipping_amount": order["shipping_amount"], "base_shipping_amount": order["base_shipping_amount"],
    }  # fmt: skip
    if method == "purchaseorder":
        payment["po_number"] = f"PO-{order_id}/ä"
    if method == "ccsave":
        payment |= {
            "cc_type": "VI", "cc_last4": "1111", "cc_owner": "Demo Card", "cc_exp_month": "4",
            "cc_exp_year": "2029", "cc_number_enc": "0:2:demo:no-real-card",
        }  # fmt: skip
    return payment
