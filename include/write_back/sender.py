"""Send what the outbox holds: read fresh, merge, write once, read back, and say what came of it.

A channel whose two_way is off never writes. What a newcomer would get wrong: the order of things. The store is asked
only after the entry says so in a committed row, and an attempt whose answer was lost is not repeated but begun again
from reading, after the time in which the first request may still be running; what it did is then found in the store.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from include.channels.model import Channel
from include.errors import ConfigError, DataError, TransientError
from include.magento.door import Record
from include.magento.faults import OutcomeUnknown, RecordGone
from include.magento.writing import TwoWayDoor
from include.write_back import customer_update
from include.write_back.merge import Merge, merge
from include.write_back.outbox import Entry, Outbox, Outcome, pause_after

KINDS = ("customer_update",)
"""What can be sent; entries of other kinds wait."""
_DAY = timedelta(days=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One worker of one channel, with a door of its own."""

    engine: Engine
    channel: Channel
    door: TwoWayDoor
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def outbox(self) -> Outbox:
        """The channel's entries that can be sent."""
        return Outbox(engine=self.engine, channel_code=self.channel.code, kinds=KINDS)

    def work_off(self) -> tuple[Counter[str], set[int]]:
        """Send until nothing is ready or the day's ceiling is reached.

        Returns:
            Entries by the state they came to, and the ids of the customers to be read again.

        Raises:
            ConfigError: a person must act; the entry at hand waits.
        """
        states, ids = Counter[str](), set[int]()
        if not self.channel.two_way.enabled:
            return states, ids
        self.outbox.recover(self.now() - self._may_still_run)
        while self._has_room() and (entry := self.outbox.claim(self.now())):
            states[self._sent(entry)] += 1
            ids.add(customer_update.number_of(entry))
        return states, ids

    def preview(self, *, most: int = 100) -> list[tuple[Entry, Merge]]:
        """What would be written first, decided on fresh reads; nothing is taken up, written or noted."""
        found = []
        for entry in self.outbox.ready(self.now(), most=most):
            record = customer_update.read(self.door, entry)
            if record is not None:
                found.append((entry, self._merged(entry, record)))
        return found

    @property
    def _may_still_run(self) -> timedelta:
        return timedelta(minutes=self.channel.two_way.max_execution_minutes)

    def _has_room(self) -> bool:
        ceiling = self.channel.two_way.daily_ceiling
        if self.outbox.sent_since(self.now() - _DAY) < ceiling:
            return True
        log.warning(
            "channel=%s has made its %s changes of a day: the others wait", self.channel.code, ceiling
        )
        return False

    def _sent(self, entry: Entry) -> str:
        """Make one attempt and settle it; the state it came to."""
        began_at = self.now()
        try:
            outcome = self._attempt(entry)
        except ConfigError as error:
            self._settle(entry, Outcome(state="pending", error=error.summary, was_not_sent=True), began_at)
            raise
        except RecordGone as gone:
            outcome = Outcome(state="rejected", error=gone.summary)
        except DataError as refusal:
            outcome = Outcome(state="rejected", error=refusal.summary)
        except OutcomeUnknown as unknown:
            outcome = self._again(entry, Outcome(state="unknown", error=unknown.summary))
        except TransientError as trouble:
            outcome = self._again(entry, Outcome(state="pending", error=trouble.summary, was_not_sent=True))
        self._settle(entry, outcome, began_at)
        log.info("outbox entry=%s kind=%s state=%s", entry.outbox_id, entry.kind, outcome.state)
        return outcome.state

    def _attempt(self, entry: Entry) -> Outcome:
        record = customer_update.read(self.door, entry)
        if record is None:
            raise RecordGone("The customer is no longer in the store, and is not made again.")
        merged = self._merged(entry, record)
        self.outbox.note(entry, merged)
        if merged.is_open:
            both = ", ".join(decision.field for decision in merged.decisions if decision.is_open)
            return Outcome(
                state="conflict", error=f"Store and CRM both changed {both}: somebody has to decide."
            )
        if merged.to_write:
            self._write(entry, record, merged.to_write)
        return Outcome(state="done", result={"written": sorted(merged.to_write)})

    def _merged(self, entry: Entry, record: Record) -> Merge:
        wanted = _texts(entry.wanted_json)
        remote = customer_update.values_in(record, wanted)
        return merge(_texts(entry.base_json or {}), wanted, remote, self.channel.two_way.priority)

    def _write(self, entry: Entry, record: Record, values: Mapping[str, str | None]) -> None:
        """Write once and read back.

        Raises:
            DataError: the store took the change and holds something else.
        """
        customer_update.refuse_taken(self.door, record, values)
        change = customer_update.change_to(entry, values)
        if not self.outbox.mark_sent(entry, self.now()):
            raise TransientError("Another worker has taken the entry up: nothing was sent.")
        self.door.writer.write(change)
        try:
            found = customer_update.read(self.door, entry)
        except (ConfigError, TransientError):
            raise OutcomeUnknown(
                "The change was written and could not be read back: it is looked at again."
            ) from None
        holds = customer_update.values_in(found or {}, values)
        other = sorted(name for name, value in values.items() if (value or None) != holds[name])
        if other:
            raise DataError(f"The store took the change and holds something else in {', '.join(other)}.")

    def _again(self, entry: Entry, outcome: Outcome) -> Outcome:
        """The same, or dead when it was tried often enough."""
        if entry.attempt_count < self.channel.two_way.attempts:
            return outcome
        return Outcome(state="dead", error=outcome.error)

    def _settle(self, entry: Entry, outcome: Outcome, began_at: datetime) -> None:
        wait = self._may_still_run if outcome.state == "unknown" else pause_after(entry.attempt_count)
        self.outbox.settle(entry, outcome, began_at=began_at, now=self.now(), wait=wait)


def _texts(values: Mapping[str, Any]) -> dict[str, str | None]:
    """JSON values as the store writes them."""
    return {name: _text(value) for name, value in values.items()}


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "1" if value else "0"
    return None if value is None else str(value)
