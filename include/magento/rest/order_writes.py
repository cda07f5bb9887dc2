"""Comments and states of orders in a Magento 2 store, changed over REST.

What a newcomer would get wrong: a comment without a status takes the order's status away (up to 2.4.6), and one with
another status than the order has is refused (from 2.4.7 on). So a comment always carries the status as it is.
"""

from __future__ import annotations

from include.magento import writing
from include.magento.faults import WriteRefused, outcome_unknown
from include.magento.rest.faults import Unaccepted
from include.magento.rest.session import Session


class OrderWrites:
    """Changes of orders in one store."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def comment(self, change: writing.CommentOrder) -> None:
        """A line in the history; an order that has no status has none to lose."""
        history: dict[str, object] = {
            "comment": change.text,
            "is_customer_notified": int(change.is_notified),
            "is_visible_on_front": int(change.is_visible),
            "parent_id": change.order_id,
        }
        if change.status:
            history["status"] = change.status
        self._agreed(
            f"orders/{change.order_id}/comments",
            {"statusHistory": history},
            "The store did not take the comment: look at the order in its admin.",
        )

    def hold(self, change: writing.HoldOrder) -> None:
        """Put it on hold."""
        self._agreed(
            f"orders/{change.order_id}/hold", None, "The order cannot be put on hold in its present state."
        )

    def unhold(self, change: writing.UnholdOrder) -> None:
        """Let it go on."""
        self._agreed(f"orders/{change.order_id}/unhold", None, "The order is not on hold.")

    def cancel(self, change: writing.CancelOrder) -> None:
        """Cancel it."""
        self._agreed(
            f"orders/{change.order_id}/cancel",
            None,
            "The order cannot be cancelled in its present state: it is invoiced, shipped, cancelled or closed "
            "already, or on hold.",
        )

    def _agreed(self, path: str, body: object, refusal: str) -> None:
        """The store answers yes or no, or with an error that means no."""
        try:
            answer = self._session.write("POST", path, body)
        except Unaccepted as refused:
            raise WriteRefused(refusal, details=refused.details) from None
        if answer is False:
            raise WriteRefused(refusal)
        if answer is not True:
            raise outcome_unknown(f"POST {path}", "the store's answer is neither a yes nor a no")
