"""A batch of windows through one verb: each window on its own, so that one failure costs one window.

Progress is read from and written to the ledger, so a retried task goes on where it stopped.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import ConfigError, SyncError
from include.identity.guest_keys import GuestKeys
from include.sync import ledger
from include.sync.extract import Extraction
from include.sync.staging import FolderPath, Stage, open_stage
from include.sync.window import Window, WindowState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Windows of one channel's entity, to be worked through in order.

    Attributes:
        keys: the secret by which erased people are known again.
        run_id: whose windows they must still be: those that another run took over are left to it. None: anybody's.
    """

    engine: Engine
    channel: Channel
    entity: Entity
    window_ids: Sequence[int]
    root: FolderPath
    keys: GuestKeys
    run_id: str | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def extract(self, extraction: Extraction) -> None:
        """Read and stage every window that is not staged yet.

        Raises:
            Exception: the first failure, after the other windows had their turn.
        """
        self._each((WindowState.PLANNED, WindowState.FAILED), "extract", extraction.window)

    def validate(self) -> None:
        """Check every staged window."""
        # Imported here: it is the road to Great Expectations, which costs seconds.
        from include.sync.validate import validate_window

        self._each(
            (WindowState.EXTRACTED,),
            "validate",
            lambda w: validate_window(self.engine, self.entity, self.channel, w, self._stage(w)),
        )

    def upsert(self) -> None:
        """Load every validated window, each in a transaction of its own."""
        self._each((WindowState.VALIDATED,), "upsert", self._load)

    def _load(self, window: Window) -> None:
        from include.sync.upsert import delete_gone, upsert_window

        stage = self._stage(window)
        absent = stage.absent()
        loaded = upsert_window(self.engine, self.entity, window, stage, keys=self.keys, now=self.now)
        if loaded and absent and not window.is_dry_run:
            delete_gone(
                self.engine,
                self.entity,
                window.channel_code,
                absent,
                run_id=window.run_id or "",
                now=self.now,
            )

    def _stage(self, window: Window) -> Stage:
        return open_stage(self.root, window.staged_at_path or "")

    def _each(self, states: Sequence[WindowState], verb: str, step: Callable[[Window], object]) -> None:
        failures: list[Exception] = []
        for window in self._windows(states):
            started = time.monotonic()
            try:
                with self._noted(window):
                    step(window)
            except (ConfigError, OperationalError):
                raise  # every other window would meet the same: a wrong key, a warehouse that is gone
            except Exception as error:  # noqa: BLE001 - raised in the end: one broken window costs one window
                failures.append(error)
                continue
            self._log(verb, window, time.monotonic() - started)
        if failures:
            raise failures[0]

    def _windows(self, states: Sequence[WindowState]) -> Iterator[Window]:
        for window_id in self.window_ids:
            with self.engine.connect() as connection:
                window = ledger.load(connection, window_id)
            if self.run_id not in (None, window.run_id):
                log.info("window=%s belongs to another run by now: %s", window_id, window.run_id)
            elif window.state in states:
                yield window

    @contextmanager
    def _noted(self, window: Window) -> Iterator[None]:
        """Whatever goes wrong is in the ledger before it is anywhere else."""
        try:
            yield
        except SyncError as error:
            ledger.fail(self.engine, window.window_id or 0, error.summary, self.now())
            raise
        except Exception as error:
            sentence = f"Unexpected {type(error).__name__}: see the task's log, then run again."
            # The state stays, so that the retried task goes on from it: the warehouse may just have been restarted.
            ledger.note(self.engine, window.window_id or 0, error=sentence)
            raise

    def _log(self, verb: str, window: Window, seconds: float) -> None:
        """One line per window and verb, always with the same keys."""
        with self.engine.connect() as connection:
            counts = ledger.counts(connection, window.window_id or 0)
        log.info(
            "%s channel=%s entity=%s window=%s kind=%s %s seconds=%.1f",
            verb,
            window.channel_code,
            window.entity,
            window.window_id,
            window.kind.value,
            " ".join(f"{name}={count}" for name, count in counts.items()),
            seconds,
        )
