"""The completeness ledger: which windows were planned, how far each has come, and what that does to the frontiers.

What a window loads, its ledger row and the new frontier are written in one transaction (`complete`); everything else
here is bookkeeping that may be repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from include.sync import frontiers
from include.sync.window import Window, WindowKind, WindowState, advanced
from include.warehouse.ledger_tables import FRONTIERS, WINDOWS

UNFINISHED = (WindowState.PLANNED, WindowState.EXTRACTED, WindowState.VALIDATED, WindowState.FAILED)
FINISHED = (WindowState.DONE, WindowState.COMPARED, WindowState.SKIPPED, WindowState.SUPERSEDED)


def hold(connection: Connection, channel_code: str, entity: str) -> None:
    """Lock a channel's entity until the transaction ends: scheduler, `make run` and backfills all meet here."""
    key = f"sync:{channel_code}:{entity}"
    connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def plan(connection: Connection, windows: Iterable[Window], run_id: str) -> list[int]:
    """Store new windows; their numbers in order."""
    return [_store(connection, window, run_id) for window in windows]


def _store(connection: Connection, window: Window, run_id: str) -> int:
    values = {
        name: getattr(window, name)
        for name in (
            "channel_code",
            "entity",
            "id_low",
            "id_high",
            "low_at",
            "high_at",
            "is_open",
            "is_forced",
            "is_dry_run",
            "beyond_json",
        )
    }
    values |= {"kind": window.kind.value, "ids": list(window.ids) if window.ids is not None else None}
    statement = insert(WINDOWS).values(**values, state=WindowState.PLANNED.value, run_id=run_id)
    return int(connection.execute(statement.returning(WINDOWS.c.window_id)).scalar_one())


def has_windows_of(connection: Connection, channel_code: str, entity: str, run_id: str) -> bool:
    """Whether a run, when it is cleared or its plan is retried, has planned this before."""
    mine = select(WINDOWS.c.window_id).where(
        WINDOWS.c.run_id == run_id, WINDOWS.c.channel_code == channel_code, WINDOWS.c.entity == entity
    )
    return connection.execute(mine.limit(1)).first() is not None


def take_up(
    connection: Connection,
    channel_code: str,
    entity: str,
    kind: WindowKind,
    run_id: str,
    *,
    spared: Collection[str] = (),
) -> list[int]:
    """Make unfinished windows of this kind this run's own, to be read anew; highest ids first.

    Those of the `spared` runs, which are at work, stay theirs.
    """
    statement = (
        update(WINDOWS)
        .where(*_unfinished(channel_code, entity), WINDOWS.c.kind == kind.value)
        .where(WINDOWS.c.run_id.is_(None) | WINDOWS.c.run_id.not_in(spared))
        .values(state=WindowState.PLANNED.value, run_id=run_id)
        .returning(WINDOWS.c.window_id, WINDOWS.c.id_high)
    )
    rows = connection.execute(statement).all()
    return [row.window_id for row in sorted(rows, key=lambda row: (-(row.id_high or 0), row.window_id))]


def supersede(connection: Connection, channel_code: str, entity: str, kinds: Sequence[WindowKind]) -> None:
    """Drop unfinished windows of these kinds: what they would have read is planned anew from the frontier."""
    names = [kind.value for kind in kinds]
    connection.execute(
        update(WINDOWS)
        .where(*_unfinished(channel_code, entity), WINDOWS.c.kind.in_(names))
        .values(state=WindowState.SUPERSEDED.value, finished_at=func.now())
    )


def supersede_abandoned(connection: Connection, channel_code: str, entity: str, kind: WindowKind) -> None:
    """Drop windows of a kind that failed, or that a killed run left behind a day ago or more.

    For kinds whose records are asked for anew when they are still needed: nobody takes their windows up.
    """
    is_given_up = (WINDOWS.c.state == WindowState.FAILED.value) | (
        WINDOWS.c.planned_at < func.now() - text("interval '1 day'")
    )
    connection.execute(
        update(WINDOWS)
        .where(*_unfinished(channel_code, entity), WINDOWS.c.kind == kind.value, is_given_up)
        .values(state=WindowState.SUPERSEDED.value, finished_at=func.now())
    )


def left_over(connection: Connection, channel_code: str, entity: str, kind: WindowKind) -> list[Window]:
    """The unfinished windows of a kind, as `take_up` would have them, but left as they are."""
    statement = select(WINDOWS).where(*_unfinished(channel_code, entity), WINDOWS.c.kind == kind.value)
    windows = [_window(row) for row in connection.execute(statement).mappings()]
    return sorted(windows, key=lambda window: (-(window.id_high or 0), window.window_id or 0))


def drop_dry_runs(connection: Connection, channel_code: str, entity: str, spared: Collection[str]) -> None:
    """Drop what broken dry runs left, unless it belongs to one of the `spared` runs; nobody goes on with it."""
    connection.execute(
        update(WINDOWS)
        .where(*_unfinished(channel_code, entity, is_dry_run=True), WINDOWS.c.run_id.not_in(spared))
        .values(state=WindowState.SUPERSEDED.value, finished_at=func.now())
    )


