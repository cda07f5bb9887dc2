"""The sweep: bring the warehouse in line with what the store lists, whatever the dates say.

Records that are gone are marked deleted, never removed; what is missing, undated or different is read by id. A store
that answers too little looks like one that lost its records, so many deletions at once need a person's word, and a list
without any record is never believed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from include.entities.model import Entity
from include.errors import SyncError
from include.sync import frontiers, unnumbered
from include.sync.by_id import ById
from include.sync.compared import Compared
from include.sync.comparison import Comparison
from include.sync.gone import mark_gone, refusal_of

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Swept:
    """What a sweep found and did.

    Attributes:
        listed: records the store lists, of whatever website.
        known: rows of the warehouse that were not marked deleted.
        gone: ids of those that are gone from the store.
        wanted: ids of records to read.
        changed: rows of the warehouse that are not as they were.
    """

    listed: int = 0
    known: int = 0
    gone: list[int] = field(default_factory=list)
    wanted: list[int] = field(default_factory=list)
    changed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Sweeps one channel's entity.

    Attributes:
        allow_deletions: a person has said that so many records are gone indeed.
    """

    reader: ById
    entity: Entity
    allow_deletions: bool = False

    def run(self) -> Swept | None:
        """Compare, mark, read; None while the first load is under way, which would be all differences.

        Raises:
            DataError: too many records are gone at once; all else is done, and nothing is marked.
            SyncError: as the door and the loading of windows raise.
        """
        if not frontiers.is_loaded(self.reader.engine, self.reader.channel.code, self.entity.name):
            self._log("skipped: the first load is under way")
            return None
        comparison = Comparison(reader=self.reader, entity=self.entity)
        swept = self._compared(comparison.ranges())
        beside, untold = self._beside()
        swept.listed += beside.listed
        swept.known += beside.known
        swept.gone += beside.gone
        refusal = refusal_of(
            self.reader.channel,
            self.entity,
            gone=len(swept.gone),
            known=swept.known,
            is_empty=not swept.listed,
            allow_deletions=self.allow_deletions,
        )
        if refusal is None:
            listed = comparison.still_listed(number for number in swept.gone if number > 0)
            swept.gone = sorted(set(swept.gone) - listed)
            swept.changed += mark_gone(self.reader, self.entity, swept.gone)
        swept.changed += comparison.read(swept.wanted)
        self._log(
            f"listed={swept.listed} known={swept.known} gone={len(swept.gone)} read={len(swept.wanted)}"
        )
        if problem := refusal or untold:
            raise problem
        self._note_done()
        return swept

    def _beside(self) -> tuple[unnumbered.Compared, SyncError | None]:
        """What came beside the list; where the store does not tell it now, none of it is gone, and why not told."""
        try:
            return unnumbered.compare(self.reader, self.entity), None
        except SyncError as error:
            return unnumbered.Compared(), error

    def _compared(self, ranges: Iterable[Compared[int]]) -> Swept:
        swept, wanted = Swept(), set[int]()
        for one in ranges:
            swept.listed += one.store_count + one.outside_count
            swept.known += one.warehouse_count
            swept.gone += one.gone
            wanted.update(
                one.missing, one.undated, one.differing, one.known if self.entity.is_swept_whole else ()
            )
        swept.wanted = sorted(wanted, reverse=True)
        return swept

    def _note_done(self) -> None:
        with self.reader.engine.begin() as connection:
            frontiers.note_swept(connection, self.reader.channel.code, self.entity.name, self.reader.now())

    def _log(self, what: str) -> None:
        log.info("sweep channel=%s entity=%s %s", self.reader.channel.code, self.entity.name, what)
