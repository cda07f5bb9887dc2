"""How an order is paid. Card data never gets here: the door drops all but type and last four digits."""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.fields import Policy, amount_pair, integer, text
from include.entities.model import Context, Reference, Row, Table
from include.magento.door import Record


def _payments(record: Record, context: Context) -> Iterator[Row]:
    return _payment_of(record, "order_id")


def _payments_of_rest(record: Record, context: Context) -> Iterator[Row]:
    return _payment_of(record, "entity_id")


def _payment_of(record: Record, id_field: str) -> Iterator[Row]:
    payment = record.get("payment")
    if isinstance(payment, dict) and payment:
        currencies = {name: record.get(name) for name in ("order_currency_code", "base_currency_code")}
        yield {**payment, **currencies, "order_id": record.get(id_field)}


ORDER_PAYMENTS = Table(
    name="order_payments",
    singular="order_payment",
    grain="One row per order: how it is paid.",
    key=("order_id",),
    parent=Reference(name="order_key", table="orders", ids=("order_id",), comment="The order."),
    fields=(
        integer("order_id", "Magento's id of the order.", is_required=True),
        integer(
            "payment_id",
            "Magento's id of the payment. NULL when read with the bridge.",
            "payment_id",
            magento2="entity_id",
            policy=Policy.KEEP_WHEN_NULL,  # only the stock wire has it
        ),
        text("payment_method", "Code of the method, e.g. checkmo, banktransfer.", "method"),
        text(
            "purchase_order_number",
            "The buyer's own order number. NULL: none.",
            "po_number",
            is_personal=True,
        ),
        text("card_type", "Kind of card. NULL: none.", "cc_type"),
        text("card_last4", "Last four digits of the card. NULL: none.", "cc_last4", is_personal=True),
        text(
            "last_transaction_number",
            "Number of the last transaction at the gateway. NULL: none.",
            "last_trans_id",
        ),
        text("order_currency_code", "Currency of the amounts without prefix, ISO 4217."),
        text("base_currency_code", "Currency of the base_ amounts, ISO 4217."),
        *amount_pair("ordered", "To be paid", "amount_ordered"),
        *amount_pair("paid", "Paid. NULL: nothing recorded", "amount_paid"),
        *amount_pair("refunded", "Refunded. NULL: nothing recorded", "amount_refunded"),
        *amount_pair("canceled", "Cancelled. NULL: nothing recorded", "amount_canceled"),
        *amount_pair("shipping", "Shipping", "shipping_amount"),
    ),
    rows={"magento1": _payments, "magento2": _payments_of_rest},
    ignored=frozenset(
        """parent_id attributes quote_payment_id account_status address_status amount_authorized base_amount_authorized
        base_amount_paid_online base_amount_refunded_online shipping_captured base_shipping_captured shipping_refunded
        base_shipping_refunded anet_trans_method protection_eligibility extension_attributes""".split()
    ),
)
