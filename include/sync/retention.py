"""Retention: what was staged goes when the channel's `raw_retention_days` are over, whatever became of its window.

Every attempt at a window leaves a folder with the records as read, which are personal data; the upsert removes only
the typed parts of the attempt that was loaded. A folder's age is in its name: the ledger knows a window's latest
attempt only, so a window that fails and is read again every hour would keep all its folders.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from include.channels.model import Channel
from include.private_storage import local_path
from include.sync.ledger import UNFINISHED
from include.sync.staging import FolderPath, attempt_of, writing
from include.warehouse.ledger_tables import WINDOWS

log = logging.getLogger(__name__)

IN_WORK = timedelta(days=1)
"""How long an attempt at an unfinished window may still be in work, however short the retention."""


def prune(root: FolderPath, channel: Channel, now: datetime, engine: Engine) -> int:
    """Remove the folders of attempts that began longer ago than the channel keeps them.

    Costs one query and one listing per entity, plus the removal.

    Args:
        root: the staging root.
        channel: whose folders; those of other channels stay.
        now: an instant with a zone.
        engine: the warehouse, whose ledger tells which windows are unfinished.

    Returns:
        How many folders went.

    Raises:
        ConfigError: they may not be removed.
        TransientError: the storage does not answer.
    """
    return _prune(root, channel.code, channel.raw_retention_days, now, engine)


def prune_strangers(root: FolderPath, known: Collection[str], now: datetime, engine: Engine) -> int:
    """The same for the folders of channels whose file is gone, after the days that channels keep by default."""
    days = int(Channel.model_fields["raw_retention_days"].default)
    codes = [folder.name for folder in _listed(local_path(root) or root) if folder.name not in known]
    return sum(_prune(root, code, days, now, engine) for code in codes)


def _prune(root: FolderPath, channel_code: str, days: int, now: datetime, engine: Engine) -> int:
    oldest = now - timedelta(days=days)
    oldest_in_work = min(oldest, now - IN_WORK)
    unfinished = _unfinished(engine, channel_code)
    removed = 0
    with writing():
        for folder in _attempts((local_path(root) or root) / channel_code):
            window_id, began_at = attempt_of(folder.name) or (0, now)
            if began_at < (oldest_in_work if window_id in unfinished else oldest):
                _remove(folder)
                removed += 1
    if removed:
        log.info("retention channel=%s folders=%s days=%s", channel_code, removed, days)
    return removed


def _unfinished(engine: Engine, channel_code: str) -> set[int]:
    states = [state.value for state in UNFINISHED]
    statement = select(WINDOWS.c.window_id).where(
        WINDOWS.c.channel_code == channel_code, WINDOWS.c.state.in_(states)
    )
    with engine.connect() as connection:
        return set(connection.execute(statement).scalars())


def _attempts(folder: FolderPath) -> Iterator[FolderPath]:
    for entity in _listed(folder):
        yield from _listed(entity)


def _listed(folder: FolderPath) -> list[FolderPath]:
    """What is in a folder; nothing if it is none, e.g. because another run has just removed it."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return list(folder.iterdir())
    return []


def _remove(folder: FolderPath) -> None:
    # Several DAGs plan at the same time, and each of them prunes.
    for file in _listed(folder):
        with suppress(FileNotFoundError):
            file.unlink()
    # With its last file a folder is gone from a bucket, but neither from a disk nor from every other store.
    with suppress(FileNotFoundError, NotADirectoryError):
        if folder.exists():
            folder.rmdir()
