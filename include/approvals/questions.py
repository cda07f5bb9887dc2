"""Holding a segment back, asking about it, and knowing what was said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert

from include.approvals.tables import APPROVALS, APPROVED, REJECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A segment that is not as large as expected.

    Attributes:
        segment_name: the segment.
        size: its members.
        minimum: expected at least.
        maximum: expected at most.
    """

    segment_name: str
    size: int
    minimum: int
    maximum: int


_LAST_WORD = text(
    """
    select decision, member_count from marketing.approvals
    where
        segment_name = :segment_name and minimum_count = :minimum and maximum_count = :maximum
        and decision in ('approved', 'rejected')
    order by decided_at desc, approval_id desc
    limit 1
    """
)


def said_of(connection: Connection, held: Held) -> str | None:
    """What a person said last: approved or rejected; None where nobody was asked about such a size.

    An answer covers sizes on the same side that are no further from what is expected than the one asked about.
    """
    values = {"segment_name": held.segment_name, "minimum": held.minimum, "maximum": held.maximum}
    last = connection.execute(_LAST_WORD, values).one_or_none()
    if last is None:
        return None
    asked, now = _distance(last.member_count, held), _distance(held.size, held)
    is_covered = asked * now > 0 and abs(now) <= abs(asked)
    return str(last.decision) if is_covered else None


def _distance(size: int, held: Held) -> int:
    """How far below (negative) or above what is expected."""
    return min(size - held.minimum, 0) or max(size - held.maximum, 0)


def hold(connection: Connection, held: Held, now: datetime) -> None:
    """Note that a person must be asked; the size of a question that waits is brought up to date."""
    size = {"member_count": held.size, "minimum_count": held.minimum, "maximum_count": held.maximum}
    statement = insert(APPROVALS).values(segment_name=held.segment_name, held_at=now, **size)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["segment_name"], index_where=APPROVALS.c.decided_at.is_(None), set_=size
        )
    )


def release(connection: Connection, segment_name: str) -> None:
    """Take a question back that waits: the segment is as large as expected again."""
    at = APPROVALS.c
    connection.execute(APPROVALS.delete().where(at.segment_name == segment_name, at.decided_at.is_(None)))


def waiting(connection: Connection) -> list[Held]:
    """The segments that a person must be asked about, by name."""
    at = APPROVALS.c
    rows = connection.execute(select(APPROVALS).where(at.decided_at.is_(None)).order_by(at.segment_name))
    return [
        Held(
            segment_name=row.segment_name,
            size=row.member_count,
            minimum=row.minimum_count,
            maximum=row.maximum_count,
        )
        for row in rows
    ]


def decide(
    connection: Connection, segment_name: str, decision: str, *, by: str | None, size: int, now: datetime
) -> None:
    """Keep what was said about a segment that waits.

    Args:
        connection: in a transaction.
        segment_name: the segment.
        decision: approved, rejected or unanswered.
        by: name of who said it; None: nobody did.
        size: members that the question was about, which may have changed while it waited.
        now: with a zone.
    """
    at = APPROVALS.c
    said = {"decision": decision, "decided_by": by, "member_count": size, "decided_at": now}
    connection.execute(
        update(APPROVALS).where(at.segment_name == segment_name, at.decided_at.is_(None)).values(said)
    )


__all__ = ["APPROVED", "REJECTED", "Held", "decide", "hold", "release", "said_of", "waiting"]