def _unfinished(channel_code: str, entity: str, *, is_dry_run: bool = False) -> tuple[Any, ...]:
    states = [state.value for state in UNFINISHED]
    return (
        WINDOWS.c.channel_code == channel_code,
        WINDOWS.c.entity == entity,
        WINDOWS.c.state.in_(states),
        WINDOWS.c.is_dry_run.is_(is_dry_run),
    )


def load(connection: Connection, window_id: int) -> Window:
    """A window by its number."""
    return _window(
        connection.execute(select(WINDOWS).where(WINDOWS.c.window_id == window_id)).mappings().one()
    )


def _window(row: RowMapping) -> Window:
    known = {name: row[name] for name in Window.__dataclass_fields__}
    ids = tuple(row["ids"]) if row["ids"] is not None else None
    return Window(**known | {"kind": WindowKind(row["kind"]), "state": WindowState(row["state"]), "ids": ids})


def counts(connection: Connection, window_id: int) -> dict[str, int]:
    """What is known of a window in numbers: records read and set aside, rows by what the merge did to them."""
    columns = {name: WINDOWS.c[f"{name}_count"] for name in ("read", "skipped", "rejected", "warned")}
    row = connection.execute(
        select(*columns.values(), WINDOWS.c.outcome_json).where(WINDOWS.c.window_id == window_id)
    ).one()
    known = {name: int(row[number] or 0) for number, name in enumerate(columns)}
    merged: Counter[str] = Counter()
    for outcome in (row.outcome_json or {}).values():
        merged.update(outcome)
    return known | dict(merged)


def begin(engine: Engine, window_id: int, now: datetime) -> None:
    """Count an attempt."""
    note(engine, window_id, attempts=WINDOWS.c.attempts + 1, started_at=now, error=None)


def note(engine: Engine, window_id: int, **values: Any) -> None:
    """Write facts about a window in a transaction of their own.

    A finished window stays as it is: a run that was overtaken must not open it again.
    """
    unfinished = WINDOWS.c.state.not_in([state.value for state in FINISHED])
    with engine.begin() as connection:
        connection.execute(
            update(WINDOWS).where(WINDOWS.c.window_id == window_id, unfinished).values(**values)
        )


def fail(engine: Engine, window_id: int, sentence: str, now: datetime) -> None:
    """Note why a window failed; it holds the frontier back until it is read again."""
    note(engine, window_id, state=WindowState.FAILED.value, error=sentence, finished_at=now)


def complete(connection: Connection, window: Window, *, now: datetime, **facts: Any) -> None:
    """Mark a window done and move the frontier, in the transaction that loaded its rows."""
    connection.execute(
        update(WINDOWS)
        .where(WINDOWS.c.window_id == window.window_id)
        .values(state=WindowState.DONE.value, finished_at=now, error=None, staged_at_path=None, **facts)
    )
    if window.kind is WindowKind.INITIAL:
        _advance_initial(connection, window, now)
    elif window.kind is WindowKind.INCREMENTAL:
        _advance_frontier(connection, window)
    elif window.kind is WindowKind.SNAPSHOT:
        values = {
            "frontier_at": window.high_at,
            "initial_done_at": func.coalesce(FRONTIERS.c.initial_done_at, now),
        }
        connection.execute(update(FRONTIERS).where(*_of(window)).values(**values))


def compared(engine: Engine, window: Window, *, now: datetime, **facts: Any) -> None:
    """Mark a dry run's window compared; its transaction is rolled back, and nothing else moves."""
    values = facts | {"state": WindowState.COMPARED.value, "finished_at": now}
    note(engine, window.window_id or 0, **values, error=None, staged_at_path=None)


def _of(window: Window) -> tuple[Any, ...]:
    return (FRONTIERS.c.channel_code == window.channel_code, FRONTIERS.c.entity == window.entity)


def _advance_initial(connection: Connection, window: Window, now: datetime) -> None:
    """The initial load has come down to the highest id that some open window still owes."""
    owed = select(func.count(), func.max(WINDOWS.c.id_high)).where(
        *_unfinished(window.channel_code, window.entity), WINDOWS.c.kind == WindowKind.INITIAL.value
    )
    left, highest = connection.execute(owed).one()
    values = {"initial_reached_id": highest or 0, "initial_done_at": None if left else now}
    connection.execute(update(FRONTIERS).where(*_of(window)).values(**values))


def _advance_frontier(connection: Connection, window: Window) -> None:
    known = frontiers.load(connection, window.channel_code, window.entity).frontier_at
    if known is None:
        return
    done = select(WINDOWS.c.low_at, WINDOWS.c.high_at).where(
        WINDOWS.c.channel_code == window.channel_code,
        WINDOWS.c.entity == window.entity,
        WINDOWS.c.kind == WindowKind.INCREMENTAL.value,
        WINDOWS.c.state == WindowState.DONE.value,
        WINDOWS.c.high_at > known,
    )
    spans = [(row.low_at, row.high_at) for row in connection.execute(done)]
    connection.execute(update(FRONTIERS).where(*_of(window)).values(frontier_at=advanced(known, spans)))
