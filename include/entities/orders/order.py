"""The order itself: one row per order, header amounts as the store states them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from include.entities.attributes import ATTRIBUTES
from include.entities.buyers import buyer_of
from include.entities.fields import ABSENT, Field, Kind, amount_pair, flag, integer, quantity, text
from include.entities.model import Context, Reference, Row, Table, Touch
from include.entities.records import record_in, shipping_of
from include.entities.references import CUSTOMER_GROUP, STORE
from include.magento.door import Record

NOT_LOGGED_IN = "0"


def _orders(record: Record, context: Context) -> Iterable[Row]:
    return ({**record, **buyer_of(record, context)},)


def _orders_of_rest(record: Record, context: Context) -> Iterable[Row]:
    """A guest's price group is not sent when it is 0, which stands for visitors who are not logged in."""
    group = record.get("customer_group_id") or (
        NOT_LOGGED_IN if record.get("customer_is_guest") == "1" else None
    )
    message = record_in(record, "extension_attributes", "gift_message")
    method = shipping_of(record).get("method")
    own = {"customer_group_id": group, "shipping_method": method, "gift_message": message.get("message")}
    return ({**record, **own, **buyer_of(record, context)},)


IDENTITY = (
    integer("order_id", "Magento's id of the order.", "order_id", magento2="entity_id", is_required=True),
    text("order_number", "Number people see; may hold letters and a -1 suffix.", "increment_id"),
    Field(
        name="customer_key",
        kind=Kind.KEY,
        comment="The buyer: a registered customer or a guest. NULL where the order has neither id nor e-mail.",
    ),
    integer(
        "customer_id",
        "Magento's id of the registered buyer. NULL for guests and deleted customers.",
    ),
    flag("is_guest", "Whether the order has no registered customer (any more)."),
    integer("store_id", "Magento's id of the store view. NULL once the view was deleted.", "store_id"),
    text("store_name", "Website, store and view at the time of the order, a line each.", "store_name"),
    integer("cart_id", "Magento's id of the cart the order came from.", "quote_id"),
    text(
        "state",
        "Magento's processing state, e.g. new, processing, complete, closed, canceled.",
        "state",
        is_tracked=True,
    ),
    text("status", "The shop's own name of a step within the state.", "status", is_tracked=True),
    flag("is_virtual", "Whether nothing has to be shipped.", "is_virtual"),
)

