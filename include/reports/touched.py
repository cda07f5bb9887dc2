"""What was touched since a table was last refreshed: the temporary table `touched`, read by a folder's `scope.sql`.

Its columns: subject, channel_code, and the one that fits the subject: touched_key (a key, or what another report tells)
or touched_at (an instant, cut to the hour). When everything is computed it holds every value there is, so that one
query serves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Select,
    Text,
    cast,
    insert,
    null,
    select,
    text,
)

from include.entities import catalogue
from include.reports.names import ACCOUNT, INSTANT_COLUMNS
from include.reports.temporary import analyze, make_temporary, temporary
from include.reports.told import Told, every_told
from include.warehouse.schema import CRM, INSTANT, KEY

TOUCHED = temporary(
    "touched",
    Column("subject", Text),
    Column("channel_code", Text),
    Column("touched_key", KEY),
    Column("touched_at", INSTANT),
)
NO_KEY, NO_INSTANT = cast(null(), KEY), cast(null(), INSTANT)
_SINCE = text(
    """
    insert into touched (subject, channel_code, touched_key, touched_at)
    select distinct subject, channel_code, touched_key, touched_at
    from ops.touched
    where subject = any(:subjects) and transaction_id >= cast(cast(:since as text) as xid8)
    """
)


def make_touched(
    connection: Connection, subjects: Iterable[str], told: Mapping[str, Told], since: int | None
) -> None:
    """Create and fill the temporary table.

    Args:
        connection: in the transaction of the refresh.
        subjects: that the table follows.
        told: those of them that other reports tell.
        since: the transaction from which on entries are new to the table; None: every value there is.
    """
    make_temporary(connection, TOUCHED)
    if since is not None:
        connection.execute(_SINCE, {"subjects": list(subjects), "since": str(since)})
    else:
        for subject in subjects:
            _take_everything(connection, subject, told)
    analyze(connection, TOUCHED)


def followed_columns(subjects: Iterable[str]) -> list[Column[Any]]:
    """The columns of crm whose changes are recorded under these subjects."""
    wanted = set(subjects)
    found = [
        CRM[one.name].c[touch.column]
        for one in catalogue.tables()
        for touch in one.touches
        if touch.subject in wanted
    ]
    return [*found, *([CRM["accounts"].c.account_key] if ACCOUNT in wanted else [])]


def _take_everything(connection: Connection, subject: str, told: Mapping[str, Told]) -> None:
    names = [one.name for one in TOUCHED.columns]
    if subject in told:
        rows = every_told(told[subject]).subquery()
        channel, value = rows.c
        everything = select(cast(subject, Text), channel, value, NO_INSTANT)
        connection.execute(insert(TOUCHED).from_select(names, everything))
    for one in followed_columns((subject,)):
        connection.execute(insert(TOUCHED).from_select(names, _every_value(subject, one)))


def _every_value(subject: str, value: Column[Any]) -> Select[Any]:
    pair = (NO_KEY, value) if value.name in INSTANT_COLUMNS else (value, NO_INSTANT)
    chosen = select(cast(subject, Text), value.table.c.channel_code, *pair)
    return chosen.where(value.is_not(None)).distinct()
