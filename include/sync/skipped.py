"""What a store cannot deliver, in the ledger: one window per channel and entity that says why, instead of silence.

The same row is written again by every run, with the last time and the number of times, since an entity that is never
delivered would otherwise leave thousands. It is replaced when the store delivers after all.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, update
from sqlalchemy.dialects.postgresql import insert

from include.entities.model import Entity
from include.sync import frontiers, ledger
from include.sync.window import WindowKind, WindowState
from include.warehouse.ledger_tables import WINDOWS


def skip(
    engine: Engine, channel_code: str, entity: Entity, reason: str, *, run_id: str, now: datetime
) -> int:
    """Note that an entity is not read, and why; the number of its window."""
    with engine.begin() as connection:
        ledger.hold(connection, channel_code, entity.name)
        frontiers.note_planned(connection, channel_code, entity.name, now)
        facts = {"error": reason, "run_id": run_id, "finished_at": now}
        known = connection.execute(
            update(WINDOWS)
            .where(*_skipped(channel_code, entity))
            .values(**facts, attempts=WINDOWS.c.attempts + 1)
            .returning(WINDOWS.c.window_id)
        ).scalar()
        if known is not None:
            return int(known)
        kind = WindowKind.SNAPSHOT if entity.is_snapshot else WindowKind.INITIAL
        row = {"channel_code": channel_code, "entity": entity.name, "kind": kind.value, "attempts": 1} | facts
        row |= {"state": WindowState.SKIPPED.value, "planned_at": now}
        statement = insert(WINDOWS).values(**row).returning(WINDOWS.c.window_id)
        return int(connection.execute(statement).scalar_one())


def note_delivered(engine: Engine, channel_code: str, entity: Entity) -> None:
    """Note that the entity is read again."""
    with engine.begin() as connection:
        connection.execute(
            update(WINDOWS).where(*_skipped(channel_code, entity)).values(state=WindowState.SUPERSEDED.value)
        )


def _skipped(channel_code: str, entity: Entity) -> tuple[ColumnElement[bool], ...]:
    return (
        WINDOWS.c.channel_code == channel_code,
        WINDOWS.c.entity == entity.name,
        WINDOWS.c.state == WindowState.SKIPPED.value,
    )
