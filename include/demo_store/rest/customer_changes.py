"""Changes of customers over REST: the customer is sent whole, and the addresses sent are all there are afterwards.

What a newcomer would get wrong: null says nothing while a blank text empties a field, an incomplete address is dropped
without a word, and who makes an account has no say in its price group.
"""

from __future__ import annotations

from typing import Any

from include.demo_store.generate.customers import Customer, Row
from include.demo_store.generate.newsletter import SUBSCRIBED, UNSUBSCRIBED
from include.demo_store.rest.access import OPEN
from include.demo_store.rest.customers import subscription_of
from include.demo_store.rest.problems import ApiProblem, internal_error, no_entity
from include.demo_store.rest.reading import Reading
from include.demo_store.rest.routing import ADMIN, Asked, Route, route
from include.demo_store.rest.shapes import Json
from include.demo_store.shop import Shop
from include.demo_store.stores import STORE_BY_ID, STORES
from include.demo_store.wire.answers.customer_changes import address_fields, as_kept, missing_in

_MANAGE = "Magento_Customer::manage"
_TAKEN = "A customer with the same email address already exists in an associated website."
_TEXTS = "email firstname lastname middlename prefix suffix taxvat".split()
_NUMBERS = "group_id store_id website_id".split()
_KNOWN = frozenset(
    [*_TEXTS, *_NUMBERS, "id", "dob", "gender", "created_at", "updated_at", "created_in", "confirmation", "addresses",
     "default_billing", "default_shipping", "disable_auto_group_change", "extension_attributes", "custom_attributes"]
)  # fmt: skip
_GENDERS = {"1": "Male", "2": "Female"}
_FLAGS = {"default_billing": "is_default_billing", "default_shipping": "is_default_shipping"}
_GENERAL = "1"


class CustomerChanges:
    """Changes accounts, address books and newsletter entries.

    Args:
        shop: whose.
        reading: writes out what came of it.
    """

    def __init__(self, shop: Shop, reading: Reading) -> None:
        self._shop, self._reading = shop, reading

    def routes(self) -> list[Route]:
        """What it answers."""
        return [
            route("POST", "customers", OPEN, self._create),
            route("PUT", "customers/{id}", _MANAGE, self._update),
            route("DELETE", "customers/{id}", "Magento_Customer::delete", self._delete),
            route("DELETE", "addresses/{id}", _MANAGE, self._delete_address),
        ]

    def _create(self, asked: Asked) -> Json:
        given = _customer_in(asked.body)
        stored = _as_stored(given) | {"group_id": _GENERAL}
        website = stored.get("website_id") or str(asked.store.website.website_id)
        if "@" not in str(given.get("email") or ""):
            raise ApiProblem(400, '"%1" is not a valid email address.', ["email"])
        if self._shop.has_other_customer(0, str(given["email"]), website):
            raise ApiProblem(400, _TAKEN)
        view = STORE_BY_ID.get(int(stored.get("store_id") or 0))
        if view is None:
            own = next(store for store in STORES if str(store.website.website_id) == website)
            view = own if asked.scope in ("", ADMIN) else asked.store
        stored |= {"website_id": website, "store_id": str(view.store_id), "created_in": view.name}
        number = self._shop.api.create_customer(stored)
        self._follow(number, given)
        return self._reading.customer(number)

    def _update(self, asked: Asked) -> Json:
        number, given = asked.number, _customer_in(asked.body)
        customer = self._customer(number)
        email = given.get("email")
        if email and self._shop.has_other_customer(number, str(email), customer.row["website_id"]):
            raise ApiProblem(400, _TAKEN)
        self._shop.hand.update_customer(number, _as_stored(given))
        self._follow(number, given)
        return self._reading.customer(number)

    def _delete(self, asked: Asked) -> bool:
        self._customer(asked.number)
        self._shop.hand.delete_customer(asked.number)
        return True

    def _delete_address(self, asked: Asked) -> bool:
        owner = self._shop.api.owner_of(asked.number)
        customer = self._shop.customer(owner)
        held = [card["customer_address_id"] for card in customer.addresses] if customer else []
        if str(asked.number) not in held:
            raise no_entity("addressId", asked.number)
        self._shop.api.delete_address(owner, asked.number)
        return True

    def _customer(self, number: int) -> Customer:
        customer = self._shop.customer(number)
        if customer is None:
            raise no_entity("customerId", number)
        return customer

    def _follow(self, number: int, given: Json) -> None:
        """What is no column of the customer: the book, and the newsletter."""
        if isinstance(given.get("addresses"), list):
            self._keep_book(number, given)
        told = (given.get("extension_attributes") or {}).get("is_subscribed")
        if isinstance(told, bool):
            self._subscribe(number, is_subscribed=told)

    def _keep_book(self, number: int, given: Json) -> None:
        held = {card["customer_address_id"]: card for card in self._customer(number).addresses}
        sent = [one for one in given["addresses"] if isinstance(one, dict)]
        for gone in held.keys() - {str(one.get("id")) for one in sent}:
            self._shop.api.delete_address(number, int(gone or 0))
        for one in sent:
            known = held.get(str(one.get("id")))
            fields = _address(one, given)
            if missing_in({**(known or {}), **fields}) or (one.get("id") and known is None):
                continue
            if known is None or any(known.get(name) != value for name, value in fields.items()):
                self._shop.api.write_address(number, fields, int(one["id"]) if known else None)

    def _subscribe(self, number: int, *, is_subscribed: bool) -> None:
        entry, row = subscription_of(self._shop, number), self._customer(number).row
        if entry is not None:
            now = self._shop.subscriber(entry) or {}
            wanted = SUBSCRIBED if is_subscribed else UNSUBSCRIBED
            if (now["subscriber_status"] == str(SUBSCRIBED)) != is_subscribed:
                self._shop.hand.change_subscription(entry, wanted)
        elif is_subscribed:
            fields: Row = {
                "store_id": row["store_id"], "customer_id": str(number), "subscriber_email": row["email"],
            }  # fmt: skip
            self._shop.api.create_subscriber(fields, SUBSCRIBED)


