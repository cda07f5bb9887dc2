"""Who is subscribed to the newsletter: ids ascend with the customers, statuses change with the clock."""

from __future__ import annotations

import heapq
from array import array

from include.demo_store.chance import base_of, mix
from include.demo_store.clock import sql_time
from include.demo_store.columns import MISSING, DateIndex
from include.demo_store.generate import newsletter
from include.demo_store.generate.customers import People, Row
from include.demo_store.generate.newsletter import Change, SubscriberHead
from include.demo_store.population import Population


class SubscriberRegister:
    """The subscribers of one shop up to an instant; `changed` has one entry per subscriber, id minus one."""

    def __init__(self, population: Population, seed: int) -> None:
        self.changed, self.status = array("q"), array("b")
        self.by_changed = DateIndex(self.changed)
        self._population = population
        self._bits = base_of(seed, "subscriber")
        self._by_hand: dict[int, list[Change]] = {}
        self.made: dict[int, Row] = {}
        """Entries that were made through the API."""
        self._pending: list[tuple[int, int]] = []
        """Heap of (instant, id): the next change of each subscriber."""

    def __len__(self) -> int:
        return len(self.changed)

    def advance(self, now: int) -> set[int]:
        """Lets everything happen up to `now`; returns the ids that were touched."""
        touched: set[int] = set()
        while newsletter.sign(len(self) + 1).customer_id <= len(self._population.customers):
            self.changed.append(MISSING)
            self.status.append(0)
            self._refresh(len(self), now)
            touched.add(len(self))
        while self._pending and self._pending[0][0] <= now:
            _, number = heapq.heappop(self._pending)
            self._refresh(number, now)
            touched.add(number)
        if touched:
            self.by_changed.forget()
        return touched

    def make(self, fields: Row, status: int, at: int) -> int:
        """Somebody is entered through the API; the id."""
        self.changed.append(at)
        self.status.append(status)
        self.made[len(self)] = fields
        self.by_changed.forget()
        return len(self)

    def change(self, number: int, status: int, at: int) -> None:
        """Somebody sets a status by hand; the date moves as in the shop."""
        self._by_hand.setdefault(number, []).append(Change(at, status))
        if number in self.made:
            self.changed[number - 1], self.status[number - 1] = at, status
        else:
            self._refresh(number, at)
        self.by_changed.forget()

    def exists(self, number: int) -> bool:
        """Whether the subscriber is there: customers who are deleted take their subscription with them."""
        if not 0 < number <= len(self):
            return False
        if made := self.made.get(number):
            return int(made["customer_id"] or 0) not in self._population.customers.deleted
        who = newsletter.sign(number)
        return who.is_guest or not self._population.has_no_signs(who.customer_id)

    def row(self, number: int, people: People) -> Row:
        """A subscriber as the database holds it."""
        head = self.head(number)
        if number not in self.made:
            return newsletter.row(head, people)
        changed = None if head.changed is None else sql_time(head.changed)
        return {**self.made[number], "subscriber_id": str(number), "change_status_at": changed,
                "subscriber_status": str(head.status)}  # fmt: skip

    def head(self, number: int) -> SubscriberHead:
        """What the row is made from."""
        changed = self.changed[number - 1]
        bits = mix(self._bits + number)
        return SubscriberHead(number, self.status[number - 1], None if changed == MISSING else changed, bits)

    def _refresh(self, number: int, now: int) -> None:
        created = self._population.customer_created(newsletter.sign(number).customer_id)
        planned = newsletter.changes(number, mix(self._bits + number), created)
        happened = [change for change in (*planned, *self._by_hand.get(number, ())) if change.at <= now]
        last = max(reversed(happened), key=lambda change: change.at)  # of one second the later one
        undated = last is planned[0] and not newsletter.has_date(number)
        self.changed[number - 1] = MISSING if undated else last.at
        self.status[number - 1] = last.status
        upcoming = next((change.at for change in planned if change.at > now), None)
        if upcoming is not None:
            heapq.heappush(self._pending, (upcoming, number))
