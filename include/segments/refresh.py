"""Bringing a segment up to date: its table of current members, and the history of who entered and left.

Both change in one transaction, and only for the members that a refresh computed anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Insert, Table, Update, insert, literal, not_, select, true, update
from sqlalchemy.dialects import postgresql

from include.reports.refresh import RefreshOutcome, refresh_table
from include.reports.scope import scope_keys
from include.segments.loading import Segment
from include.segments.tables import SEGMENT_MEMBERS, SEGMENT_SIZES
from include.warehouse.schema import INSTANT


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentOutcome:
    """What one refresh did.

    Attributes:
        refresh: what happened to the table of current members.
        entered_count: members that were not in it before.
        left_count: members that are no longer in it.
    """

    refresh: RefreshOutcome
    entered_count: int
    left_count: int

    @property
    def member_count(self) -> int:
        """Members afterwards."""
        return self.refresh.row_count


def refresh_segment(engine: Engine, segment: Segment, *, now: datetime, full: bool = False) -> SegmentOutcome:
    """Bring a segment up to date.

    Args:
        engine: on the migrated warehouse, definitions created.
        segment: from `load_segments`.
        now: the instant of the refresh, with a zone; bound as `:now`, and when members enter and leave.
        full: compute every member, whatever was touched.

    Raises:
        ConfigError: its SQL does not run, or someone's view hangs on a table that has to be made anew.
        DataError: a `fail` check found rows; everything stays as it was.
        TransientError: the same segment is being refreshed elsewhere.
    """
    moved: list[tuple[int, int]] = []

    def keep_history(connection: Connection, outcome: RefreshOutcome) -> None:
        moved.append(_record_members(connection, segment, outcome, now))

    outcome = refresh_table(engine, segment.table, now=now, full=full, after=keep_history)
    [(entered, left)] = moved
    return SegmentOutcome(refresh=outcome, entered_count=entered, left_count=left)


def _record_members(
    connection: Connection, segment: Segment, outcome: RefreshOutcome, now: datetime
) -> tuple[int, int]:
    computed = segment.table.incoming_table()
    left = connection.execute(
        _leaving(segment, computed, is_full=outcome.is_full).values(left_at=now)
    ).rowcount
    entering = _entering(segment, computed, now).execution_options(preserve_rowcount=True)
    entered = connection.execute(entering).rowcount
    known = select(literal(1)).where(SEGMENT_SIZES.c.segment_name == segment.name).limit(1)
    if entered or left or connection.execute(known).first() is None:
        row = {"segment_name": segment.name, "measured_at": now, "member_count": outcome.row_count}
        connection.execute(_size({**row, "entered_count": entered, "left_count": left}))
    return entered, left


def _size(row: dict[str, object]) -> Insert:
    """The size as of now; a second refresh at the same instant adds to the first."""
    sizes, statement = SEGMENT_SIZES.c, postgresql.insert(SEGMENT_SIZES).values(row)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["segment_name", "measured_at"],
        set_={
            "member_count": new.member_count,
            "entered_count": sizes.entered_count + new.entered_count,
            "left_count": sizes.left_count + new.left_count,
        },
    )


def _leaving(segment: Segment, computed: Table, *, is_full: bool) -> Update:
    """Current members, among those computed anew, that the query no longer returns."""
    members = SEGMENT_MEMBERS.c
    found = select(literal(1)).where(computed.c[segment.contract.member_key] == members.member_key)
    looked_at = true() if is_full else members.member_key.in_(scope_keys())
    return update(SEGMENT_MEMBERS).where(
        members.segment_name == segment.name,
        members.left_at.is_(None),
        looked_at,
        not_(found.correlate(SEGMENT_MEMBERS).exists()),
    )


def _entering(segment: Segment, computed: Table, now: datetime) -> Insert:
    """What the query returns and is no current member."""
    members = SEGMENT_MEMBERS.c
    key = computed.c[segment.contract.member_key]
    current = select(literal(1)).where(
        members.segment_name == segment.name, members.left_at.is_(None), members.member_key == key
    )
    rows = select(literal(segment.name), key, literal(now, INSTANT)).where(
        not_(current.correlate(computed).exists())
    )
    return insert(SEGMENT_MEMBERS).from_select(["segment_name", "member_key", "entered_at"], rows)