MONEY = (
    text("order_currency_code", "Currency of the amounts without prefix, ISO 4217.", "order_currency_code"),
    text("base_currency_code", "Currency of the base_ amounts, ISO 4217.", "base_currency_code"),
    text("store_currency_code", "Default currency of the store view, ISO 4217.", "store_currency_code"),
    text("global_currency_code", "Currency of the whole installation, ISO 4217.", "global_currency_code"),
    Field(
        name="base_to_order_rate",
        kind=Kind.RATE,
        comment="Order currency per base unit.",
        magento1="base_to_order_rate",
    ),
    Field(
        name="base_to_global_rate",
        kind=Kind.RATE,
        comment="Global currency per base unit, at the time of the order.",
        magento1="base_to_global_rate",
    ),
    Field(
        name="store_to_base_rate",
        kind=Kind.RATE,
        comment="As the store sends it.",
        magento1="store_to_base_rate",
    ),
    Field(
        name="store_to_order_rate",
        kind=Kind.RATE,
        comment="As the store sends it.",
        magento1="store_to_order_rate",
    ),
    *amount_pair("subtotal", "Sum of the lines without a parent line, before tax and discount"),
    *amount_pair("discount", "Discount of the whole order, zero or negative", "discount_amount"),
    *amount_pair("tax", "Tax", "tax_amount"),
    *amount_pair("shipping", "Shipping before tax", "shipping_amount"),
    *amount_pair("grand_total", "What the buyer owes for the whole order", is_tracked=True),
    *amount_pair("subtotal_incl_tax", "Subtotal with tax. NULL where the store does not keep it"),
    *amount_pair("shipping_incl_tax", "Shipping with tax. NULL where the store does not keep it"),
    *amount_pair("shipping_tax", "Tax on shipping", "shipping_tax_amount"),
    *amount_pair("shipping_discount", "Discount on shipping, zero or positive", "shipping_discount_amount"),
    *amount_pair(
        "hidden_tax",
        "Tax compensation of discounts on prices with tax",
        "hidden_tax_amount",
        magento2="discount_tax_compensation_amount",
    ),
    *amount_pair("total_due", "Still to be paid. NULL where nothing is"),
    *amount_pair("total_paid", "Paid so far. NULL: nothing yet", is_tracked=True),
    *amount_pair("total_invoiced", "Invoiced so far. NULL: nothing yet"),
    *amount_pair("subtotal_invoiced", "Subtotal invoiced so far. NULL: nothing yet"),
    *amount_pair("tax_invoiced", "Tax invoiced so far. NULL: nothing yet"),
    *amount_pair("shipping_invoiced", "Shipping invoiced so far. NULL: nothing yet"),
    *amount_pair("discount_invoiced", "Discount invoiced so far, negative. NULL: nothing yet"),
    *amount_pair(
        "hidden_tax_invoiced",
        "Hidden tax invoiced so far. NULL: nothing yet",
        magento2="discount_tax_compensation_invoiced",
    ),
    *amount_pair("total_canceled", "Cancelled. NULL: nothing"),
    *amount_pair("subtotal_canceled", "Subtotal cancelled. NULL: nothing"),
    *amount_pair("tax_canceled", "Tax cancelled. NULL: nothing"),
    *amount_pair("shipping_canceled", "Shipping cancelled. NULL: nothing"),
    *amount_pair("discount_canceled", "Discount cancelled, positive. NULL: nothing"),
    *amount_pair("total_refunded", "Refunded so far. NULL: nothing", is_tracked=True),
    *amount_pair("total_offline_refunded", "Refunded outside the payment gateway. NULL: nothing"),
    *amount_pair("subtotal_refunded", "Subtotal refunded. NULL: nothing"),
    *amount_pair("tax_refunded", "Tax refunded. NULL: nothing"),
    *amount_pair("shipping_refunded", "Shipping refunded. NULL: nothing"),
    *amount_pair("shipping_tax_refunded", "Tax on shipping refunded. NULL: nothing"),
    *amount_pair("discount_refunded", "Discount refunded, negative. NULL: nothing"),
    *amount_pair(
        "hidden_tax_refunded",
        "Hidden tax refunded. NULL: nothing",
        magento2="discount_tax_compensation_refunded",
    ),
    *amount_pair("adjustment_positive", "Refunded beyond the lines. NULL: no refund"),
    *amount_pair("adjustment_negative", "Kept back from refunds. NULL: no refund"),
    quantity("ordered_qty", "Pieces ordered, parent lines counted once.", "total_qty_ordered"),
    integer("item_count", "Lines without a parent line.", "total_item_count"),
    quantity("weight", "Weight of the order in the store's unit.", "weight"),
)

BUYER = (
    text(
        "customer_email", "E-mail given with the order. NULL where none.", "customer_email", is_personal=True
    ),
    text(
        "customer_email_normalised",
        "That address trimmed and in lower case, to compare by. NULL where there is none.",
        is_personal=True,
    ),
    text("customer_prefix", "Title before the buyer's name.", "customer_prefix", is_personal=True),
    text(
        "customer_first_name",
        "Buyer's first name. NULL for most guests.",
        "customer_firstname",
        is_personal=True,
    ),
    text("customer_middle_name", "Buyer's middle name.", "customer_middlename", is_personal=True),
    text(
        "customer_last_name",
        "Buyer's last name. NULL for most guests.",
        "customer_lastname",
        is_personal=True,
    ),
    text("customer_suffix", "Title behind the buyer's name.", "customer_suffix", is_personal=True),
    Field(
        name="customer_birth_date",
        kind=Kind.DAY,
        comment="Buyer's day of birth as given with the order.",
        magento1="customer_dob",
        is_personal=True,
    ),
    integer(
        "customer_gender_code",
        "1 male, 2 female, as given with the order.",
        "customer_gender",
        is_personal=True,
    ),
    text("customer_tax_number", "VAT number given with the order.", "customer_taxvat", is_personal=True),
    integer(
        "customer_group_id", "Magento's id of the price group the order was made in.", "customer_group_id"
    ),
    text(
        "remote_ip",
        "Address the order came from. NULL for orders made by the shop.",
        "remote_ip",
        is_personal=True,
    ),
    text("customer_note", "What the buyer wrote with the order.", "customer_note", is_personal=True),
    flag(
        "is_customer_note_notified",
        "Whether the note was mailed. NULL: no note.",
        "customer_note_notify",
        differs="told without a note, too",
    ),
)

