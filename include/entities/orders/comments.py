"""The status history of an order: every row, with or without a comment.

The stock wire gives history rows no id, so they are numbered from the oldest; Magento never removes one.
"""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.fields import Policy, flag, integer, text
from include.entities.model import Context, Reference, Row, Table
from include.magento.door import Record, children

NOT_APPLICABLE = "2"


def _comments(record: Record, context: Context) -> Iterator[Row]:
    """The wire has the newest first; number 1 is the oldest."""
    for number, row in enumerate(reversed(children(record, "status_history")), start=1):
        yield _numbered(row, number, record.get("order_id"))


def _comments_of_rest(record: Record, context: Context) -> Iterator[Row]:
    """Their order on the wire is not said, their ids rise."""
    rows = sorted(children(record, "status_histories"), key=lambda row: int(str(row.get("entity_id") or 0)))
    for number, row in enumerate(rows, start=1):
        yield _numbered(row, number, record.get("entity_id"))


def _numbered(row: Record, number: int, order_id: object) -> Row:
    notified = row.get("is_customer_notified")
    return {
        **row,
        "order_id": order_id,
        "comment_number": str(number),
        "is_customer_notified": None if notified == NOT_APPLICABLE else notified,
    }


ORDER_COMMENTS = Table(
    name="order_comments",
    singular="order_comment",
    grain="One row per entry of an order's status history; those with a text are its comments.",
    key=("order_id", "comment_number"),
    parent=Reference(name="order_key", table="orders", ids=("order_id",), comment="The order."),
    fields=(
        integer("order_id", "Magento's id of the order.", is_required=True),
        integer("comment_number", "Place in the history, 1 is the oldest.", is_required=True),
        integer(
            "order_comment_id",
            "Magento's id of the entry. NULL when read without the bridge.",
            "increment_id",
            magento2="entity_id",
            policy=Policy.KEEP_WHEN_NULL,  # the stock wire has no id: reading once without the bridge keeps it
        ),
        text(
            "status", "Status of the order after the entry. NULL where the entry did not set one.", "status"
        ),
        flag(
            "is_customer_notified",
            "Whether the buyer was told by mail. NULL: not applicable or not recorded.",
        ),
        text("comment_text", "The comment; may hold HTML. NULL: no comment.", "comment", is_personal=True),
    ),
    rows={"magento1": _comments, "magento2": _comments_of_rest},
    created={"magento1": "created_at", "magento2": "created_at"},
    ignored=frozenset(
        {"parent_id", "attributes", "is_visible_on_front", "entity_name", "extension_attributes"}
    ),
)
