"""Changes that put a record into a state: orders held, let go on or cancelled, newsletter entries on or off the list.

They need no merge: a record that is in the state already is done, whoever put it there, so looking first makes them
safe to repeat. What a newcomer would get wrong: the store knows an order by its number, everything else by its id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from include.entities.catalogue import entity as entity_named
from include.entities.fields import StoreKind
from include.entities.model import Row
from include.entities.newsletter_subscribers import NEWSLETTER_SUBSCRIBERS, STATUSES
from include.errors import DataError
from include.magento.door import Reading, Record
from include.magento.faults import WriteRefused
from include.magento.writing import (
    SUBSCRIBED,
    UNSUBSCRIBED,
    CancelOrder,
    Change,
    HoldOrder,
    SetSubscription,
    UnholdOrder,
)
from include.write_back.desk import Desk
from include.write_back.entry import Entry, Outcome
from include.write_back.store_values import rows_of


@dataclass(frozen=True, slots=True)
class _State:
    """How it is seen that a record is in the state, and the change that puts it there."""

    is_reached: Callable[[Record, StoreKind], bool]
    change: Callable[[Record, Entry], Change]


def _number(record: Record) -> str:
    return str(record["increment_id"])


def _subscription(status: str) -> _State:
    def is_reached(record: Record, kind: StoreKind) -> bool:
        rows = rows_of(NEWSLETTER_SUBSCRIBERS, record, kind)
        if kind == "magento2" and status == UNSUBSCRIBED:  # it tells no more than "not subscribed"
            return all(row["status"] != STATUSES[SUBSCRIBED] for row in rows)
        return any(row["status"] == STATUSES[status] for row in rows)

    return _State(
        is_reached, lambda _, entry: SetSubscription(subscriber_id=entry.target_number, status=status)
    )


STATES = {
    "order_hold": _State(
        lambda record, _: record.get("state") == "holded",
        lambda record, entry: HoldOrder(order_id=entry.number, order_number=_number(record)),
    ),
    "order_unhold": _State(
        lambda record, _: record.get("state") != "holded",
        lambda record, entry: UnholdOrder(order_id=entry.number, order_number=_number(record)),
    ),
    "order_cancel": _State(
        lambda record, _: record.get("state") == "canceled",
        lambda record, entry: CancelOrder(order_id=entry.number, order_number=_number(record)),
    ),
    "newsletter_subscribe": _subscription(SUBSCRIBED),
    "newsletter_unsubscribe": _subscription(UNSUBSCRIBED),
}


def attempt(desk: Desk, entry: Entry) -> Outcome:
    """Put the record into the state, unless it is in it.

    Raises:
        DataError: the store took the change, and the record is in another state.
        WriteRefused: somebody shall be on the newsletter who has left it, or opted out elsewhere.
    """
    state, reading, kind = STATES[entry.kind], _reading(desk, entry), desk.door.kind
    record = desk.row(reading, entry)
    if state.is_reached(record, kind):
        return Outcome(state="done", result={"written": []})
    _refuse_unwilling(desk, entry, record)
    desk.write(entry, state.change(record, entry))
    if not state.is_reached(desk.read_back(desk.row, reading, entry), kind):
        raise DataError("The store took the change, and the record is in another state all the same.")
    return Outcome(state="done", result={"written": ["state"]})


def _refuse_unwilling(desk: Desk, entry: Entry, record: Record) -> None:
    """Raise WriteRefused for who shall be on the newsletter and has said no, here or elsewhere."""
    if entry.kind == "newsletter_subscribe":
        (row,) = rows_of(NEWSLETTER_SUBSCRIBERS, record, desk.door.kind)
        _refuse_left_since(entry, row)
        desk.refuse_opted_out(row["email_normalised"])


def _refuse_left_since(entry: Entry, row: Row) -> None:
    """Theirs is the last word, whoever has priority: a no of before was known to who asked."""
    saw, holds = (entry.base_json or {}).get("status"), row["status"]
    if saw not in (None, holds) and (saw == STATUSES[SUBSCRIBED] or holds == STATUSES[UNSUBSCRIBED]):
        raise WriteRefused(
            "The person has left the newsletter since this was asked for: sync the newsletter list and ask again, if "
            "they want it after all."
        )


def preview(desk: Desk, entry: Entry) -> list[str]:
    """What would be written."""
    record = desk.row(_reading(desk, entry), entry)
    if STATES[entry.kind].is_reached(record, desk.door.kind):
        return []
    _refuse_unwilling(desk, entry, record)
    return ["state"]


def _reading(desk: Desk, entry: Entry) -> Reading:
    return entity_named(entry.entity).reading[desk.door.kind]