CIRCUMSTANCES = (
    text("coupon_code", "Coupon used. NULL: none.", "coupon_code"),
    text(
        "discount_description", "Name of the discount shown to the buyer. NULL: none.", "discount_description"
    ),
    text(
        "applied_rule_ids",
        "Ids of the price rules applied, joined by commas. NULL: none.",
        "applied_rule_ids",
    ),
    text("shipping_method", "Carrier and method. NULL: nothing to ship.", "shipping_method"),
    text("shipping_description", "Name of the shipping method shown to the buyer.", "shipping_description"),
    integer(
        "gift_message_id", "Magento's id of the gift message. NULL: none.", "gift_message_id", magento2=ABSENT
    ),
    text("gift_message", "Text of the gift message. NULL: none.", "gift_message", is_personal=True),
    text("hold_before_state", "State to return to when the hold ends. NULL: not held.", "hold_before_state"),
    text(
        "hold_before_status", "Status to return to when the hold ends. NULL: not held.", "hold_before_status"
    ),
    integer("replaces_order_id", "Order this one was edited from. NULL: none.", "relation_parent_id"),
    integer("replaced_by_order_id", "Order this one was edited into. NULL: none.", "relation_child_id"),
    text(
        "original_order_number",
        "Number of the first of a row of edited orders. NULL: never edited.",
        "original_increment_id",
    ),
    integer("edit_count", "How often the order was edited before. NULL: never.", "edit_increment"),
)

ORDERS = Table(
    name="orders",
    singular="order",
    grain="One row per order.",
    key=("order_id",),
    references=(
        STORE,
        CUSTOMER_GROUP,
        Reference(name="cart_key", table="carts", ids=("cart_id",), comment="The cart it came from."),
    ),
    fields=(*IDENTITY, *MONEY, *BUYER, *CIRCUMSTANCES, replace(ATTRIBUTES, magento2=ABSENT)),
    rows={"magento1": _orders, "magento2": _orders_of_rest},
    created={"magento1": "created_at", "magento2": "created_at"},
    updated={"magento1": "updated_at", "magento2": "updated_at"},
    has_owner=True,
    touches=(
        Touch(subject="order", column="order_key"),
        Touch(subject="order_created", column="source_created_at"),
        Touch(subject="customer", column="customer_key"),
        Touch(subject="cart_of_order", column="cart_key"),
    ),
    indexes=("customer_key", "cart_key", "source_created_at"),
    ignored=frozenset(
        """items billing_address shipping_address payment status_history protect_code
        billing_address_id billing_firstname billing_lastname billing_name shipping_address_id shipping_firstname
        shipping_lastname shipping_name firstname lastname telephone postcode paypal_ipn_customer_notified
        customer_is_guest shipping_hidden_tax_amount base_shipping_hidden_tax_amount base_total_invoiced_cost
        relation_child_real_id relation_parent_real_id
        status_histories extension_attributes email_sent discount_refunded shipping_discount_tax_compensation_amount
        base_shipping_discount_tax_compensation_amnt total_online_refunded base_total_online_refunded
        base_total_qty_ordered can_ship_partially can_ship_partially_item ext_customer_id ext_order_id
        forced_shipment_with_invoice payment_auth_expiration payment_authorization_amount quote_address_id
        x_forwarded_for""".split()
    ),
)
