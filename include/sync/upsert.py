"""Upsert: one window's staged rows into the warehouse, with its ledger row and quarantine, in one transaction.

A dry run takes the very same way and is rolled back at its end: what it counts is what would happen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select

from include.entities.model import Entity, Silence, Table
from include.identity.accounts import settle_accounts, settle_accounts_of_guests
from include.identity.guest_keys import GuestKeys
from include.identity.guests import upsert_guests, upsert_guests_of_stores
from include.identity.lifetimes import value_lifetimes
from include.identity.lock import hold
from include.privacy import tombstones
from include.privacy.anonymise import anonymise
from include.privacy.frames import without_person
from include.privacy.mentions import without_mentions
from include.privacy.tombstones import ErasedRoots, Tombstones
from include.sync import ledger, parents, quarantine
from include.sync.cart_statuses import upsert_cart_statuses
from include.sync.extract import without_keys
from include.sync.registered import share_owner
from include.sync.staging import Stage
from include.sync.window import Window, WindowKind
from include.warehouse.copying import copy_frames
from include.warehouse.deletion import Deletion
from include.warehouse.merge import Merge, Outcome
from include.warehouse.ops_tables import CHANNELS

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

DERIVED: dict[str, Callable[..., dict[str, int]]] = {
    "cart_statuses": upsert_cart_statuses,
    "guests": upsert_guests,
    "guests_of_stores": upsert_guests_of_stores,
    "accounts": settle_accounts,
    "accounts_of_guests": settle_accounts_of_guests,
    "lifetimes": value_lifetimes,
}


MOST_CHANGES = 100
"""Rows that a dry run names in the ledger, per table and window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upserted:
    """What a window did to the warehouse, by table."""

    outcomes: dict[str, dict[str, int]]
    quarantined: int
    changes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """Rows that are not as they were."""
        counted = ("inserted", "updated", "deleted")
        return sum(outcome[name] for outcome in self.outcomes.values() for name in counted)


