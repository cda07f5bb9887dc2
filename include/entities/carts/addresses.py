"""Where a cart would be billed and shipped to, as far as its buyer has typed it."""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.fields import ABSENT, flag, integer, quantity, text
from include.entities.model import Context, Reference, Row, Table
from include.entities.postal import POSTAL, joined_street
from include.entities.records import record_in, shipping_of
from include.identity.normalisation import normalise_email
from include.magento.door import Record


def _addresses(record: Record, context: Context) -> Iterator[Row]:
    for address_type in ("billing", "shipping"):
        address = record.get(f"{address_type}_address")
        if isinstance(address, dict) and address:
            row = {**address, "cart_id": record.get("entity_id"), "address_type": address_type}
            yield {**row, "email_normalised": _normalised(address)}


def _addresses_of_rest(record: Record, context: Context) -> Iterator[Row]:
    shipping = shipping_of(record)
    method = {"shipping_method": shipping.get("method")}
    found = {
        "billing": record_in(record, "billing_address"),
        "shipping": {**record_in(shipping, "address"), **method} if shipping.get("address") else {},
    }
    for address_type, address in found.items():
        if address:
            row = {**address, "cart_id": record.get("id"), "address_type": address_type}
            yield {**row, "street": joined_street(address), "email_normalised": _normalised(address)}


def _normalised(address: Record) -> str | None:
    email = address.get("email")
    return normalise_email(email) if isinstance(email, str) else None


CART_ADDRESSES = Table(
    name="cart_addresses",
    singular="cart_address",
    grain="One row per cart and kind of address; of a cart with several shipping addresses the first.",
    key=("cart_id", "address_type"),
    parent=Reference(name="cart_key", table="carts", ids=("cart_id",), comment="The cart."),
    references=(
        Reference(
            name="customer_address_key",
            table="customer_addresses",
            ids=("customer_address_id",),
            comment="The entry of the customer's address book it was taken from. NULL: typed anew.",
        ),
    ),
    fields=(
        integer("cart_id", "Magento's id of the cart.", is_required=True),
        text(
            "address_type",
            "billing or shipping.",
            "address_type",
            differs="the shipping address is told while the cart is open, and stays",
            is_required=True,
        ),
        integer(
            "cart_address_id",
            "Magento's id of the address. NULL when read without the bridge.",
            "address_id",
            magento2="id",
        ),
        integer(
            "customer_address_id",
            "Magento's id in the customer's address book. NULL: typed anew.",
            "customer_address_id",
        ),
        flag("is_same_as_billing", "Whether it was said to be the billing address.", "same_as_billing"),
        *POSTAL,
        text("email", "E-mail of the address. NULL where none was typed.", "email", is_personal=True),
        text(
            "email_normalised",
            "E-mail of the address trimmed and in lower case, to compare by. NULL where none was typed.",
            is_personal=True,
        ),
        text("shipping_method", "Code of the chosen way of shipping. NULL: none chosen.", "shipping_method"),
        text(
            "shipping_description",
            "Its name for people. NULL: none chosen.",
            "shipping_description",
            magento2=ABSENT,
        ),
        flag("is_free_shipping", "Whether it ships free.", "free_shipping", magento2=ABSENT),
        quantity("weight", "Weight of what is shipped here, in the store's unit.", "weight", magento2=ABSENT),
    ),
    indexes=("email_normalised",),
    rows={"magento1": _addresses, "magento2": _addresses_of_rest},
    created={"magento1": "created_at"},
    updated={"magento1": "updated_at"},
    ignored=frozenset(
        "customer_id save_in_address_book region_code vat_id extension_attributes custom_attributes".split()
    ),
)
