"""Accounts, address books and newsletter states of a Magento 2 store, changed over REST.

Each change but a new account is the whole customer, read here at the last moment and sent back. What a newcomer would
get wrong: the customer is read by its own address, not in the list, because the list tells of a subscription under the
same e-mail on any website; and it is sent through the view of the account, to which a subscription is booked.
"""

from __future__ import annotations

from collections.abc import Callable

from include.errors import SyncError
from include.magento import writing
from include.magento.faults import WriteRefused, outcome_unknown
from include.magento.rest.customer_bodies import (
    Json,
    address_fields,
    changed,
    customer_fields,
    ids_of,
    with_address,
    with_new_address,
    with_subscription,
)
from include.magento.rest.session import Session
from include.magento.rest.views import ADMIN_VIEW, StoreViews


class CustomerWrites:
    """Changes of customers in one store."""

    def __init__(self, session: Session, views: StoreViews) -> None:
        self._session = session
        self._views = views

    def create(self, change: writing.CreateCustomer) -> str:
        """A new account; website and view are said in it."""
        wanted = customer_fields(change.fields)
        body: Json = {"customer": wanted}
        if change.password is not None:
            body["password"] = change.password
        made = self._session.write("POST", "customers", body, store=ADMIN_VIEW)
        number = made.get("id") if isinstance(made, dict) else None
        if not isinstance(number, str):
            raise outcome_unknown("POST customers", "the store's answer names no customer")
        self._put_into_group(number, made, wanted)
        return number

    def update(self, change: writing.UpdateCustomer) -> None:
        """Other values for some fields."""
        fields = customer_fields(change.fields)
        self._resend(change.customer_id, lambda customer: changed(customer, fields))

    def create_address(self, change: writing.CreateAddress) -> str:
        """A new entry in the book; an incomplete one is dropped by the store without a word."""
        fields = address_fields(change.fields)
        before, after = self._resend(change.customer_id, lambda customer: with_new_address(customer, fields))
        new = ids_of(after.get("addresses")) - ids_of(before.get("addresses"))
        if len(new) > 1:
            raise outcome_unknown("PUT customers", "the book has more new addresses than one")
        if not new:
            raise WriteRefused(
                "The store does not take the address: names, street, city, country and telephone have to be filled "
                "in, postcode and region where the country has them."
            )
        return str(new.pop())

    def update_address(self, change: writing.UpdateAddress) -> None:
        """Other values for some fields of an address."""
        fields = address_fields(change.fields)
        self._resend(change.customer_id, lambda customer: with_address(customer, change.address_id, fields))

    def delete_address(self, change: writing.DeleteAddress) -> None:
        """By its own address, so that no entry made meanwhile is lost with it."""
        self._session.write("DELETE", f"addresses/{change.address_id}")

    def subscribe(self, change: writing.CreateSubscription) -> str:
        """An entry for a customer; people without an account can only subscribe in the shop itself."""
        if change.customer_id is None:
            raise WriteRefused(
                "Magento 2's API cannot subscribe somebody without an account: have them subscribe in the shop."
            )
        self._subscribed(change.customer_id, change.status)
        return str(change.customer_id)

    def set_subscription(self, change: writing.SetSubscription) -> None:
        """On the newsletter, or off it; an entry is known by its customer."""
        self._subscribed(change.subscriber_id, change.status)

    def _subscribed(self, customer_id: int, status: str) -> None:
        is_subscribed = status == writing.SUBSCRIBED
        self._resend(customer_id, lambda customer: with_subscription(customer, is_subscribed=is_subscribed))

    def _resend(self, customer_id: int, change: Callable[[Json], Json]) -> tuple[Json, Json]:
        """Read the customer, send it back changed; before, and after as the store answers."""
        path = f"customers/{customer_id}"
        before: Json = self._session.original(path)
        view = self._views.code_for(before.get("store_id"), before.get("website_id"))
        after = self._session.write("PUT", path, {"customer": change(before)}, store=view)
        if not isinstance(after, dict):
            raise outcome_unknown(f"PUT {path}", "the store's answer is no customer")
        return before, after

    def _put_into_group(self, number: str, made: Json, wanted: Json) -> None:
        """A new account may come into the default price group, whatever was asked for."""
        group = wanted.get("group_id")
        if group is None or made.get("group_id") == str(group):
            return
        try:
            self._resend(int(number), lambda customer: changed(customer, {"group_id": group}))
        except SyncError:
            raise WriteRefused(
                f"Customer {number} was made, and the store did not put it into its price group: ask for that once "
                "more."
            ) from None
