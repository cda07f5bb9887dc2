"""Changes of customers, as a real shop takes them: next to nothing is checked, and emoji are kept as question marks."""

from __future__ import annotations

import re
from collections.abc import Callable

from include.demo_store.generate.customers import Row
from include.demo_store.generate.directory import REGIONS
from include.demo_store.shop import Shop
from include.demo_store.stores import STORE_BY_ID
from include.demo_store.wire import envelope
from include.demo_store.wire.request import Call, Value
from include.demo_store.wire.schema import TYPES

_BEYOND_THE_DATABASE = re.compile("[\U00010000-\U0010ffff]")
"""A shop's tables are in three-byte UTF-8; four bytes are kept as so many question marks."""
_DONE = b'<info xsi:type="xsd:boolean">true</info>\n'
_FLAGS = ("is_default_billing", "is_default_shipping")
_REQUIRED = {
    "firstname": "Please enter the first name.", "lastname": "Please enter the last name.",
    "street": "Please enter the street.", "city": "Please enter the city.",
    "telephone": "Please enter the telephone number.", "country_id": "Please enter the country.",
}  # fmt: skip
_GENDERS = {"1": "Male", "2": "Female"}
REGION_NAMES = {str(region.region_id): region.name for region in REGIONS}
_TAKEN = frozenset(field.name for field in TYPES["customerCustomerEntityToCreate"]) - {
    "customer_id",
    "password",
}


class CustomerChanges:
    """Methods that change people.

    Args:
        shop: whose.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def methods(self) -> dict[str, Callable[[Call], list[bytes]]]:
        """The methods by name."""
        return {
            "customerCustomerCreate": self._create,
            "customerCustomerUpdate": self._update,
            "customerAddressCreate": self._create_address,
            "customerAddressUpdate": self._update_address,
            "customerAddressDelete": self._delete_address,
        }

    def _create(self, call: Call) -> list[bytes]:
        """Nothing is checked but that the address is free: one without @ passes, and so does an empty name."""
        given = {name: text for name, text in call.records.get("customerData", {}).items() if name in _TAKEN}
        if self._shop.has_other_customer(0, given.get("email", ""), given.get("website_id", "0")):
            raise envelope.CUSTOMER_EMAIL_EXISTS
        stored = _as_stored(given)
        if store := STORE_BY_ID.get(int(given.get("store_id") or 0)):
            stored["created_in"] = store.name
        return [f'<result xsi:type="xsd:int">{self._shop.api.create_customer(stored)}</result>\n'.encode()]

    def _update(self, call: Call) -> list[bytes]:
        number = call.whole_number("customerId")
        customer = self._shop.customer(number)
        if customer is None:
            raise envelope.CUSTOMER_NOT_EXISTS
        given = {name: text for name, text in call.records.get("customerData", {}).items() if name in _TAKEN}
        if given.get("email") and self._shop.has_other_customer(
            number, given["email"], customer.row["website_id"]
        ):
            raise envelope.CUSTOMER_EMAIL_EXISTS
        self._shop.hand.update_customer(number, _as_stored(given))
        return envelope.YES

    def _create_address(self, call: Call) -> list[bytes]:
        number = call.whole_number("customerId")
        if self._shop.customer(number) is None:
            raise envelope.CUSTOMER_OF_ADDRESS_NOT_EXISTS
        fields = address_fields(call.values.get("addressData"))
        _check_address(fields)
        made = self._shop.api.write_address(number, fields)
        return [f'<result xsi:type="xsd:int">{made}</result>\n'.encode()]

    def _update_address(self, call: Call) -> list[bytes]:
        owner, card = self._address(call)
        fields = address_fields(call.values.get("addressData"))
        _check_address({**card, **fields})
        self._shop.api.write_address(owner, fields, call.whole_number("addressId"))
        return [_DONE]

    def _delete_address(self, call: Call) -> list[bytes]:
        owner, _ = self._address(call)
        self._shop.api.delete_address(owner, call.whole_number("addressId"))
        return [_DONE]

    def _address(self, call: Call) -> tuple[int, Row]:
        """The customer and the address that a call is about."""
        number = call.whole_number("addressId")
        owner = self._shop.api.owner_of(number)
        customer = self._shop.customer(owner)
        for card in customer.addresses if customer else ():
            if card["customer_address_id"] == str(number):
                return owner, card
        raise envelope.ADDRESS_NOT_EXISTS


def address_fields(given: Value | None) -> Row:
    """An address as the API gave it, as the database keeps it."""
    row: Row = {}
    for name, value in given.items() if isinstance(given, dict) else ():
        text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
        row[name] = as_kept(text)
    row |= {name: str(row[name] in ("1", "true")).lower() for name in _FLAGS if name in row}
    if row.get("region_id") in REGION_NAMES:
        row["region"] = REGION_NAMES[str(row["region_id"])]
    return row


def missing_in(row: Row) -> list[str]:
    """What an address has to have and lacks, in the shop's words."""
    return [told for name, told in _REQUIRED.items() if not (row.get(name) or "").strip()]


def _check_address(row: Row) -> None:
    """Addresses are checked, unlike customers."""
    if problems := missing_in(row):
        raise envelope.SoapFault("100", "\n".join(problems))


def as_kept(text: str) -> str:
    """A text as the shop's tables keep it."""
    return _BEYOND_THE_DATABASE.sub("????", text)


def _as_stored(given: dict[str, str]) -> dict[str, str | None]:
    stored: dict[str, str | None] = {name: as_kept(text) for name, text in given.items()}
    if "gender" in stored:
        stored |= {"gender_id": stored["gender"], "gender": _GENDERS.get(stored["gender"] or "")}
    if stored.get("dob"):
        stored["dob"] = f"{str(stored['dob'])[:10]} 00:00:00"
    return stored
