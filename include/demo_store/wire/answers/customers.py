"""Customers, their addresses and newsletter subscribers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from include.demo_store import stores
from include.demo_store.clock import ZERO, sql_epoch
from include.demo_store.generate.customers import Customer
from include.demo_store.shop import Shop
from include.demo_store.wire import envelope, render
from include.demo_store.wire.layout import Layout, entity
from include.demo_store.wire.lists import Lists, whole_list
from include.demo_store.wire.request import Call
from include.demo_store.wire.tables import Customers, Subscribers

_SUBSCRIBER = Layout("newsletterSubscriberEntity")


class CustomerAnswers:
    """Methods about people.

    Args:
        shop: whose.
        lists: answers list calls.
        attributes: whether the bridge adds the attributes that have no field of their own.
    """

    def __init__(self, shop: Shop, lists: Lists, attributes: bool) -> None:
        self._shop, self._lists, self._attributes = shop, lists, attributes
        self._customers, self._subscribers = Customers(shop), Subscribers(shop)

    def methods(self) -> dict[str, Callable[[Call], list[bytes]]]:
        """The methods by name."""
        return {
            "customerCustomerList": lambda call: self._lists.core(
                call, "customer", self._customers, self._listed
            ),
            "customerCustomerInfo": self._info,
            "customerAddressList": self._address_list,
            "oroCustomerList": lambda call: self._lists.paged(
                call, "customer", self._customers, self._bridged
            ),
            "oroCustomerInfo": self._bridge_info,
            "newsletterSubscriberList": lambda call: self._lists.paged(
                call, "subscriber", self._subscribers, self._subscriber
            ),
        }

    def _listed(self, number: int) -> str:
        customer = self._shop.customer(number)
        return render.list_customer(customer) if customer else ""

    def _bridged(self, number: int) -> str:
        customer = self._shop.customer(number)
        return render.bridge_customer(customer, self._attributes) if customer else ""

    def _subscriber(self, number: int) -> str:
        row = self._shop.subscriber(number)
        return entity("item", "newsletterSubscriberEntity", _SUBSCRIBER.fill(row)) if row else ""

    def _asked(self, call: Call, missing: envelope.SoapFault) -> Customer:
        number = call.whole_number("customerId")
        customer = self._shop.customer(number)
        if customer is None:
            raise missing
        self._lists.survive("customer", [number])
        return customer

    def _info(self, call: Call) -> list[bytes]:
        customer = self._asked(call, envelope.CUSTOMER_NOT_EXISTS)
        row = {**customer.row, "created_at": store_zone(customer.row["created_at"] or ZERO)}
        if call.attributes:
            row = {name: value for name, value in row.items() if name in (*call.attributes, "customer_id")}
        return [render.info_customer(row).encode()]

    def _bridge_info(self, call: Call) -> list[bytes]:
        customer = self._asked(call, envelope.CUSTOMER_NOT_EXISTS)
        row = {**customer.row, "created_at": store_zone(customer.row["created_at"] or ZERO)}
        shown = Customer(row, customer.addresses)
        return [render.bridge_customer(shown, self._attributes, "result").encode()]

    def _address_list(self, call: Call) -> list[bytes]:
        customer = self._asked(call, envelope.CUSTOMER_OF_ADDRESS_NOT_EXISTS)
        return whole_list("customerAddressList", [render.address(row) for row in customer.addresses])


def store_zone(utc: str) -> str:
    """Single answers give `created_at` in the shop's zone; the zero date comes out as recorded."""
    if utc == ZERO:
        return "-1-11-30T01:00:00+01:00"
    return dt.datetime.fromtimestamp(sql_epoch(utc), ZoneInfo(stores.SHOP_ZONE)).isoformat()
