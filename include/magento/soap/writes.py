"""How each change is written over SOAP v2: the call, its arguments, and what its answer names.

The arguments are named as the default dialect names them; the contract spells them for WS-I. What a newcomer would get
wrong: the core's calls are used though the Oro bridge has its own for customers, since they take the same fields and
are there without it. Only newsletter entries need the bridge.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from include.magento import writing
from include.magento.faults import WriteRefused
from include.magento.soap.cart_writes import CART_WRITES

_INTEGERS = frozenset({"customer_id", "website_id", "store_id", "group_id", "gender", "region_id"})
_FLAGS = frozenset({"is_default_billing", "is_default_shipping"})
# As in `envelope`: what XML 1.0 cannot carry, escaped or not; the store answers it with an engine fault.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One kind of change as a call.

    Attributes:
        method: name of the call.
        arguments: what it takes, for a change.
        names: the new record in its answer: "" is the answer itself, else the name of a field; None where none is.
    """

    method: str
    arguments: Callable[[Any], dict[str, object]]
    names: str | None = None


def spelling_of(change: writing.Change) -> Spelling:
    """How this change is written."""
    return WRITES[type(change)]


def refuse_unwritable(value: object) -> None:
    """Raise WriteRefused for text that no SOAP request can hold."""
    if isinstance(value, str) and _ILLEGAL.search(value):
        raise WriteRefused(
            "A text holds a control character, which the store's API cannot take: take it out."
        )
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        refuse_unwritable(part)


def _fields(fields: Mapping[str, str | None]) -> dict[str, object]:
    return {name: _typed(name, value or "") for name, value in fields.items()}


def _typed(name: str, value: str) -> object:
    """Numbers and flags as the schema has them; PHP reads an empty number as one that was not given."""
    if name == "street":
        return value.splitlines()
    if name in _FLAGS:
        return value == "1"
    if name not in _INTEGERS:
        return value
    if name == "region_id" and not value:
        return 0  # the id of no region
    if not value.isdecimal():
        raise WriteRefused(
            f"{name} has to be a whole number: the store's API can neither take nor empty it else."
        )
    return int(value)


def _new_customer(change: writing.CreateCustomer) -> dict[str, object]:
    """Magento's own code reads the password without asking whether there is one."""
    password = change.password or secrets.token_urlsafe(24)
    return {"customerData": _fields({**change.fields, "password": password})}


def _comment(change: writing.CommentOrder) -> dict[str, object]:
    if change.is_visible:
        raise WriteRefused(
            "Magento 1's API cannot show a comment in the shop: ask for one that is notified, or add it in the store's "
            "admin."
        )
    return {
        "orderIncrementId": change.order_number,
        "status": change.status,
        "comment": change.text,
        "notify": int(change.is_notified),
    }


def _subscription(change: writing.CreateSubscription) -> dict[str, object]:
    entry: dict[str, object] = {
        "store_id": str(change.store_id),
        "subscriber_email": change.email,
        "subscriber_status": change.status,
    }
    if change.customer_id is not None:
        entry["customer_id"] = str(change.customer_id)
    return {"subscriberData": entry}


def _of_order(change: writing.HoldOrder | writing.UnholdOrder | writing.CancelOrder) -> dict[str, object]:
    return {"orderIncrementId": change.order_number}


WRITES: dict[type, Spelling] = {
    writing.CreateCustomer: Spelling("customerCustomerCreate", _new_customer, names=""),
    writing.UpdateCustomer: Spelling(
        "customerCustomerUpdate", lambda c: {"customerId": c.customer_id, "customerData": _fields(c.fields)}
    ),
    writing.CreateAddress: Spelling(
        "customerAddressCreate",
        lambda c: {"customerId": c.customer_id, "addressData": _fields(c.fields)},
        names="",
    ),
    writing.UpdateAddress: Spelling(
        "customerAddressUpdate", lambda c: {"addressId": c.address_id, "addressData": _fields(c.fields)}
    ),
    writing.DeleteAddress: Spelling("customerAddressDelete", lambda c: {"addressId": c.address_id}),
    writing.CreateSubscription: Spelling("newsletterSubscriberCreate", _subscription, names="subscriber_id"),
    writing.SetSubscription: Spelling(
        "newsletterSubscriberUpdate",
        lambda c: {"subscriberId": c.subscriber_id, "subscriberData": {"subscriber_status": c.status}},
    ),
    writing.CommentOrder: Spelling("salesOrderAddComment", _comment),
    writing.HoldOrder: Spelling("salesOrderHold", _of_order),
    writing.UnholdOrder: Spelling("salesOrderUnhold", _of_order),
    writing.CancelOrder: Spelling("salesOrderCancel", _of_order),
    **{kind: Spelling(*parts) for kind, parts in CART_WRITES.items()},
}
