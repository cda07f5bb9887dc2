"""What an attempt to change a store works with: the outbox, a door of its own, and the channel's settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from include.channels.parts import TwoWay
from include.errors import ConfigError, TransientError
from include.identity.guest_keys import GuestKeys
from include.magento.door import Ids as IdsOf
from include.magento.door import Reading, Record, Unreadable
from include.magento.faults import OutcomeUnknown, RecordGone, WriteRefused
from include.magento.writing import Change, TwoWayDoor
from include.write_back.entry import Entry, Json
from include.write_back.opt_outs import OPTED_OUT, is_opted_out
from include.write_back.outbox import Outbox

LEAVES_WITHIN = timedelta(seconds=5)
"""A request leaves at most so long after it is committed that it goes out; else that is committed anew."""


class TriedOftenEnoughError(TransientError):
    """A last look found that a change has not happened, and it is not sent any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One worker's, for one attempt.

    Attributes:
        keys: the secret of hashes.
        only_looks: it was tried often enough: what has not happened by now is not sent.
        taken: the changes that the store has taken in this attempt.
    """

    outbox: Outbox
    door: TwoWayDoor
    settings: TwoWay
    now: Callable[[], datetime]
    keys: GuestKeys
    only_looks: bool = False
    taken: list[Change] = field(default_factory=list)

    def whole(self, reading: Reading, entry: Entry) -> Record:
        """The entry's record as the store has it now, children included.

        Raises:
            RecordGone: it is not there any more.
            TransientError: the store cannot deliver it.
        """
        for page in self.door.read(reading, IdsOf(ids=(entry.number,)), page_size=1):
            if page.unreadable:
                raise _undelivered()
            for record in page.records:
                return record
        raise _gone()

    def row(self, reading: Reading, entry: Entry) -> Record:
        """The entry's record as the store's list has it now; raises as `whole`."""
        for row in self.door.rows(reading, IdsOf(ids=(entry.number,)), page_size=1):
            if isinstance(row, Unreadable):
                raise _undelivered()
            return row
        raise _gone()

    def write(self, entry: Entry, change: Change, *, memo: Json | None = None) -> str | None:
        """Send a change once, after it is committed that it may have reached the store, with a memo for who follows.

        Another worker looks the entry up some time after that commit. So the request leaves soon after it, or the
        commit is made anew, which another worker may have made impossible meanwhile.

        Raises:
            TriedOftenEnoughError: nothing is sent any more.
            as `WritingDoor.write`.
        """
        if self.only_looks:
            raise TriedOftenEnoughError(
                "A last look found that it has not happened, and it was tried often enough."
            )
        sent_at = self._mark_sent(entry, memo)

        def leaving() -> None:
            nonlocal sent_at
            while self.now() - sent_at > LEAVES_WITHIN:
                sent_at = self._mark_sent(entry, memo, requests=0)

        number = self.door.writer.write(change, leaving=leaving)
        self.taken.append(change)
        return number

    def _mark_sent(self, entry: Entry, memo: Json | None, *, requests: int = 1) -> datetime:
        """Commit that a request is about to go out; the instant of it."""
        at = self.now()
        if not self.outbox.mark_sent(entry, at, memo, requests=requests):
            raise TransientError("Another worker has taken the entry up: nothing was sent.")
        return at

    def refuse_opted_out(self, email: str | None) -> None:
        """Raise WriteRefused for a normalised address that may not be put on the newsletter."""
        with self.outbox.engine.connect() as connection:
            if email and is_opted_out(connection, self.keys, self.outbox.channel_code, email):
                raise WriteRefused(f"Not subscribed: {OPTED_OUT}, then retry.")

    def remember(self, entry: Entry, memo: Json) -> None:
        """Commit what an attempt that follows has to know, as soon as the store has said it."""
        if not self.outbox.mark_sent(entry, self.now(), memo, requests=0):
            raise OutcomeUnknown("Another worker has taken the entry up meanwhile.")

    def read_back(self, read: Callable[[Reading, Entry], Record], reading: Reading, entry: Entry) -> Record:
        """The record after it was written; raises OutcomeUnknown where it cannot be read."""
        with looking_back():
            return read(reading, entry)


def left_behind_before(settings: TwoWay, now: datetime) -> datetime:
    """An entry that was taken up before this has lost its worker, and no request of it is running any more."""
    return now - timedelta(minutes=settings.max_execution_minutes) - LEAVES_WITHIN


@contextmanager
def looking_back() -> Iterator[None]:
    """After a change was written, what cannot be read is not known to be done."""
    try:
        yield
    except (ConfigError, TransientError):
        raise OutcomeUnknown(
            "The change was written and could not be read back: it is looked at again."
        ) from None


def _gone() -> RecordGone:
    return RecordGone("The record is no longer in the store, and is not made again.")


def _undelivered() -> TransientError:
    return TransientError("The store cannot deliver the record just now: look at its error log.")
