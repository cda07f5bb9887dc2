"""Newsletter subscribers: customers who ticked the box, guests who left an address, and what became of them.

A third has no `change_status_at`: the column came with an update of Magento, and these have not changed since. They are
found by id only.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from include.demo_store.clock import DAY, sql_time
from include.demo_store.generate.customers import People, Row
from include.demo_store.stores import STORE_BY_LOT

SUBSCRIBED, NOT_ACTIVE, UNSUBSCRIBED, UNCONFIRMED = 1, 2, 3, 4
STATUSES = (SUBSCRIBED, NOT_ACTIVE, UNSUBSCRIBED, UNCONFIRMED)
_FIRST = (1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 2, 4)
"""First status of customers, by a draw from 0 to 15; guests have all four alike."""
_FROM_WHICH_GUEST = 100_000
"""Newsletter guests are other people than those who order, but for one in four."""


class Sign(NamedTuple):
    """Where a subscriber comes from: a customer signing up, or a guest in the moment after one registered."""

    customer_id: int
    """The customer, or the one after whom the guest came."""
    is_guest: bool


class Change(NamedTuple):
    """A status that somebody took on at an instant."""

    at: int
    status: int


_SLOTS = tuple(
    Sign(offset, is_guest)
    for offset in range(1, 17)
    for is_guest in (False, True)
    if (offset % 8 in (0, 2, 5) and not is_guest) or (is_guest and offset in (3, 9, 11))
)
"""The subscribers that sixteen customers bring, in order."""


def sign(subscriber_id: int) -> Sign:
    """Who a subscriber is."""
    block, slot = divmod(subscriber_id - 1, len(_SLOTS))
    return Sign(block * 16 + _SLOTS[slot].customer_id, _SLOTS[slot].is_guest)


def has_date(subscriber_id: int) -> bool:
    """Whether the status has its date from the start."""
    return subscriber_id % 3 != 0


def changes(subscriber_id: int, bits: int, created: int) -> list[Change]:
    """First status and what follows, oldest first; who has no date has not changed since."""
    who = sign(subscriber_id)
    status = STATUSES[bits & 3] if who.is_guest else _FIRST[bits & 15]
    found = [Change(created, status)]
    if not has_date(subscriber_id):
        return found
    for draw in (bits >> 8, bits >> 24)[: bits >> 40 & 3]:
        status = SUBSCRIBED if status != SUBSCRIBED else UNSUBSCRIBED
        found.append(Change(found[-1].at + DAY // 2 + draw % (400 * DAY), status))
    return found


@dataclass(frozen=True, slots=True)
class SubscriberHead:
    """What is known of a subscriber before the row is made."""

    subscriber_id: int
    status: int
    changed: int | None
    bits: int


def row(head: SubscriberHead, people: People) -> Row:
    """A subscriber as the database holds it: customer 0 is a guest, and one guest in forty has no address."""
    who = sign(head.subscriber_id)
    return {
        "subscriber_id": str(head.subscriber_id), "store_id": _store(head, who, people),
        "change_status_at": None if head.changed is None else sql_time(head.changed),
        "customer_id": "0" if who.is_guest else str(who.customer_id),
        "subscriber_email": _email(head, who, people), "subscriber_status": str(head.status),
        "subscriber_confirm_code": hashlib.md5(str(head.bits).encode(), usedforsecurity=False).hexdigest(),
    }  # fmt: skip


def _store(head: SubscriberHead, who: Sign, people: People) -> str:
    store = STORE_BY_LOT[head.bits >> 44 & 63] if who.is_guest else people.store_of(who.customer_id)
    return str(store.store_id)


def _email(head: SubscriberHead, who: Sign, people: People) -> str:
    if not who.is_guest:
        return people.email(who.customer_id) or ""
    if head.subscriber_id % 37 == 11:
        return ""
    orders_too = head.subscriber_id % 4 == 0
    _, mail = people.guest(who.customer_id if orders_too else _FROM_WHICH_GUEST + who.customer_id)
    return mail


def entry_of(customer_id: int) -> int | None:
    """The entry that a customer brought; None for those who never signed up."""
    block, offset = divmod(customer_id - 1, 16)
    slot = next((place for place, one in enumerate(_SLOTS) if one == Sign(offset + 1, False)), None)
    return None if slot is None else block * len(_SLOTS) + slot + 1
