"""Orders, by list and by number."""

from __future__ import annotations

from collections.abc import Callable

from include.demo_store.generate.orders import Order
from include.demo_store.shop import Shop
from include.demo_store.wire import envelope, render
from include.demo_store.wire.lists import Lists
from include.demo_store.wire.request import Call
from include.demo_store.wire.tables import BridgeOrders, Orders


class OrderAnswers:
    """Methods about orders.

    Args:
        shop: whose.
        lists: answers list calls.
        attributes: whether the bridge adds the attributes that have no field of their own.
    """

    def __init__(self, shop: Shop, lists: Lists, attributes: bool) -> None:
        self._shop, self._lists, self._attributes = shop, lists, attributes
        self._orders, self._bridged = Orders(shop), BridgeOrders(shop)

    def methods(self) -> dict[str, Callable[[Call], list[bytes]]]:
        """The methods by name."""
        return {
            "salesOrderList": lambda call: self._lists.core(
                call, "order", self._orders, lambda number: render.list_order(self._shop.order(number))
            ),
            "oroOrderList": lambda call: self._lists.paged(
                call,
                "order",
                self._bridged,
                lambda number: render.bridge_order(self._shop.order(number), self._attributes),
            ),
            "salesOrderInfo": lambda call: [render.info_order(self._asked(call)).encode()],
            "oroOrderInfo": lambda call: [
                render.bridge_info_order(self._asked(call), self._attributes).encode()
            ],
        }

    def _asked(self, call: Call) -> Order:
        order = self._shop.order_by_number(call.text.get("orderIncrementId", ""))
        if order is None:
            raise envelope.ORDER_NOT_EXISTS
        self._lists.survive("order", [int(order.row["order_id"] or 0)])
        return order
