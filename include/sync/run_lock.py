"""One run per channel and entity at a time: scheduler, `make run`, backfills and restarted runs all meet here.

A run's tasks are processes of their own, so nobody can hold a lock for the whole of it. Instead every task that works
on windows holds a mark of life, a lock that is shared by the tasks of one run and dies with its database session. A
run whose windows are unfinished and whose mark is held is at work, and others stay away; without the mark its windows
are anybody's. In the moment between two tasks another run may take them over: the tasks that follow then find that
the windows are no longer theirs and leave them alone, so nothing is read twice and nobody waits for a dead process.
A pooler in transaction mode would lose these locks: connect to the server itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, exc, select, text

from include.errors import TransientError
from include.sync.ledger import UNFINISHED
from include.sync.window import WindowKind
from include.warehouse.ledger_tables import WINDOWS

_HOLD = text("select pg_advisory_lock_shared(hashtextextended(:mark, 0))")
_LET_GO = text("select pg_advisory_unlock_shared(hashtextextended(:mark, 0))")
# For the length of the caller's transaction: a task that begins meanwhile waits until the plan is made.
_IS_FREE = text("select pg_try_advisory_xact_lock(hashtextextended(:mark, 0))")


class InProgressError(TransientError):
    """Another run is at work on the same entity of the same channel."""


@contextmanager
def at_work(engine: Engine, run_id: str, channel_code: str, entity: str) -> Iterator[None]:
    """Hold the run's mark of life while a task of it works on windows."""
    mark = {"mark": _mark(run_id, channel_code, entity)}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(_HOLD, mark)
        try:
            yield
        finally:
            _let_go(connection, mark)


def _let_go(connection: Connection, mark: dict[str, str]) -> None:
    """A session that broke meanwhile has let go already, and what was done under it is done."""
    try:
        connection.execute(_LET_GO, mark)
    except exc.DBAPIError:
        connection.invalidate()


def runs_at_work(connection: Connection, channel_code: str, entity: str, run_id: str) -> dict[str, bool]:
    """The other runs that are at work now, and whether they read more than records named by id.

    Args:
        connection: the plan's transaction, which holds the entity's lock.
        channel_code: the channel.
        entity: the entity.
        run_id: our own run, which is not in anybody's way.
    """
    states = [state.value for state in UNFINISHED]
    found = connection.execute(
        select(WINDOWS.c.run_id, WINDOWS.c.kind)
        .where(WINDOWS.c.channel_code == channel_code, WINDOWS.c.entity == entity)
        .where(WINDOWS.c.state.in_(states), WINDOWS.c.run_id.is_not(None), WINDOWS.c.run_id != run_id)
        .distinct()
    ).all()
    kinds: dict[str, set[str]] = {}
    for row in found:
        kinds.setdefault(row.run_id, set()).add(row.kind)
    return {
        run: kinds[run] != {WindowKind.IDS.value}
        for run in sorted(kinds)
        if not _is_free(connection, run, channel_code, entity)
    }


def _is_free(connection: Connection, run_id: str, channel_code: str, entity: str) -> bool:
    mark = {"mark": _mark(run_id, channel_code, entity)}
    return bool(connection.execute(_IS_FREE, mark).scalar_one())


def _mark(run_id: str, channel_code: str, entity: str) -> str:
    return f"run:{channel_code}:{entity}:{run_id}"
