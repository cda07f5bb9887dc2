"""The cart itself: one row per cart, amounts as the store states them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from include.entities.attributes import ATTRIBUTES
from include.entities.buyers import buyer_of
from include.entities.fields import ABSENT, Field, Kind, Policy, amount_pair, flag, integer, quantity, text
from include.entities.model import Context, Row, Table, Touch
from include.entities.records import record_in
from include.entities.references import CUSTOMER_GROUP, STORE
from include.magento.door import Record, children

_STRUCTURES = frozenset(
    "customer currency items products totals billing_address extension_attributes id".split()
)
_OF_CUSTOMER = "prefix firstname middlename lastname suffix dob gender taxvat".split()
_OF_TOTALS = """subtotal base_subtotal subtotal_with_discount base_subtotal_with_discount base_grand_total
    coupon_code""".split()
_NAMES = "prefix firstname middlename lastname suffix".split()
NOT_LOGGED_IN = "0"
_WHILE_OPEN = "told while the cart is open; the last value stays"
_NOT_TOLD = "not told"
_OF_GUESTS = "of guests as in the billing address"


def _carts(record: Record, context: Context) -> Iterable[Row]:
    return (
        {**record, **buyer_of(record, context), **_payment(record), "last_open_at": _last_open_at(record)},
    )


def _last_open_at(record: Record) -> object:
    """Buying and closing a cart are changes too, and overwrite when the buyer last touched it."""
    is_closed = str(record.get("is_active")).lower() in ("0", "false", "no")
    if is_closed or _dated(record, "converted_at"):
        return None
    return _dated(record, "updated_at") or _dated(record, "created_at")


def _dated(record: Record, name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) and not value.startswith("0000") else None


def _payment(record: Record) -> Row:
    """Type and last four digits: all that may be known of a card, and enough to talk about it."""
    payment = record.get("payment")
    known = payment if isinstance(payment, dict) else {}
    return {
        "payment_method": known.get("method"),
        "card_type": known.get("cc_type"),
        "card_last4": known.get("cc_last4"),
    }


def _carts_of_rest(record: Record, context: Context) -> Iterable[Row]:
    """Buyer, currencies and totals each stand apart; a guest's e-mail and name only with the billing address.

    The total is that of the segments: the field called grand_total leaves the tax out.
    """
    customer, currency = record_in(record, "customer"), record_in(record, "currency")
    totals = record_in(record, "totals")
    segments = {str(one.get("code")): one.get("value") for one in children(totals, "total_segments")}
    is_known = isinstance(customer.get("id"), str)
    billing = record_in(record, "billing_address")
    named = customer if is_known else {name: billing.get(name) for name in _NAMES}
    email = customer.get("email") or billing.get("email")
    row: Record = {
        **{name: value for name, value in record.items() if name not in _STRUCTURES},
        **currency,
        **{f"customer_{name}": named.get(name) for name in _OF_CUSTOMER},
        **{name: totals.get(name) for name in _OF_TOTALS},
        "entity_id": record.get("id"),
        "customer_id": customer.get("id"),
        "customer_email": email,
        "customer_group_id": customer.get("group_id") if is_known else NOT_LOGGED_IN,
        "grand_total": segments.get("grand_total"),
    }
    return _carts(row, context)


IDENTITY = (
    integer("cart_id", "Magento's id of the cart (quote).", "entity_id", is_required=True),
    Field(
        name="customer_key",
        kind=Kind.KEY,
        comment="Whose it is: a registered customer or a guest. NULL as long as nobody has typed an e-mail.",
    ),
    integer("customer_id", "Magento's id of the registered customer. NULL for guests."),
    flag("is_guest", "Whether the cart has no registered customer."),
    integer("store_id", "Magento's id of the store view. NULL once the view was deleted.", "store_id"),
    text(
        "status",
        "open, purchased (an order came of it), expired (inactive, or gone from the store), lost or "
        "converted_to_opportunity (set by the CRM side, until the store closes the cart).",
        is_tracked=True,
        policy=Policy.WAREHOUSE_OWNED,
    ),
    flag(
        "is_active",
        "Whether the store still offers it to the buyer; not whether it is open: see status.",
        "is_active",
    ),
    flag("is_virtual", "Whether nothing has to be shipped.", "is_virtual"),
    flag(
        "is_multi_shipping", "Whether it is sent to several addresses.", "is_multi_shipping", magento2=ABSENT
    ),
    text(
        "checkout_method",
        "guest, register, customer, ... NULL before the checkout.",
        "checkout_method",
        magento2=ABSENT,
    ),
    Field(
        name="converted_at",
        kind=Kind.INSTANT,
        comment="When the store last made an order of it (UTC). NULL: never.",
        magento1="converted_at",
        differs="declared, and not told by a 2.4.4",
    ),
    Field(
        name="last_open_at",
        kind=Kind.INSTANT,
        comment="When it last changed while its buyer could still buy it (UTC); history has each time before. "
        "NULL: bought or closed, or the store has no date.",
        is_tracked=True,
    ),
    text(
        "reserved_order_number",
        "Number its order has or will have. NULL before the checkout.",
        "reserved_order_id",
    ),
    integer(
        "edited_order_id",
        "Magento's id of the order that is edited in this cart. 0 or NULL: none.",
        "orig_order_id",
    ),
)

MONEY = (
    integer("item_count", "Number of lines without a parent line.", "items_count"),
    quantity("items_qty", "Pieces in it, child lines not counted.", "items_qty"),
    text("cart_currency_code", "Currency of the amounts without prefix, ISO 4217.", "quote_currency_code"),
    text("base_currency_code", "Currency of the base_ amounts, ISO 4217.", "base_currency_code"),
    text("store_currency_code", "Default currency of the store view, ISO 4217.", "store_currency_code"),
    text("global_currency_code", "Currency of the whole installation, ISO 4217.", "global_currency_code"),
    *(
        Field(name=name, kind=Kind.RATE, comment=comment, magento1=source)
        for name, comment, source in (
            ("base_to_cart_rate", "Cart currency per base unit.", "base_to_quote_rate"),
            (
                "base_to_global_rate",
                "Global currency per base unit, when the cart last changed.",
                "base_to_global_rate",
            ),
            ("store_to_base_rate", "As the store sends it.", "store_to_base_rate"),
            ("store_to_cart_rate", "As the store sends it.", "store_to_quote_rate"),
        )
    ),
    *amount_pair(
        "subtotal",
        "Lines without a parent line, before tax and discount",
        currency="cart",
        differs=_WHILE_OPEN,
    ),
    *amount_pair(
        "discounted_subtotal",
        "Subtotal less discounts",
        "subtotal_with_discount",
        currency="cart",
        differs=_WHILE_OPEN,
    ),
    *amount_pair("grand_total", "What the buyer would owe", currency="cart", differs=_WHILE_OPEN),
)

BUYER = (
    text("customer_email", "E-mail. NULL as long as none was typed.", "customer_email", is_personal=True),
    text(
        "customer_email_normalised",
        "E-mail trimmed and in lower case, to compare by. NULL as long as none was typed.",
        is_personal=True,
    ),
    *(
        text(f"customer_{name}", comment, f"customer_{source}", differs=_OF_GUESTS, is_personal=True)
        for name, comment, source in (
            ("prefix", "Title before the name.", "prefix"),
            ("first_name", "First name.", "firstname"),
            ("middle_name", "Middle name.", "middlename"),
            ("last_name", "Last name.", "lastname"),
            ("suffix", "Title behind the name.", "suffix"),
        )
    ),
    Field(
        name="customer_birth_date",
        kind=Kind.DAY,
        comment="Date of birth. NULL where not given.",
        magento1="customer_dob",
        is_personal=True,
    ),
    integer(
        "customer_gender_code", "As the store codes it, usually 1 or 2.", "customer_gender", is_personal=True
    ),
    text("customer_tax_number", "VAT number. NULL where not given.", "customer_taxvat", is_personal=True),
    integer(
        "customer_group_id",
        "Magento's id of the price group; 0 is not logged in.",
        "customer_group_id",
        differs="that of the customer when the cart was read",
    ),
    text("remote_ip", "Address of the buyer's device.", "remote_ip", is_personal=True, magento2=ABSENT),
    text("customer_note", "What the buyer wrote. NULL: nothing.", "customer_note", is_personal=True),
    flag("is_customer_note_notified", "Whether the note goes into the order's mail.", "customer_note_notify"),
)

CIRCUMSTANCES = (
    text(
        "payment_method",
        "Code of the payment method, e.g. checkmo. NULL before one is chosen.",
        differs=_NOT_TOLD,
    ),
    text("card_type", "Kind of card. NULL: none.", differs=_NOT_TOLD),
    text("card_last4", "Last four digits of the card. NULL: none.", is_personal=True, differs=_NOT_TOLD),
    text("coupon_code", "Coupon entered. NULL: none.", "coupon_code", differs=_WHILE_OPEN),
    text(
        "applied_rule_ids",
        "Ids of the price rules applied, joined by commas. NULL: none.",
        "applied_rule_ids",
        magento2=ABSENT,
    ),
    integer(
        "gift_message_id", "Magento's id of the gift message. NULL: none.", "gift_message_id", magento2=ABSENT
    ),
    text(
        "gift_message",
        "Text of the gift message. NULL: none.",
        "gift_message",
        is_personal=True,
        magento2=ABSENT,
    ),
)

CARTS = Table(
    name="carts",
    singular="cart",
    grain="One row per cart, bought ones included, that the store has or had.",
    key=("cart_id",),
    references=(STORE, CUSTOMER_GROUP),
    fields=(*IDENTITY, *MONEY, *BUYER, *CIRCUMSTANCES, replace(ATTRIBUTES, magento2=ABSENT)),
    rows={"magento1": _carts, "magento2": _carts_of_rest},
    created={"magento1": "created_at", "magento2": "created_at"},
    updated={"magento1": "updated_at", "magento2": "updated_at"},
    has_owner=True,
    touches=(
        Touch(subject="cart", column="cart_key"),
        Touch(subject="cart_created", column="source_created_at"),
        Touch(subject="customer", column="customer_key"),
    ),
    # By their last change, too: time alone makes a cart an abandoned one.
    indexes=("customer_key", "source_created_at", "source_updated_at"),
    # Enterprise's balances and points are told by stock Magento's call only, and the plumbing by the bridge's.
    ignored=frozenset(
        """items billing_address shipping_address payment quote_id customer_is_guest customer_tax_class_id is_changed
        trigger_recollect is_persistent ext_shipping_info password_hash customer_balance_amount_used
        base_customer_balance_amount_used use_customer_balance gift_cards_amount base_gift_cards_amount
        gift_cards_amount_used use_reward_points reward_points_balance base_reward_currency_amount
        reward_currency_amount id extension_attributes""".split()
    ),
)
