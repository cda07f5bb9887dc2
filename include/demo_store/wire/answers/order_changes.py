"""Changes of orders and of newsletter entries, as a real shop takes them: a comment may write any status.

What a newcomer would get wrong: the status that a comment brings is believed, also one that does not exist; the state
stays what it was.
"""

from __future__ import annotations

from collections.abc import Callable

from include.demo_store.generate.life import Remark
from include.demo_store.generate.newsletter import SUBSCRIBED
from include.demo_store.generate.orders import Order
from include.demo_store.shop import Shop
from include.demo_store.wire import envelope
from include.demo_store.wire.answers.customer_changes import as_kept
from include.demo_store.wire.layout import Layout, entity
from include.demo_store.wire.request import Call

_OVER = ("canceled", "complete", "closed")
_SUBSCRIBER = Layout("newsletterSubscriberEntity")


class OrderChanges:
    """Methods that change orders and newsletter entries.

    Args:
        shop: whose.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def methods(self) -> dict[str, Callable[[Call], list[bytes]]]:
        """The methods by name."""
        return {
            "salesOrderAddComment": self._comment,
            "salesOrderHold": self._hold,
            "salesOrderUnhold": self._unhold,
            "salesOrderCancel": self._cancel,
            "newsletterSubscriberCreate": self._subscribe,
            "newsletterSubscriberUpdate": self._change_subscription,
        }

    def _order(self, call: Call) -> tuple[int, Order]:
        order = self._shop.order_by_number(call.text.get("orderIncrementId", ""))
        if order is None:
            raise envelope.ORDER_NOT_EXISTS
        return int(order.row["order_id"] or 0), order

    def _comment(self, call: Call) -> list[bytes]:
        number, _ = self._order(call)
        said = Remark(
            call.text.get("status", ""), as_kept(call.text.get("comment", "")), call.text.get("notify") == "1"
        )
        self._shop.api.change_order(number, "remark", said)
        return envelope.YES

    def _hold(self, call: Call) -> list[bytes]:
        number, order = self._order(call)
        if order.row["state"] in (*_OVER, "holded", "payment_review"):
            raise envelope.HOLD_NOT_AVAILABLE
        self._shop.api.change_order(number, "held")
        return envelope.YES

    def _unhold(self, call: Call) -> list[bytes]:
        number, order = self._order(call)
        if order.row["state"] != "holded":
            raise envelope.UNHOLD_NOT_AVAILABLE
        self._shop.api.change_order(number, "unheld")
        return envelope.YES

    def _cancel(self, call: Call) -> list[bytes]:
        number, order = self._order(call)
        is_paid = order.row.get("total_due") == "0.0000"
        if is_paid or order.row["state"] in (*_OVER, "holded", "payment_review"):
            raise envelope.STATUS_NOT_CHANGED
        self._shop.api.change_order(number, "canceled")
        return envelope.YES

    def _subscribe(self, call: Call) -> list[bytes]:
        given = call.records.get("subscriberData", {})
        customer_id = given.get("customer_id") or "0"
        customer = self._shop.customer(int(customer_id)) if customer_id != "0" else None
        if customer and any(row["customer_id"] == customer_id for row in self._shop.subscribers()):
            raise envelope.ALREADY_SUBSCRIBED
        email = given.get("subscriber_email") or (customer.row["email"] if customer else "")
        fields = {
            "store_id": given.get("store_id", "0"),
            "customer_id": customer_id,
            "subscriber_email": email,
        }
        status = int(given.get("subscriber_status") or SUBSCRIBED)
        return self._entry(self._shop.api.create_subscriber(fields, status))

    def _change_subscription(self, call: Call) -> list[bytes]:
        number = call.whole_number("subscriberId")
        if self._shop.subscriber(number) is None:
            raise envelope.SUBSCRIBER_NOT_EXISTS
        status = call.records.get("subscriberData", {}).get("subscriber_status")
        if status:
            self._shop.hand.change_subscription(number, int(status))
        return self._entry(number)

    def _entry(self, number: int) -> list[bytes]:
        row = self._shop.subscriber(number) or {}
        return [entity("result", "newsletterSubscriberEntity", _SUBSCRIBER.fill(row)).encode()]