def upsert_window(
    engine: Engine,
    entity: Entity,
    window: Window,
    stage: Stage,
    *,
    keys: GuestKeys,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Upserted | None:
    """Load a staged window; None when another run has finished or replaced it meanwhile.

    Rows, quarantine, affected keys, the ledger row and the frontier are committed together: done or not done. Of a
    dry run nothing is committed but its ledger row. Records of erased people load without them, wherever the staged
    parts come from.
    """
    with engine.connect() as connection, connection.begin() as transaction:
        ledger.hold(connection, window.channel_code, window.entity)
        if ledger.load(connection, window.window_id or 0).state in ledger.FINISHED:
            return None
        result = _load(connection, entity, window, stage, keys)
        facts: dict[str, Any] = {
            "now": now(),
            "outcome_json": result.outcomes,
            "rejected_count": result.quarantined,
        }
        if window.is_dry_run:
            transaction.rollback()
        else:
            ledger.complete(connection, window, **facts)
    if window.is_dry_run:
        ledger.compared(engine, window, changes_json=result.changes, **facts)
    stage.drop_parts()
    return result


def delete_gone(
    engine: Engine,
    entity: Entity,
    channel_code: str,
    ids: Sequence[int],
    *,
    run_id: str,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Upserted:
    """Mark records deleted that are gone from the store, with their children, in a window of their own.

    Args:
        engine: the warehouse.
        entity: whose records.
        channel_code: the channel.
        ids: Magento's ids of them.
        run_id: kept with the window.
        now: our clock.
    """
    window = Window(channel_code=channel_code, entity=entity.name, kind=WindowKind.GONE, ids=tuple(ids))
    with engine.begin() as connection:
        ledger.hold(connection, channel_code, entity.name)
        (number,) = ledger.plan(connection, [window], run_id)
        window = replace(window, window_id=number)
        merge = Deletion(
            connection=_driver(connection),
            entity=entity,
            channel_code=channel_code,
            window_id=number,
            keys=[f"{channel_code}:{one}" for one in ids],
        )
        merge.create_staged()
        if entity.lock:
            hold(connection, entity.lock)
        outcomes = merge.run()
        merge.drop_staged()
        result = Upserted(outcomes=_counted(outcomes) | _derive(connection, entity, window), quarantined=0)
        ledger.complete(connection, window, now=now(), outcome_json=result.outcomes)
    return result


def _load(connection: Connection, entity: Entity, window: Window, stage: Stage, keys: GuestKeys) -> Upserted:
    window_id = window.window_id or 0
    share_owner(connection, window.channel_code)
    # Read under the lock of the entity, which whoever erases holds too: nobody slips through in between.
    stones = tombstones.standing(connection, keys)
    erased = _erased(connection, entity, stage, stones)
    merge = Merge(
        connection=_driver(connection),
        entity=entity,
        channel_code=window.channel_code,
        window_id=window_id,
        is_forced=window.is_forced,
        is_partial=window.is_partial,
        silence=_silence(connection, entity, window.channel_code),
    )
    refused = [tombstones.without_payload(entry, erased, stones) for entry in stage.refused()]
    merge.create_staged()
    _copy(merge, stage, {entry["record_key"] for entry in refused}, stones, erased)
    if entity.lock:
        hold(connection, entity.lock)
    merge.compare()
    changes = _changes(merge) if window.is_dry_run else {}
    outcomes = merge.write()
    for parent in entity.parents:
        parents.note_missing(connection, entity, parent, staged=merge.staged(entity.root).as_string())
    if erased:
        # What the merge keeps of what was there before: superseded versions, columns that NULL does not overwrite.
        anonymise(connection, {(entity.name, key): n for key, n in erased.items()}, window_id=window_id)
    quarantined = quarantine.set_aside(connection, window, refused)
    _resolve(connection, merge, window, refused)
    merge.drop_staged()
    return Upserted(
        outcomes=_counted(outcomes) | _derive(connection, entity, window),
        quarantined=quarantined,
        changes=changes,
    )


def _silence(connection: Connection, entity: Entity, channel_code: str) -> Silence | None:
    """What the channel's kind of store stops telling of a record; asked only where some kind does."""
    if not entity.silences:
        return None
    statement = select(CHANNELS.c.kind).where(CHANNELS.c.channel_code == channel_code)
    kind = connection.execute(statement).scalar()
    return entity.silences.get(kind) if kind else None


def _changes(merge: Merge) -> dict[str, list[dict[str, Any]]]:
    """By table, the first rows that would change; tables without any are left out."""
    found = {table.name: merge.changed_rows(table, MOST_CHANGES) for table in merge.entity.tables}
    return {name: [asdict(change) for change in changes] for name, changes in found.items() if changes}


def _erased(connection: Connection, entity: Entity, stage: Stage, stones: Tombstones | None) -> ErasedRoots:
    """Which staged records are an erased person's."""
    if stones is None or entity.person is None:
        return {}
    parts = stage.parts(entity.root.name, tombstones.root_columns(entity))
    return tombstones.erased_roots(connection, stones, entity, parts)


def _driver(connection: Connection) -> psycopg.Connection:
    """The psycopg connection beneath: COPY is its own, and it is in the same transaction."""
    driver: Any = connection.connection.driver_connection
    return driver  # type: ignore[no-any-return]


def _copy(
    merge: Merge, stage: Stage, refused: set[str], stones: Tombstones | None, erased: ErasedRoots
) -> None:
    for table in merge.entity.tables:
        frames = (_loadable(part, table, refused, stones, erased) for part in stage.parts(table.name))
        copy_frames(merge.connection, merge.staged(table), frames, merge.columns(table))


def _loadable(
    part: pa.Table, table: Table, refused: set[str], stones: Tombstones | None, erased: ErasedRoots
) -> pa.Table:
    """The part without refused records, and without what would name an erased person."""
    frame = without_keys(part, refused) if refused else part
    return frame if stones is None else without_mentions(without_person(frame, table, erased), table, stones)


def _resolve(connection: Connection, merge: Merge, window: Window, refused: list[dict[str, Any]]) -> None:
    entity = merge.entity
    if not entity.is_snapshot:
        staged = merge.staged(entity.root).as_string()
        quarantine.resolve(connection, window, staged=staged, key=f'"{entity.root.key_column}"')
    elif not refused:
        quarantine.resolve_all(connection, window)


def _counted(outcomes: dict[str, Outcome]) -> dict[str, dict[str, int]]:
    return {name: outcome.as_dict() for name, outcome in outcomes.items()}


def _derive(connection: Connection, entity: Entity, window: Window) -> dict[str, dict[str, int]]:
    """The set-based steps the entity asks for, e.g. guests made of orders."""
    window_id = window.window_id or 0
    return {
        name: DERIVED[name](connection, window_id=window_id, channel_code=window.channel_code)
        for name in entity.derived
    }
