"""How far a table has followed `ops.touched`, and whether following is enough.

Numbers are given out in another order than they are committed in, so the position is a transaction id: everything older
than the oldest transaction still running at the last refresh is in the table. Rows of younger transactions that were
committed already are used at once and read again next time: nothing waits for a later run, nothing is missed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, inspect, select, text

from include.reports.keyed_table import KeyedTable
from include.reports.tables import REFRESHES
from include.warehouse.definitions import definitions_fingerprint

_SERVER = text(
    """
    select
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest_running,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next_unused,
        pg_current_snapshot()::text as read_snapshot,
        (select system_identifier::text from pg_control_system()) as server_id
    """
)
_FOLLOWERS = text(
    """
    select transaction_position::text from ops.refreshes
    where server_id = :server and to_regclass(table_name) is not null
    """
)
_CHANNELS = text(
    """
    select channel_code, timezone, reporting_currency_code, is_active, rfm_categories_json::text
    from ops.channels
    order by channel_code
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a refresh starts from.

    Attributes:
        since: transaction id from which on touched keys are new to the table; None: compute everything.
        reason: why everything is computed, or what is followed.
        refreshed_at: when that was; None: never, or it says nothing about now.
        oldest_running: the position to keep when this refresh stands.
        read_snapshot: which transactions it sees.
        row_count: rows of the table since then; None: nothing is followed.
        must_be_made: whether the table has to be created first.
    """

    since: int | None
    refreshed_at: datetime | None
    row_count: int | None
    reason: str
    oldest_running: int
    read_snapshot: str
    server_id: str
    basis_hash: str
    must_be_made: bool


def find_position(connection: Connection, table: KeyedTable, *, full: bool) -> Position:
    """Compare what the last refresh left with the contract, the definitions, the channels and the server."""
    server = connection.execute(_SERVER).one()
    basis = _basis_hash(connection, table)
    last = connection.execute(
        select(REFRESHES).where(REFRESHES.c.table_name == table.full_name)
    ).one_or_none()
    exists = inspect(connection).has_table(table.name, schema=table.schema)
    must_be_made = not exists or last is None or last.contract_hash != table.contract_hash
    reason = "asked for" if full else _reason_for_everything(table, last, server, basis, exists)
    follows = last if reason is None else None
    return Position(
        since=int(follows.transaction_position) if follows is not None else None,
        refreshed_at=follows.refreshed_at if follows is not None else None,
        row_count=follows.row_count if follows is not None else None,
        reason=reason or f"followed {', '.join(table.contract.refresh.subjects) or 'the calendar'}",
        oldest_running=server.oldest_running,
        read_snapshot=server.read_snapshot,
        server_id=server.server_id,
        basis_hash=basis,
        must_be_made=must_be_made,
    )


def oldest_followed(connection: Connection) -> int:
    """The transaction id below which no report or segment needs what was touched.

    Those that will compute everything next time, since their table is gone or the warehouse was restored, need nothing.
    """
    server = connection.execute(_SERVER).one()
    positions = [
        int(row.transaction_position)
        for row in connection.execute(_FOLLOWERS, {"server": server.server_id})
        if int(row.transaction_position) <= server.next_unused
    ]
    return min([*positions, int(server.oldest_running)])


def _reason_for_everything(
    table: KeyedTable,
    last: Row[Any] | None,
    server: Row[Any],
    basis: str,
    exists: bool,
) -> str | None:
    if not table.contract.refresh.incremental:
        return table.contract.refresh.reason
    if last is None or not exists:
        return "first refresh"
    if last.basis_hash != basis:
        return "the contract, the query, a shared definition or a channel changed"
    # Both mean a restored backup: its positions count other transactions than this server's.
    if last.server_id != server.server_id or int(last.transaction_position) > server.next_unused:
        return "the warehouse was restored"
    return None


def _basis_hash(connection: Connection, table: KeyedTable) -> str:
    """A channel's zone, currency, activity or bounds of scores move rows that no window touched."""
    channels = [tuple(row) for row in connection.execute(_CHANNELS)]
    basis = (table.basis_hash, definitions_fingerprint(connection), channels)
    return hashlib.sha256(repr(basis).encode()).hexdigest()
