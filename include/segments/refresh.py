"""Bringing a segment up to date: its table of current members, and the history of who entered and left.

Both change in one transaction, and only for the members that a refresh computed anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Table,
    Update,
    and_,
    func,
    insert,
    literal,
    not_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql

from include.reports.refresh import RefreshOutcome, refresh_table
from include.reports.scope import own_scope, scope_keys
from include.segments.loading import Segment
from include.segments.tables import SEGMENT_MEMBERS, SEGMENT_SIZES
from include.warehouse.ops_tables import CHANNELS
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
    left = _by_channel(connection, _leaving(segment, computed, now, is_full=outcome.is_full))
    entered = _by_channel(connection, _entering(segment, computed, now))
    _record_sizes(connection, segment, now, entered, left)
    return sum(entered.values()), sum(left.values())


def _by_channel(connection: Connection, change: Insert | Update) -> dict[str, int]:
    """Make the change; how many memberships of each channel it concerned."""
    moved = change.returning(SEGMENT_MEMBERS.c.channel_code).cte("moved")
    counts = select(moved.c.channel_code, func.count()).group_by(moved.c.channel_code)
    return dict(connection.execute(counts).all())


def _leaving(segment: Segment, computed: Table, now: datetime, *, is_full: bool) -> Update:
    """Current members, among those computed anew, that the query no longer returns."""
    members = SEGMENT_MEMBERS.c
    found = select(literal(1)).where(_same_member(segment, computed))
    looked_at = true() if is_full else _in_scope(segment)
    gone = update(SEGMENT_MEMBERS).where(
        members.segment_name == segment.name,
        members.left_at.is_(None),
        looked_at,
        not_(found.correlate(SEGMENT_MEMBERS).exists()),
    )
    return gone.values(left_at=now)


def _entering(segment: Segment, computed: Table, now: datetime) -> Insert:
    """What the query returns and is no current member."""
    members = SEGMENT_MEMBERS.c
    current = select(literal(1)).where(
        members.segment_name == segment.name, members.left_at.is_(None), _same_member(segment, computed)
    )
    columns = [computed.c.channel_code, computed.c[segment.contract.member_key]]
    rows = select(literal(segment.name), *columns, literal(now, INSTANT)).where(
        not_(current.correlate(computed).exists())
    )
    names = ["segment_name", "channel_code", "member_key", "entered_at"]
    return insert(SEGMENT_MEMBERS).from_select(names, rows)


def _same_member(segment: Segment, computed: Table) -> ColumnElement[bool]:
    members, key = SEGMENT_MEMBERS.c, computed.c[segment.contract.member_key]
    return and_(computed.c.channel_code == members.channel_code, key == members.member_key)


def _in_scope(segment: Segment) -> ColumnElement[bool]:
    """Whether a membership is of a member that was computed anew."""
    refresh, members = segment.contract.refresh, SEGMENT_MEMBERS.c
    if refresh.unit == "key":
        return members.member_key.in_(scope_keys())
    scope = own_scope(segment.table)
    kept = {segment.contract.member_key: members.member_key, "channel_code": members.channel_code}
    same = and_(*(scope.c[name] == kept[name] for name in refresh.columns))
    return select(literal(1)).where(same).correlate(SEGMENT_MEMBERS).exists()


def _record_sizes(
    connection: Connection, segment: Segment, now: datetime, entered: dict[str, int], left: dict[str, int]
) -> None:
    changed = {*entered, *left, *_never_measured(connection, segment)}
    if not changed:
        return
    channel = segment.table.sql_table().c.channel_code
    counts: dict[str, int] = dict(connection.execute(select(channel, func.count()).group_by(channel)).all())
    rows = [
        {
            "segment_name": segment.name,
            "channel_code": code,
            "measured_at": now,
            "member_count": counts.get(code, 0),
            "entered_count": entered.get(code, 0),
            "left_count": left.get(code, 0),
        }
        for code in sorted(changed)
    ]
    connection.execute(_size(rows))


def _never_measured(connection: Connection, segment: Segment) -> set[str]:
    """Active channels of the segment without a size."""
    sizes, channels = SEGMENT_SIZES.c, CHANNELS.c
    known = select(sizes.channel_code).where(sizes.segment_name == segment.name)
    missing = select(channels.channel_code).where(channels.is_active, channels.channel_code.not_in(known))
    wanted = segment.contract.channels
    return {code for code in connection.execute(missing).scalars() if not wanted or code in wanted}


def _size(rows: list[dict[str, object]]) -> Insert:
    """Sizes as of now; a second refresh at the same instant adds to the first."""
    sizes, statement = SEGMENT_SIZES.c, postgresql.insert(SEGMENT_SIZES).values(rows)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["segment_name", "channel_code", "measured_at"],
        set_={
            "member_count": new.member_count,
            "entered_count": sizes.entered_count + new.entered_count,
            "left_count": sizes.left_count + new.left_count,
        },
    )
