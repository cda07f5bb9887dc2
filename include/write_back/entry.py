"""One entry of the outbox as a worker has it at hand, and what its attempt came to.

What a newcomer would get wrong: that an entry was not settled does not mean that nothing was sent: `was_sent` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A change that a worker has taken up; `attempt_count` says in which go, so that only that worker can settle it."""

    outbox_id: int
    channel_code: str
    kind: str
    entity: str
    target_key: str | None
    record_key: str | None
    wanted_json: Json = field(repr=False)
    base_json: Json | None = field(repr=False)
    result_json: Json | None
    sent_at: datetime | None
    attempt_count: int
    earlier_attempt_count: int = 0

    @property
    def was_sent(self) -> bool:
        """Whether an earlier attempt may have reached the store."""
        return self.sent_at is not None

    @property
    def tries(self) -> int:
        """How many attempts this is since a person last decided about it."""
        return self.attempt_count - self.earlier_attempt_count

    @property
    def target_number(self) -> int:
        """Magento's id of what shall change."""
        return int((self.target_key or "").rpartition(":")[2])

    @property
    def number(self) -> int:
        """Magento's id of the record; 0 where it is not there yet, or is a guest, who has none."""
        number = (self.record_key or "").rpartition(":")[2]
        return int(number) if number.isdecimal() else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an attempt came to.

    Attributes:
        state: the entry's next state; pending: tried again later.
        error: why it is not done, in a sentence without values.
        result: what came of it.
        was_not_sent: the store surely did nothing in this attempt.
        is_unanswered: a request of this attempt may still be at work in the store.
        touched: entity and id of a record to be read again in place of the entry's own.
        also: others to be read again.
    """

    state: str
    error: str | None = None
    result: Json | None = None
    was_not_sent: bool = False
    is_unanswered: bool = False
    touched: tuple[str, int] | None = None
    also: tuple[tuple[str, int], ...] = ()
