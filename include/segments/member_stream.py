"""The members of a segment with what is known to write to them, as a stream: the size does not matter to memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, FromClause, Select, and_, func, literal, select, text, true

from include.segments.loading import Segment
from include.segments.profiles.recipient import VIEW_COLUMNS, Recipient
from include.segments.recipients import recipients_table
from include.warehouse.ops_tables import CHANNELS

ROWS_AT_A_TIME = 5000
_KEYS = 2
"""`channel_code` and `member_key`, the first of the recipients' columns, are taken from the segment itself."""


FEW = 20_000
"""Up to so many members each is looked up by the index, which takes 0.2 ms; the whole view of a million takes 20 s."""


def own_columns(segment: Segment) -> tuple[str, ...]:
    """What the segment itself knows of its members, without their key."""
    keys = ("channel_code", segment.contract.member_key)
    return tuple(column.name for column in segment.contract.columns if column.name not in keys)


def channels_of(connection: Connection, segment: Segment) -> list[str]:
    """The active channels that a segment may have members in."""
    codes = select(CHANNELS.c.channel_code).where(CHANNELS.c.is_active).order_by(CHANNELS.c.channel_code)
    wanted = segment.contract.channels
    return [code for code in connection.execute(codes).scalars() if not wanted or code in wanted]


def stream_members(connection: Connection, segment: Segment, channel_code: str) -> Iterator[list[Recipient]]:
    """A channel's members in a fixed order, in batches; who cannot be written to comes without an address."""
    # A cursor is planned for its first rows unless told otherwise; here all of them are read.
    connection.execute(text("set local cursor_tuple_fraction = 1"))
    statement = members_query(segment, channel_code, are_few=_are_few(connection, segment, channel_code))
    statement = statement.execution_options(yield_per=ROWS_AT_A_TIME)
    width = len(VIEW_COLUMNS)
    with connection.execute(statement) as rows:
        for batch in rows.partitions(ROWS_AT_A_TIME):
            yield [Recipient._make((*row[:width], tuple(row[width:]))) for row in batch]


def _are_few(connection: Connection, segment: Segment, channel_code: str) -> bool:
    members = segment.table.sql_table()
    some = select(literal(1)).where(members.c.channel_code == channel_code).limit(FEW + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() <= FEW


def members_query(segment: Segment, channel_code: str, *, are_few: bool = False) -> Select[Any]:
    """A channel's members with their recipients, in a fixed order; few are looked up one by one."""
    members = segment.table.sql_table()
    view = recipients_table(segment.contract.member)
    key = members.c[segment.contract.member_key]
    same = and_(members.c.channel_code == view.c.channel_code, key == view.c.member_key)
    # OFFSET keeps the server from joining with the whole view after all.
    one = select(view).where(same).correlate(members).offset(0).lateral("recipients")
    people: FromClause = one if are_few else view
    known = [people.c[name] for name in VIEW_COLUMNS[_KEYS:]]
    own = [members.c[name] for name in own_columns(segment)]
    return (
        select(members.c.channel_code, key, *known, *own)
        .select_from(members.join(people, true() if are_few else same, isouter=True))
        .where(members.c.channel_code == channel_code)
        .order_by(key)
    )