def _customer_in(body: Json) -> Json:
    given = body.get("customer")
    if not isinstance(given, dict):
        raise ApiProblem(400, '"%fieldName" is required. Enter and try again.', {"fieldName": "customer"})
    if given.keys() - _KNOWN:
        raise internal_error()
    return given


def _as_stored(given: Json) -> Row:
    """Columns of what was given; null says nothing, and a blank text empties."""
    stored: Row = {name: as_kept(str(given[name])) or None for name in _TEXTS if given.get(name) is not None}
    stored |= {name: str(given[name]) for name in _NUMBERS if given.get(name) is not None}
    if given.get("gender") is not None:
        gender = str(given["gender"]) if given["gender"] else None
        stored |= {"gender_id": gender, "gender": _GENDERS.get(gender or "")}
    if given.get("dob") is not None:
        stored["dob"] = f"{str(given['dob'])[:10]} 00:00:00" if given["dob"] else None
    return stored


def _address(one: Json, customer: Json) -> Row:
    """Columns of an address; a default is said on it, or by its number on the customer."""
    told: dict[str, Any] = {
        name: "" if value is None else value
        for name, value in one.items()
        if name in (*_TEXTS[1:-1], "company", "street", "city", "postcode", "country_id", "telephone", "fax")
    }
    region = one.get("region") if isinstance(one.get("region"), dict) else {}
    number = (region or {}).get("region_id") or one.get("region_id")
    if region or "region_id" in one:
        told |= {"region_id": str(number or ""), "region": (region or {}).get("region") or ""}
    fields = {name: value or None for name, value in address_fields(told).items()}
    for name, flag in _FLAGS.items():
        is_default = bool(one.get(name)) or (
            one.get("id") is not None and str(customer.get(name)) == str(one["id"])
        )
        fields[flag] = str(is_default).lower()
    return fields
