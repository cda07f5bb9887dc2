"""Records read by id, from the plan to the warehouse, in one go: for the engines that find out what to read again.

The ordinary way of a window (staged, checked, merged, in the ledger), so that what is read by need is as good as what
is read by date. Windows that failed, or that a killed run left, are not taken up by anybody: whoever needed the records
asks anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from include.channels.model import Channel
from include.entities.catalogue import entity as entity_named
from include.entities.model import Entity
from include.errors import ConfigError
from include.magento.door import Door, Source
from include.sync import ledger
from include.sync.batch import Batch
from include.sync.extract import Extraction
from include.sync.mapping import Mapping
from include.sync.staging import FolderPath
from include.sync.window import Window, WindowKind, of_single_ids
from include.sync.windows_to_read import MOST_IDS_PER_WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Loader:
    """Loads what a source delivers of numbered things of one channel.

    Attributes:
        door: where records come from.
        mapping: what the mapping of the channel's records may know.
        root: the staging root.
        run_id: kept with the windows; must tell the DAG too, since runs of two DAGs may be called alike.
    """

    engine: Engine
    door: Source
    channel: Channel
    mapping: Mapping
    root: FolderPath
    run_id: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def read(
        self, entity: Entity, kind: WindowKind, ids: Sequence[int], *, per_window: int | None = None
    ) -> int:
        """Read these records and load them; how many rows changed.

        Raises:
            SyncError: a window could not be loaded; the others are.
        """
        size = per_window or min(10 * self.channel.limits.page_size, MOST_IDS_PER_WINDOW)
        template = Window(channel_code=self.channel.code, entity=entity.name, kind=kind)
        return self.load(template, of_single_ids(template, ids, per_window=size))

    def load(self, template: Window, planned: Iterable[Window]) -> int:
        """Load windows made of this one; how many rows changed.

        Raises:
            SyncError: a window could not be loaded; the others are.
        """
        windows = self._planned(template, planned)
        batch = Batch(
            engine=self.engine,
            channel=self.channel,
            entity=entity_named(template.entity),
            window_ids=windows,
            root=self.root,
            keys=self.mapping.guests,
            now=self.now,
        )
        self._work_through(batch)
        with self.engine.connect() as connection:
            counted = [ledger.counts(connection, number) for number in windows]
        return sum(counts.get(name, 0) for counts in counted for name in ("inserted", "updated", "deleted"))

    def _planned(self, template: Window, windows: Iterable[Window]) -> list[int]:
        with self.engine.begin() as connection:
            ledger.hold(connection, template.channel_code, template.entity)
            ledger.supersede_abandoned(connection, template.channel_code, template.entity, template.kind)
            return ledger.plan(connection, windows, self.run_id)

    def _work_through(self, batch: Batch) -> None:
        extraction = Extraction(
            entity=batch.entity,
            door=self.door,
            mapping=self.mapping,
            root=self.root,
            engine=self.engine,
            now=self.now,
        )
        failures: list[Exception] = []
        for verb in (partial(batch.extract, extraction), batch.validate, batch.upsert):
            try:
                verb()
            except (ConfigError, OperationalError):
                raise
            except Exception as error:  # noqa: BLE001 - raised in the end: the other windows go on
                failures.append(error)
        if failures:
            raise failures[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ById(Loader):
    """Reads records of one channel from its store, by id."""

    door: Door
