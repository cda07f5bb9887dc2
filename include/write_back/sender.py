"""Send what the outbox holds: read fresh, merge, write once, read back, and say what came of it.

A channel whose two_way is off never writes. What a newcomer would get wrong: the order of things. The store is asked
only after the entry says so in a committed row, and an attempt whose answer was lost is not repeated but begun again
from reading, after the time in which the first request may still be running; what it did is then found in the store.
"""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from include.channels.model import Channel
from include.errors import ConfigError, DataError, SyncError, TransientError
from include.identity.guest_keys import GuestKeys
from include.magento.faults import CallRefused, OutcomeUnknown
from include.magento.writing import TwoWayDoor
from include.write_back import additions, cart_building, cart_to_order, field_changes, state_changes
from include.write_back.desk import Desk, TriedOftenEnoughError
from include.write_back.entry import Entry, Outcome
from include.write_back.outbox import Outbox, pause_after

ATTEMPTS: dict[str, Callable[[Desk, Entry], Outcome]] = {
    **additions.ATTEMPTS,
    **cart_building.ATTEMPTS,
    **cart_to_order.ATTEMPTS,
    **dict.fromkeys(field_changes.KINDS, field_changes.attempt),
    **dict.fromkeys(state_changes.STATES, state_changes.attempt),
}
"""What can be sent, and how; entries of other kinds wait."""
PREVIEWS: dict[str, Callable[[Desk, Entry], list[str]]] = {
    **dict.fromkeys(additions.ATTEMPTS, additions.preview),
    **dict.fromkeys(cart_building.ATTEMPTS, cart_building.preview),
    **dict.fromkeys(cart_to_order.ATTEMPTS, cart_to_order.preview),
    **dict.fromkeys(field_changes.KINDS, field_changes.preview),
    **dict.fromkeys(state_changes.STATES, state_changes.preview),
}
TIME_BUDGET = timedelta(minutes=20)
"""So long an outbox is worked off in one go: other channels, and who has just filled in a form, wait for its end."""
Touched = set[tuple[str, int]]
"""Entities and ids of records to be read again."""
log = logging.getLogger(__name__)


