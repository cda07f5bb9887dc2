"""The frontiers: how far each channel's entity is complete, and what was settled when its first load began.

Windows move them only as they are done, in the transaction that loads their rows: that is in `ledger`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from include.warehouse.ledger_tables import FRONTIERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """How far a channel's entity is complete; see ops.frontiers."""

    initial_started_at: datetime | None = None
    initial_greatest_id: int | None = None
    known_greatest_id: int | None = None
    initial_done_at: datetime | None = None
    frontier_at: datetime | None = None
    planned_at: datetime | None = None
    trailed_at: datetime | None = None
    settings_json: dict[str, Any] | None = None


def load(connection: Connection, channel_code: str, entity: str) -> Frontier:
    """How far the data is complete; all None before the first plan."""
    columns = [FRONTIERS.c[name] for name in Frontier.__dataclass_fields__]
    row = connection.execute(
        select(*columns).where(FRONTIERS.c.channel_code == channel_code, FRONTIERS.c.entity == entity)
    ).one_or_none()
    return Frontier(**row._mapping) if row else Frontier()


def is_loaded(engine: Engine, channel_code: str, entity: str) -> bool:
    """Whether the first load is over."""
    with engine.connect() as connection:
        return load(connection, channel_code, entity).initial_done_at is not None


def begin_initial(
    connection: Connection, channel_code: str, entity: str, *, started_at: datetime, greatest_id: int | None
) -> None:
    """Note T0 and the greatest id (None where the list says no ids).

    From here on nothing older can be missed, and nothing newer is the first load's.
    """
    values = {
        "initial_started_at": started_at,
        "initial_greatest_id": greatest_id,
        "initial_reached_id": greatest_id,
        "frontier_at": started_at,
    }
    _upsert_frontier(connection, channel_code, entity, values)


def widen_initial(connection: Connection, channel_code: str, entity: str, *, greatest_id: int | None) -> None:
    """Open the first load again for what wider settings let in; it is over when every id was gone through."""
    values = {
        "initial_greatest_id": greatest_id,
        "initial_reached_id": greatest_id,
        "initial_done_at": None,
    }
    _upsert_frontier(connection, channel_code, entity, values)


def note_settings(
    connection: Connection, channel_code: str, entity: str, settings: Mapping[str, Any]
) -> None:
    """Note the settings that the loaded data goes by."""
    _upsert_frontier(connection, channel_code, entity, {"settings_json": dict(settings)})


def note_nothing_to_load(connection: Connection, channel_code: str, entity: str, now: datetime) -> None:
    """An empty store is loaded as soon as it is looked at."""
    _upsert_frontier(connection, channel_code, entity, {"initial_done_at": now, "initial_reached_id": 0})


def note_planned(connection: Connection, channel_code: str, entity: str, now: datetime) -> None:
    """Note when a run last planned, for channels with a slower schedule than the DAG's."""
    _upsert_frontier(connection, channel_code, entity, {"planned_at": now})


def note_greatest(connection: Connection, channel_code: str, entity: str, greatest_id: int) -> None:
    """Note up to which id everything is in a window."""
    _upsert_frontier(connection, channel_code, entity, {"known_greatest_id": greatest_id})


def note_trailed(connection: Connection, channel_code: str, entity: str, now: datetime) -> None:
    """Note when recent records were last planned to be read again."""
    _upsert_frontier(connection, channel_code, entity, {"trailed_at": now})


def note_swept(connection: Connection, channel_code: str, entity: str, now: datetime) -> None:
    """Note when store and warehouse were last compared to the end."""
    _upsert_frontier(connection, channel_code, entity, {"swept_at": now})


def _upsert_frontier(connection: Connection, channel_code: str, entity: str, values: dict[str, Any]) -> None:
    statement = insert(FRONTIERS).values(channel_code=channel_code, entity=entity, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["channel_code", "entity"], set_=values)
    )
