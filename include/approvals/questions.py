"""Holding a segment back, asking about it, and knowing what was said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, text, update
from sqlalchemy.dialects.postgresql import insert

from include.approvals.tables import APPROVALS, APPROVED, REJECTED
from include.segments.sizes import Size

HOLDS_FOR = timedelta(days=7)
"""How long an answer holds: in a year nobody remembers what was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A segment of which something is not as large as expected.

    Attributes:
        segment_name: the segment.
        definition_hash: of its contract and query, as it was asked about.
        sizes: what is not as expected; at least one.
    """

    segment_name: str
    definition_hash: str
    sizes: tuple[Size, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Held:
        """From what `asdict` made of one."""
        return cls(
            segment_name=told["segment_name"],
            definition_hash=told["definition_hash"],
            sizes=_sizes(told["sizes"]),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said last of a segment as it is defined now.

    Attributes:
        decision: approved or rejected; None: nothing that still holds.
        sizes: that it was said of.
    """

    decision: str | None = None
    sizes: tuple[Size, ...] = ()

    def covers(self, size: Size) -> bool:
        """Whether it was said of this, or of something further away from what is expected."""
        return any(size.is_covered_by(asked) for asked in self.sizes)

    def allows(self, size: Size) -> bool:
        """Whether this may go."""
        return self.decision == APPROVED and self.covers(size)

    def refuses(self, sizes: Sequence[Size]) -> bool:
        """Whether these may not go, so that nobody has to be asked again."""
        return self.decision == REJECTED and all(self.covers(size) for size in sizes)


_LAST_WORD = text(
    """
    select decision, sizes_json from marketing.approvals
    where
        segment_name = :segment_name and definition_hash = :definition_hash and decided_at > :since
        and decision in ('approved', 'rejected')
    order by decided_at desc, approval_id desc
    limit 1
    """
)


def said_of(connection: Connection, segment_name: str, definition_hash: str, now: datetime) -> Answer:
    """What a person said last of a segment with this contract and query, and not too long ago."""
    values = {"segment_name": segment_name, "definition_hash": definition_hash, "since": now - HOLDS_FOR}
    last = connection.execute(_LAST_WORD, values).one_or_none()
    return Answer(last.decision, _sizes(last.sizes_json)) if last is not None else Answer()


def hold(connection: Connection, held: Held, now: datetime) -> None:
    """Note that a person must be asked; the sizes of a question that waits are brought up to date."""
    asked = {**_asked_about(held.sizes), "definition_hash": held.definition_hash}
    statement = insert(APPROVALS).values(segment_name=held.segment_name, held_at=now, **asked)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["segment_name"], index_where=APPROVALS.c.decided_at.is_(None), set_=asked
        )
    )


def release(connection: Connection, segment_name: str) -> None:
    """Take a question back that waits: everything is as large as expected again."""
    at = APPROVALS.c
    connection.execute(APPROVALS.delete().where(at.segment_name == segment_name, at.decided_at.is_(None)))


def waiting(connection: Connection) -> list[Held]:
    """The segments that a person must be asked about, by name."""
    at = APPROVALS.c
    rows = connection.execute(select(APPROVALS).where(at.decided_at.is_(None)).order_by(at.segment_name))
    return [_held(row) for row in rows]


def _held(row: Row[Any]) -> Held:
    return Held(
        segment_name=row.segment_name, definition_hash=row.definition_hash, sizes=_sizes(row.sizes_json)
    )


def _sizes(told: Sequence[Mapping[str, Any]]) -> tuple[Size, ...]:
    return tuple(Size(**size) for size in told)


def decide(connection: Connection, held: Held, decision: str, *, by: str | None, now: datetime) -> None:
    """Keep what was said about a segment that waits.

    Args:
        connection: in a transaction.
        held: what the question was about, which may have changed while it waited.
        decision: approved, rejected or unanswered.
        by: name of who said it; None: nobody did.
        now: with a zone.
    """
    at, asked = APPROVALS.c, {**_asked_about(held.sizes), "definition_hash": held.definition_hash}
    said = {"decision": decision, "decided_by": by, "decided_at": now, **asked}
    connection.execute(
        update(APPROVALS).where(at.segment_name == held.segment_name, at.decided_at.is_(None)).values(said)
    )


def _asked_about(sizes: Sequence[Size]) -> dict[str, Any]:
    first = sizes[0]
    return {
        "member_count": first.count,
        "minimum_count": first.minimum,
        "maximum_count": first.maximum,
        "sizes_json": [asdict(size) for size in sizes],
    }


__all__ = ["APPROVED", "REJECTED", "Answer", "Held", "decide", "hold", "release", "said_of", "waiting"]
