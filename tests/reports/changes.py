"""Changes to the warehouse as windows make them: rows written, and old and new keys recorded as touched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql

from include.entities import catalogue
from include.entities.model import Entity
from include.reports.names import INSTANT_COLUMNS
from include.warehouse.ops_tables import TOUCHED
from include.warehouse.schema import CRM

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_ENTITY_OF: dict[str, Entity] = {
    table.name: entity for entity in catalogue.ENTITIES for table in entity.tables
}


def change(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    """Write one row, in place of the one with its key."""
    known = CRM[table]
    key = next(iter(known.primary_key)).name
    values = {"first_seen_at": LONG_AGO, "changed_at": LONG_AGO, **row}
    before = connection.execute(select(known).where(known.c[key] == row[key])).mappings().one_or_none()
    for old in filter(None, [before]):
        _touch(connection, table, old)
    statement = postgresql.insert(known).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=values))
    _touch(connection, table, values)


def _touch(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    if table == "customers" and row.get("account_key"):
        _record(connection, row, "account", row["account_key"])
    root = _ENTITY_OF[table].root
    if table != root.name:
        owner = CRM[root.name]
        key = next(iter(owner.primary_key)).name
        found = connection.execute(select(owner).where(owner.c[key] == row[key])).mappings().one_or_none()
        row = found or {name: row[name] for name in (key, "channel_code")}
    for touch in root.touches:
        _record(
            connection, row, touch.subject, row.get(touch.column), is_instant=touch.column in INSTANT_COLUMNS
        )


def _record(
    connection: Connection, row: Mapping[str, Any], subject: str, value: Any, *, is_instant: bool = False
) -> None:
    if value is None:
        return
    moment = {"touched_at": value.replace(minute=0, second=0, microsecond=0)} if is_instant else {}
    entry = {"window_id": 1, "channel_code": row["channel_code"], "subject": subject}
    connection.execute(insert(TOUCHED).values(**entry, **(moment or {"touched_key": value})))
