"""Lines and addresses of a cart as Magento 2 wants them sent.

What a newcomer would get wrong: an address that is sent replaces the one there was as a whole, its e-mail included,
which for a guest is the only place where the cart knows whose it is.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from include.magento.cart_changes import CartAddress, CartItem
from include.magento.door import Record, texts
from include.magento.faults import WriteRefused
from include.magento.rest.customer_bodies import region

Json: TypeAlias = dict[str, Any]
_IN_BOOK = "customer_address_id"
_OF_ADDRESS = """prefix firstname middlename lastname suffix company street city region region_id region_code postcode
    country_id telephone fax vat_id email customer_address_id""".split()
_INTEGERS = frozenset({"region_id", _IN_BOOK})


def line(item: CartItem, sku: str, cart_id: int, chooses_by: Callable[[str], bool]) -> Json:
    """A line to be put in.

    Args:
        item: what is wished.
        sku: its article number.
        cart_id: of the cart; it counts here, not in the address.
        chooses_by: whether a variant of the product is chosen by an option.
    """
    found: Json = {"sku": sku, "qty": number(item.qty or Decimal(1)), "quote_id": str(cart_id)}
    chosen = _chosen(item, chooses_by)
    return {**found, "product_option": {"extension_attributes": chosen}} if chosen else found


def number(qty: Decimal) -> int | float:
    """Whole quantities without a point, as people write them."""
    return int(qty) if qty == qty.to_integral_value() else float(qty)


def _chosen(item: CartItem, chooses_by: Callable[[str], bool]) -> Json:
    variant = {key: value for key, value in item.options.items() if chooses_by(key)}
    own = {key: value for key, value in item.options.items() if key not in variant}
    options: Json = {
        "configurable_item_options": [
            {"option_id": key, "option_value": _whole(value)} for key, value in variant.items()
        ],
        "custom_options": [{"option_id": key, "option_value": value} for key, value in own.items()],
        "bundle_options": [
            {
                "option_id": _whole(key),
                "option_qty": _whole(item.bundle_qtys.get(key, "1")),
                "option_selections": [_whole(one) for one in value.split(",")],
            }
            for key, value in item.bundle_options.items()
        ],
    }
    found = {name: chosen for name, chosen in options.items() if chosen}
    if item.links:
        found["downloadable_option"] = {"downloadable_links": [_whole(link) for link in item.links]}
    return found


def typed_address(address: CartAddress, email: str | None) -> Json:
    """An address as somebody typed it."""
    fields = {name: value for name, value in address.fields.items() if name not in ("region", "region_id")}
    found: Json = {name: value or "" for name, value in fields.items()}
    found["street"] = (address.fields.get("street") or "").splitlines()
    where = region(address.fields)
    if address.fields.get("region") or address.fields.get("region_id"):
        found |= where
    return _with_email(found, email)


def known_address(record: Record, email: str | None, *, in_book: int | None = None) -> Json:
    """An address that the store holds, of a cart or of a customer's book, to be sent again."""
    told = dict(record)
    where = told.get("region")
    if isinstance(where, dict):  # in a book it is a record of its own
        told |= {name: where.get(name) for name in ("region", "region_id", "region_code")}
    found: Json = {name: told[name] for name in _OF_ADDRESS if isinstance(told.get(name), str)}
    found |= {name: int(str(told[name])) for name in _INTEGERS if str(told.get(name) or "").isdecimal()}
    found["street"] = texts(record, "street")
    return _with_email(found if in_book is None else {**found, _IN_BOOK: in_book}, email)


def _with_email(address: Json, email: str | None) -> Json:
    return address if email is None else {**address, "email": email}


def _whole(value: str) -> int:
    if not value.strip().isdecimal():
        raise WriteRefused("Options of a product have to be told by the ids of options and values.")
    return int(value)
