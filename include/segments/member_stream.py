"""The members of a segment with what is known to write to them, as a stream: the size does not matter to memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    FromClause,
    Select,
    and_,
    func,
    insert,
    literal,
    select,
    text,
    true,
)

from include.reports.temporary import make_temporary, temporary
from include.segments.loading import Segment
from include.segments.profiles.recipient import VIEW_COLUMNS, Recipient
from include.segments.recipients import recipients_table
from include.warehouse.ops_tables import CHANNELS

ROWS_AT_A_TIME = 5000
_KEYS = 2
"""`channel_code` and `member_key`, the first of the recipients' columns, are taken from the segment itself."""
_KEY = "column_1"
"""The second of them as it is kept."""


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


@contextmanager
def members_of(
    connection: Connection, segment: Segment, channel_code: str, *, times: int
) -> Iterator[Callable[[], Iterator[list[Recipient]]]]:
    """A channel's members in a fixed order, in batches, for as many profiles as want to read them.

    Read more than once they are kept in a temporary table meanwhile: who is written to is worked out once.

    Args:
        connection: in a transaction; one channel at a time.
        segment: whose members they are; who cannot be written to comes without an address.
        channel_code: the channel.
        times: how often they will be read.
    """
    # A cursor is planned for its first rows unless told otherwise; here all of them are read.
    connection.execute(text("set local cursor_tuple_fraction = 1"))
    query = members_query(segment, channel_code, are_few=_are_few(connection, segment, channel_code))
    if times == 1:
        yield lambda: _stream(connection, query)
        return
    kept = temporary(
        "export_members", *(Column(f"column_{n}", one.type) for n, one in enumerate(query.selected_columns))
    )
    make_temporary(connection, kept)
    connection.execute(insert(kept).from_select(list(kept.columns), query))
    ordered = select(kept).order_by(kept.columns[_KEY])
    yield lambda: _stream(connection, ordered)
    kept.drop(connection)


def _stream(connection: Connection, query: Select[Any]) -> Iterator[list[Recipient]]:
    width = len(VIEW_COLUMNS)
    with connection.execute(query.execution_options(yield_per=ROWS_AT_A_TIME)) as rows:
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
