"""Quarantine: records that wait, whole, with the reasons; one that arrives healthy is let go.

Written in the transaction of the window that met them, so a record is never both loaded and lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, text
from sqlalchemy.dialects.postgresql import insert

from include.sync.window import Window
from include.warehouse.ops_tables import QUARANTINE


def set_aside(connection: Connection, window: Window, refused: Iterable[dict[str, Any]]) -> int:
    """Store the refused records of a window, one open entry per record; how many there are."""
    rows = [_row(window, entry) for entry in _merged(refused)]
    if rows:
        statement = insert(QUARANTINE)
        changed = {
            name: statement.excluded[name] for name in ("reasons_json", "payload_json", "window_id")
        } | {"last_seen_at": func.now()}
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["channel_code", "entity", "record_key"],
                index_where=text("resolved_at is null"),
                set_=changed,
            ),
            rows,
        )
    return len(rows)


def _merged(refused: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry per record, its reasons together."""
    merged: dict[str, dict[str, Any]] = {}
    for entry in refused:
        known = merged.setdefault(entry["record_key"], {**entry, "reasons": []})
        known["reasons"] += [reason for reason in entry["reasons"] if reason not in known["reasons"]]
    return list(merged.values())


def _row(window: Window, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "channel_code": window.channel_code,
        "entity": window.entity,
        "record_key": entry["record_key"],
        "reasons_json": entry["reasons"],
        "payload_json": entry["payload"],
        "window_id": window.window_id,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One record that waits.

    Attributes:
        record_id: Magento's id; None where the record has none, or is a dictionary that is read whole.
        has_payload: whether it was kept as read.
    """

    quarantine_id: int
    channel_code: str
    entity: str
    record_key: str
    record_id: int | None
    has_payload: bool


def waiting(
    connection: Connection,
    channel_code: str | None = None,
    entity: str | None = None,
    keys: Sequence[str] | None = None,
) -> list[Waiting]:
    """The records that wait, of a channel, an entity, with these keys, if given."""
    values = {"channel_code": channel_code, "entity": entity, "keys": None if keys is None else list(keys)}
    return [_waiting(row) for row in connection.execute(text(_WAITING), values).mappings()]


def _waiting(row: RowMapping) -> Waiting:
    number = row["record_key"].rpartition(":")[2]
    known = number.isascii() and number.isdecimal()
    return Waiting(**row, record_id=int(number) if known else None)


def dismiss(connection: Connection, entries: Sequence[Waiting], reason: str) -> int:
    """Let go of records that nobody will mend, for a reason that is kept; how many waited until now."""
    values = {"entries": [entry.quarantine_id for entry in entries], "reason": reason}
    return connection.execute(text(_DISMISS), values).rowcount


_WAITING = """
select quarantine_id, channel_code, entity, record_key, payload_json is not null as has_payload
from ops.quarantine
where
    resolved_at is null
    and channel_code = coalesce(:channel_code, channel_code)
    and entity = coalesce(:entity, entity)
    and (cast(:keys as text[]) is null or record_key = any(cast(:keys as text[])))
order by channel_code, entity, quarantine_id
"""
_DISMISS = """
update ops.quarantine set resolved_at = now(), resolution = 'dismissed', resolution_reason = :reason
where quarantine_id = any(:entries) and resolved_at is null
"""
_RESOLVE_ALL = """
update ops.quarantine set resolved_at = now(), resolution = 'arrived_healthy'
where channel_code = :channel_code and entity = :entity and resolved_at is null
"""
_RESOLVE = f"{_RESOLVE_ALL}and record_key in (select {{key}} from {{staged}})"  # noqa: S608 - a constant


def resolve(connection: Connection, window: Window, *, staged: str, key: str) -> int:
    """Let go of the waiting records that are among the staged ones.

    Args:
        connection: the window's transaction.
        window: the window that brought them.
        staged: quoted name of the staged root table, made by the upsert.
        key: quoted name of its key column.
    """
    statement = text(_RESOLVE.format(staged=staged, key=key))
    names = {"channel_code": window.channel_code, "entity": window.entity}
    return connection.execute(statement, names).rowcount


def resolve_all(connection: Connection, window: Window) -> int:
    """Let go of whatever waits of a snapshot: it is one record, whose rows carry other keys than its own."""
    names = {"channel_code": window.channel_code, "entity": window.entity}
    return connection.execute(text(_RESOLVE_ALL), names).rowcount
