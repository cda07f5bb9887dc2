"""Changes that put a record into a state: orders held, let go on or cancelled, newsletter entries on or off the list.

They need no merge: a record that is in the state already is done, whoever put it there, so looking first makes them
safe to repeat. What a newcomer would get wrong: the store knows an order by its number, everything else by its id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from include.entities.catalogue import entity as entity_named
from include.errors import DataError
from include.magento.door import Reading, Record
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
from include.write_back.outbox import Entry, Outcome


@dataclass(frozen=True, slots=True)
class _State:
    """How it is seen that a record is in the state, and the change that puts it there."""

    is_reached: Callable[[Record], bool]
    change: Callable[[Record], Change]


def _number(record: Record) -> str:
    return str(record["increment_id"])


def _subscription(status: str) -> _State:
    return _State(
        lambda record: record.get("subscriber_status") == status,
        lambda record: SetSubscription(subscriber_id=int(str(record["subscriber_id"])), status=status),
    )


STATES = {
    "order_hold": _State(
        lambda record: record.get("state") == "holded",
        lambda record: HoldOrder(order_number=_number(record)),
    ),
    "order_unhold": _State(
        lambda record: record.get("state") != "holded",
        lambda record: UnholdOrder(order_number=_number(record)),
    ),
    "order_cancel": _State(
        lambda record: record.get("state") == "canceled",
        lambda record: CancelOrder(order_number=_number(record)),
    ),
    "newsletter_subscribe": _subscription(SUBSCRIBED),
    "newsletter_unsubscribe": _subscription(UNSUBSCRIBED),
}


def attempt(desk: Desk, entry: Entry) -> Outcome:
    """Put the record into the state, unless it is in it.

    Raises:
        DataError: the store took the change, and the record is in another state.
    """
    state, reading = STATES[entry.kind], _reading(entry)
    record = desk.row(reading, entry)
    if state.is_reached(record):
        return Outcome(state="done", result={"written": []})
    desk.write(entry, state.change(record))
    if not state.is_reached(desk.read_back(desk.row, reading, entry)):
        raise DataError("The store took the change, and the record is in another state all the same.")
    return Outcome(state="done", result={"written": ["state"]})


def preview(desk: Desk, entry: Entry) -> list[str]:
    """What would be written."""
    return [] if STATES[entry.kind].is_reached(desk.row(_reading(entry), entry)) else ["state"]


def _reading(entry: Entry) -> Reading:
    return entity_named(entry.entity).reading["magento1"]