def outbox_of(engine: Engine, channel: Channel) -> Outbox:
    """A channel's entries that can be sent."""
    return Outbox(
        engine=engine,
        channel_code=channel.code,
        kinds=tuple(ATTEMPTS),
        may_run=timedelta(minutes=channel.two_way.max_execution_minutes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One worker of one channel, with a door of its own.

    Attributes:
        outbox: the channel's, as `outbox_of` says.
        now: the warehouse's clock, by which all workers go.
        keys: the secret of hashes, by which opt-outs are known.
        refused: kinds of changes that the store does not let us make at all, left alone from then on.
    """

    outbox: Outbox
    channel: Channel
    door: TwoWayDoor
    now: Callable[[], datetime]
    keys: GuestKeys
    refused: dict[str, CallRefused] = field(default_factory=dict)

    def desk_for(self, entry: Entry) -> Desk:
        """What an attempt works with."""
        settings = self.channel.two_way
        only_looks = entry.tries > settings.attempts
        return Desk(
            outbox=self.outbox,
            door=self.door,
            settings=settings,
            now=self.now,
            keys=self.keys,
            only_looks=only_looks,
        )

    def work_off(self) -> tuple[Counter[str], Touched]:
        """Send until nothing is ready, or the day's ceiling or the time budget is reached.

        Returns:
            Entries by the state they came to, and the records to be read again.

        Raises:
            ConfigError: a person must act; the entry at hand waits. What only concerns one kind of change is raised
                after the others.
        """
        states, touched = Counter[str](), Touched()
        if not self.channel.two_way.enabled:
            return states, touched
        ceiling = self.channel.two_way.daily_ceiling
        until = self.now() + TIME_BUDGET
        while self.now() < until and (entry := self._accepted.claim(self.now(), ceiling=ceiling)):
            outcome = self._sent(entry)
            states[outcome.state] += 1
            touched |= _touched(entry, outcome)
        if self.outbox.sent_within_a_day(self.now()) >= ceiling:
            log.warning(
                "channel=%s has sent its %s requests of a day: others wait", self.channel.code, ceiling
            )
        for refusal in self.refused.values():
            raise refusal
        return states, touched

    def preview(self, *, most: int = 100) -> list[tuple[Entry, list[str]]]:
        """What would be written first, decided on fresh reads; nothing is taken up, written or noted."""
        found = []
        for entry in self.outbox.ready(self.now(), most=most):
            with contextlib.suppress(DataError):  # it would be rejected: nothing would be written
                found.append((entry, PREVIEWS[entry.kind](self.desk_for(entry), entry)))
        return found

    @property
    def _accepted(self) -> Outbox:
        """The entries of kinds that the store lets us make."""
        kinds = tuple(kind for kind in self.outbox.kinds if kind not in self.refused)
        return replace(self.outbox, kinds=kinds)

    def _sent(self, entry: Entry) -> Outcome:
        """Make one attempt and settle it; what it came to."""
        began_at, desk = self.now(), self.desk_for(entry)
        try:
            outcome = ATTEMPTS[entry.kind](desk, entry)
        except CallRefused as refusal:  # others of its kind wait for a person, too; the rest goes on
            self.refused.setdefault(entry.kind, refusal)
            outcome = _put_off(desk, refusal)
        except ConfigError as error:
            self._settle(entry, _put_off(desk, error), began_at)
            raise
        except DataError as refusal:
            outcome = Outcome(state="rejected", error=refusal.summary)
        except OutcomeUnknown as unknown:
            lost = Outcome(state="unknown", error=unknown.summary, is_unanswered=True)
            outcome = self._again(entry, lost)
        except TriedOftenEnoughError as end:
            outcome = Outcome(state="dead", error=end.summary)
        except TransientError as trouble:
            outcome = self._again(entry, _put_off(desk, trouble))
        except Exception as surprise:  # noqa: BLE001 - nobody foresaw it, and others wait behind
            outcome = self._again(entry, self._surprised(entry, surprise))
        self._settle(entry, outcome, began_at)
        log.info("outbox entry=%s kind=%s state=%s", entry.outbox_id, entry.kind, outcome.state)
        return outcome

    def _surprised(self, entry: Entry, surprise: Exception) -> Outcome:
        """What nobody foresaw; its own words stay out, since they may quote values."""
        frame = traceback.extract_tb(surprise.__traceback__)[-1]
        name = type(surprise).__name__
        log.error("outbox entry=%s %s at %s:%s", entry.outbox_id, name, frame.filename, frame.lineno)
        was_sent = self.outbox.may_have_been_sent(entry)
        return Outcome(
            state="unknown" if was_sent else "pending",
            error=f"Unexpected {name}: the log of write_back_outbox says where.",
            is_unanswered=was_sent,
        )

    def _again(self, entry: Entry, outcome: Outcome) -> Outcome:
        """The same, or dead when it was tried often enough; what may have happened is looked up once more before."""
        may_have_happened = entry.was_sent or outcome.is_unanswered
        if entry.tries < self.channel.two_way.attempts + may_have_happened:
            return outcome
        doubt = " Whether it happened is not known: retry looks first." if may_have_happened else ""
        return replace(outcome, state="dead", error=f"{outcome.error}{doubt}", was_not_sent=False)

    def _settle(self, entry: Entry, outcome: Outcome, began_at: datetime) -> None:
        wait = self.outbox.may_run if outcome.state == "unknown" else pause_after(entry.tries)
        unread = Touched() if outcome.was_not_sent else _touched(entry, outcome)
        self.outbox.settle(entry, outcome, began_at=began_at, now=self.now(), wait=wait, unread=unread)


def _put_off(desk: Desk, trouble: SyncError) -> Outcome:
    """Tried again later; of several requests the store may have taken some before."""
    return Outcome(state="pending", error=trouble.summary, was_not_sent=not desk.taken)


def _touched(entry: Entry, outcome: Outcome) -> Touched:
    """The records to be read again."""
    found = outcome.touched or (entry.entity, entry.number)
    return {one for one in (found, *outcome.also) if one[1]}
