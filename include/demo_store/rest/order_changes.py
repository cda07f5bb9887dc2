"""Changes of orders over REST.

What a newcomer would get wrong: a comment without a status takes the order's status away, as Magento does up to 2.4.6,
and nothing here can be repeated: two comments are two. A comment with the status there is moves no date.
"""

from __future__ import annotations

from include.demo_store.generate.life import Remark
from include.demo_store.generate.orders import Order
from include.demo_store.rest.problems import ApiProblem, internal_error, no_order
from include.demo_store.rest.routing import Asked, Route, route
from include.demo_store.shop import Shop

_OVER = ("canceled", "complete", "closed")
_STOPPED = ("holded", "payment_review")


class OrderChanges:
    """Changes orders.

    Args:
        shop: whose.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def routes(self) -> list[Route]:
        """What it answers."""
        return [
            route("POST", "orders/{id}/comments", "Magento_Sales::comment", self._comment),
            route("POST", "orders/{id}/hold", "Magento_Sales::hold", self._hold),
            route("POST", "orders/{id}/unhold", "Magento_Sales::unhold", self._unhold),
            route("POST", "orders/{id}/cancel", "Magento_Sales::cancel", self._cancel),
        ]

    def _order(self, number: int) -> Order:
        if not 0 < number <= len(self._shop.population.orders):
            raise no_order()
        if number in self._shop.population.orders.deleted:
            raise no_order()
        return self._shop.order(number)

    def _comment(self, asked: Asked) -> bool:
        order, given = self._order(asked.number), asked.body.get("statusHistory")
        if not isinstance(given, dict):
            raise internal_error()
        status = given.get("status")
        said = Remark(
            status=str(status or ""),
            text=str(given.get("comment") or ""),
            is_notified=bool(given.get("is_customer_notified")),
            is_visible=bool(given.get("is_visible_on_front")),
            takes_status=not status,
            is_silent=status == order.row["status"],
        )
        self._shop.api.change_order(asked.number, "remark", said)
        return True

    def _hold(self, asked: Asked) -> bool:
        if self._order(asked.number).row["state"] in (*_OVER, *_STOPPED):
            raise ApiProblem(400, "A hold action is not available.")
        self._shop.api.change_order(asked.number, "held")
        return True

    def _unhold(self, asked: Asked) -> bool:
        if self._order(asked.number).row["state"] != "holded":
            raise ApiProblem(400, "You cannot remove the hold.")
        self._shop.api.change_order(asked.number, "unheld")
        return True

    def _cancel(self, asked: Asked) -> bool:
        row = self._order(asked.number).row
        if row.get("total_due") == "0.0000" or row["state"] in (*_OVER, *_STOPPED):
            return False
        self._shop.api.change_order(asked.number, "canceled")
        return True
