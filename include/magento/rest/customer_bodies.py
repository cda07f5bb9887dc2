"""A customer as Magento 2 wants it sent: the whole of it, as it was just read, with a few values changed.

What is left out of a customer is kept by some releases and reset by others, and the addresses sent are all there are
afterwards: one that is missing is deleted. What a newcomer would get wrong: the stamps must not go back, or the change
would carry the date of the one before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from include.magento.faults import RecordGone, WriteRefused
from include.magento.writing import Fields

Json: TypeAlias = dict[str, Any]
_STAMPS = ("created_at", "updated_at")
_INTEGERS = frozenset({"website_id", "store_id", "group_id", "gender"})
_DEFAULTS = {"is_default_billing": "default_billing", "is_default_shipping": "default_shipping"}
NO_REGION = 0


def customer_fields(fields: Fields) -> Json:
    """Fields of a customer under Magento's names, as JSON has them; "" empties one."""
    return {name: _typed(name, value or "") for name, value in fields.items()}


def address_fields(fields: Fields) -> Json:
    """Fields of an address in a customer's book."""
    found: Json = {}
    for name, value in fields.items():
        if name in _DEFAULTS:
            found[_DEFAULTS[name]] = value == "1"
        elif name == "street":
            found[name] = (value or "").splitlines()
        elif name not in ("region", "region_id"):
            found[name] = value or ""
    if "region" in fields or "region_id" in fields:
        found["region"] = region(fields)
    return found


def region(fields: Mapping[str, str | None]) -> Json:
    """A region by its id, which Magento finds the name to, or by name where its country has no list."""
    number, name = fields.get("region_id"), fields.get("region")
    found: Json = {"region_id": _whole("region_id", number) if number else NO_REGION}
    return {**found, "region": name or ""} if name or not number else found


def changed(customer: Json, fields: Json) -> Json:
    """The customer to send: as it was read, with these values."""
    kept = {name: value for name, value in customer.items() if name not in _STAMPS}
    return {**kept, **fields}


def with_subscription(customer: Json, *, is_subscribed: bool) -> Json:
    """The customer on the newsletter, or off it."""
    extension = {**(customer.get("extension_attributes") or {}), "is_subscribed": is_subscribed}
    return changed(customer, {"extension_attributes": extension})


def with_new_address(customer: Json, fields: Json) -> Json:
    """The customer with one more address; if bills or parcels go there from now on, they go nowhere else."""
    return _with_book(customer, [*_others(customer, fields), fields], fields, number=None)


def with_address(customer: Json, number: int, fields: Json) -> Json:
    """The customer with other values in one address of the book.

    Raises:
        RecordGone: it is not in the book.
    """
    book = _others(customer, fields, but=number)
    if not any(one.get("id") == number for one in book):
        raise RecordGone("The address to change is no longer in the store.")
    return _with_book(customer, [_merged(one, fields, number) for one in book], fields, number)


def ids_of(book: object) -> set[int]:
    """Numbers of the addresses of a book, wherever it was read."""
    rows = book if isinstance(book, list) else []
    return {int(row["id"]) for row in rows if isinstance(row, dict) and str(row.get("id") or "").isdecimal()}


def _merged(address: Json, fields: Json, number: int) -> Json:
    if address.get("id") != number:
        return address
    # The number beside the region says the same again, and would contradict a new one.
    kept = {name: value for name, value in address.items() if name != "region_id" or "region" not in fields}
    return {**kept, **fields}


def _others(customer: Json, fields: Json, *, but: int | None = None) -> list[Json]:
    """The addresses as they were read, those that lose their role to this one without it."""
    lost = {name for name in _DEFAULTS.values() if fields.get(name)}
    book: list[Json] = customer.get("addresses") or []
    return [
        one if one.get("id") == but else {name: value for name, value in one.items() if name not in lost}
        for one in book
    ]


def _with_book(customer: Json, book: list[Json], fields: Json, number: int | None) -> Json:
    """The customer names its default addresses a second time, by number; a new one has none yet."""
    full = changed(customer, {"addresses": book})
    for name in _DEFAULTS.values():
        if fields.get(name) and number is not None:
            full[name] = str(number)
        elif fields.get(name) or (fields.get(name) is False and full.get(name) == str(number)):
            full.pop(name, None)
    return full


def _typed(name: str, value: str) -> object:
    return _whole(name, value) if name in _INTEGERS else value


def _whole(name: str, value: str) -> int:
    if not value.isdecimal():
        raise WriteRefused(
            f"{name} has to be a whole number: the store's API can neither take nor empty it else."
        )
    return int(value)
