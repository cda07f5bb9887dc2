"""Changes of customers, as a real shop takes them: next to nothing is checked, and emoji are kept as question marks."""

from __future__ import annotations

import re
from collections.abc import Callable

from include.demo_store.shop import Shop
from include.demo_store.wire import envelope
from include.demo_store.wire.request import Call
from include.demo_store.wire.schema import TYPES

_BEYOND_THE_DATABASE = re.compile("[\U00010000-\U0010ffff]")
"""A shop's tables are in three-byte UTF-8; four bytes are kept as so many question marks."""
_GENDERS = {"1": "Male", "2": "Female"}
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
        return {"customerCustomerUpdate": self._update}

    def _update(self, call: Call) -> list[bytes]:
        number = call.whole_number("customerId")
        customer = self._shop.customer(number)
        if customer is None:
            raise envelope.CUSTOMER_NOT_EXISTS
        given = {name: text for name, text in call.records.get("customerData", {}).items() if name in _TAKEN}
        if given.get("email") and self._has_other(number, given["email"], customer.row["website_id"]):
            raise envelope.CUSTOMER_EMAIL_EXISTS
        self._shop.hand.update_customer(number, _as_stored(given))
        return [b'<result xsi:type="xsd:boolean">true</result>\n']

    def _has_other(self, number: int, email: str, website_id: str | None) -> bool:
        wanted = email.strip().lower()
        return any(
            (other.row["email"] or "").strip().lower() == wanted
            and other.row["website_id"] == website_id
            and other.row["customer_id"] != str(number)
            for other in self._shop.customers()
        )


def _as_stored(given: dict[str, str]) -> dict[str, str | None]:
    stored: dict[str, str | None] = {
        name: _BEYOND_THE_DATABASE.sub("????", text) for name, text in given.items()
    }
    if "gender" in stored:
        stored |= {"gender_id": stored["gender"], "gender": _GENDERS.get(stored["gender"] or "")}
    if stored.get("dob"):
        stored["dob"] = f"{str(stored['dob'])[:10]} 00:00:00"
    return stored
