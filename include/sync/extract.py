"""Extract: read one window from the store, type it, stage it as Parquet parts.

Memory follows the part size: pages are typed some at a time and written every thousand records.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine

from include.channels.model import Channel
from include.entities.model import Entity
from include.magento.door import Page, Reading, Record, Selection, Source, Unreadable
from include.privacy import tombstones
from include.privacy.frames import without_person
from include.privacy.mentions import without_mentions
from include.privacy.tombstones import ErasedRoots, Tombstones
from include.sync import collector, frontiers, ledger, staging
from include.sync.flatten import ROOT, Flattened, flatten
from include.sync.gathering import gathered
from include.sync.loaded_settings import LoadedSettings, followed, wanted_settings
from include.sync.mapping import Mapping
from include.sync.probe import guesses
from include.sync.scope import nobodys, of_websites, wanted_records
from include.sync.staging import FolderPath, Stage
from include.sync.unnumbered import numbered
from include.sync.window import BY_NEED, Window, WindowKind, WindowState

log = logging.getLogger(__name__)

VERB = "extract"
PART_RECORDS = 1000
"""Records in one part: about 25 MB of typed orders with their children.

As many as a window of ids holds, since each part is checked on its own and a run of the checks costs half a second.
"""


@dataclass(slots=True)
class Progress:
    """What was read of a window so far."""

    keys: set[str] = field(default_factory=set)
    read: int = 0
    skipped: int = 0
    refused: int = 0
    is_partial: bool = False
    remarks: dict[str, None] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    pending: list[Flattened] = field(default_factory=list)
    pending_records: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """One channel's entity and everything needed to read its windows."""

    entity: Entity
    door: Source
    mapping: Mapping
    root: FolderPath
    engine: Engine
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def window(self, window: Window) -> Stage:
        """Read, type and stage one window; its ledger row tells how much there was."""
        if window.window_id is None:
            raise ValueError("only a planned window can be read")
        ledger.begin(self.engine, window.window_id, self.now())
        stage = staging.new_stage(self.root, window.channel_code, window.entity, window.window_id)
        progress = self._read(window, stage)
        if progress.unknown:
            log.warning(
                "fields nobody declared: %s", ", ".join(f"{f} ({n})" for f, n in progress.unknown.items())
            )
        ledger.note(
            self.engine,
            window.window_id,
            state=WindowState.EXTRACTED.value,
            staged_at_path=stage.path,
            read_count=progress.read,
            distinct_count=len(progress.keys),
            skipped_count=progress.skipped,
            rejected_count=progress.refused,
            unknown_fields_json=dict(progress.unknown),
            is_partial=progress.is_partial,
            remarks=" ".join(progress.remarks) or None,
        )
        return stage

    def _read(self, window: Window, stage: Stage) -> Progress:
        progress = Progress()
        reading, selection = self._asked(window)
        keep = self._keep(window, progress)
        page_size = self.mapping.channel.limits.page_size
        pages = self.door.read(reading, selection, page_size=page_size, keep=keep)
        with collector.seldom():
            for page in gathered(pages, at_once=PART_RECORDS // 2):
                with staging.writing():
                    stage.write_absent(page.absent)
                    self._take(self._ours(page, progress), progress, stage)
        with staging.writing():
            self._write(progress, stage)
        return progress

    def _asked(self, window: Window) -> tuple[Reading, Selection]:
        """Which call to read by, and what to ask it for."""
        channel = self.mapping.channel
        if window.kind is not WindowKind.PROBE or self.entity.probe is None:
            return self.entity.reading[channel.kind], window.selection()
        with self.engine.connect() as connection:
            return self.entity.probe.reading[channel.kind], guesses(
                connection, channel, self.entity, window, self.mapping.store_views
            )

    def _keep(self, window: Window, progress: Progress) -> Callable[[Record], bool]:
        wanted = self._wanted(self._followed(), is_by_need=window.kind in BY_NEED)
        loaded = self._loaded(window)

        def keep(record: Record) -> bool:
            if loaded(record):
                return False
            if wanted(record):
                return True
            progress.skipped += 1
            return False

        return keep

    def _followed(self) -> Channel:
        """The channel as its data is followed: not from a later day than what was loaded."""
        channel = self.mapping.channel
        with self.engine.connect() as connection:
            known = frontiers.load(connection, channel.code, self.entity.name).settings_json
        if known is None:
            return channel
        wanted = wanted_settings(channel, self.entity)
        return followed(wanted, LoadedSettings.from_json(known)).applied_to(channel)

    def _loaded(self, window: Window) -> Callable[[Record], bool]:
        """Whether a record is loaded already, where a window is about what wider settings let in."""
        if window.beyond_json is None:
            return nobodys
        known = LoadedSettings.from_json(dict(window.beyond_json))
        return self._wanted(known.applied_to(self.mapping.channel))

    def _wanted(self, channel: Channel, *, is_by_need: bool = False) -> Callable[[Record], bool]:
        return wanted_records(self.entity, channel, self.mapping.website_of, of_any_day=is_by_need)

    def _ours(self, page: Page, progress: Progress) -> Page:
        """The page without records whose details name another website; what it lacks is noted."""
        progress.is_partial |= page.is_partial
        progress.remarks |= dict.fromkeys(page.remarks)
        ours = of_websites(self.entity, self.mapping.channel, self.mapping.website_of)
        records = [record for record in page.records if ours(record)]
        progress.skipped += len(page.records) - len(records)
        return replace(page, records=numbered(records, self.entity, self.mapping))

    def _take(self, page: Page, progress: Progress, stage: Stage) -> None:
        progress.read += len(page.records) + len(page.unreadable)
        if page.records:
            flat = flatten(page.records, self.entity, self.mapping.channel.kind, self.mapping)
            stones, erased = self._erased(flat)
            stage.write_records(_kept(page.records, flat.keys, stones, erased))
            progress.keys.update(key for key in flat.keys if key)
            progress.unknown += flat.unknown
            refused = _refused(flat, page.records, self.mapping.channel_code)
            stage.write_refused((tombstones.without_payload(r, erased, stones) for r in refused), by=VERB)
            progress.refused += len(refused)
            _forget(flat, self.entity, stones, erased)
            progress.pending.append(_without(flat, {entry["record_key"] for entry in refused}))
            progress.pending_records += len(page.records)
        if page.unreadable:
            stage.write_refused(_unreadable(page.unreadable, self.mapping.channel_code), by=VERB)
            progress.refused += len(page.unreadable)
        if progress.pending_records >= PART_RECORDS:
            self._write(progress, stage)

    def _erased(self, flat: Flattened) -> tuple[Tombstones | None, ErasedRoots]:
        """Whom nothing may be written of; asked anew every few pages, since people are erased while others are read.

        Noted by key, since the staged parts lose the address by which the upsert would know them.
        """
        with self.engine.begin() as connection:
            stones = tombstones.standing(connection, self.mapping.guests)
            if stones is None:
                return None, {}
            frames = [flat.frames[self.entity.root.name]]
            erased = tombstones.erased_roots(connection, stones, self.entity, frames)
            tombstones.note(connection, {(self.entity.name, key): number for key, number in erased.items()})
            return stones, erased

    def _write(self, progress: Progress, stage: Stage) -> None:
        if progress.pending:
            names = [table.name for table in self.entity.tables]
            stage.write_part({n: pa.concat_tables([f.frames[n] for f in progress.pending]) for n in names})
        progress.pending, progress.pending_records = [], 0


def _refused(flat: Flattened, records: Sequence[Record], channel_code: str) -> list[dict[str, Any]]:
    """One entry per refused record: its reasons name table, column and rule, the payload is the record as read."""
    reasons: dict[int, list[dict[str, str]]] = {}
    for refusal in flat.refusals:
        reason = {"rule": refusal.rule, "table": refusal.table, "column": refusal.column}
        known = reasons.setdefault(refusal.record, [])
        if reason not in known:
            known.append(reason)
    return [
        {"record_key": flat.keys[n] or f"{channel_code}:?", "reasons": why, "payload": records[n]}
        for n, why in reasons.items()
    ]


def _unreadable(unreadable: Sequence[Unreadable], channel_code: str) -> list[dict[str, Any]]:
    return [
        {
            "record_key": f"{channel_code}:{one.id}",
            "reasons": [{"rule": "store_cannot_deliver_it", "detail": one.reason}],
            "payload": None,
        }
        for one in unreadable
    ]


def _kept(
    records: Sequence[Record],
    keys: Sequence[str | None],
    stones: Tombstones | None,
    erased: ErasedRoots,
) -> Sequence[Record]:
    """The records of a page that may be kept as read."""
    if stones is None:
        return records
    return [
        r for r, key in zip(records, keys, strict=True) if not tombstones.is_erased(r, key, erased, stones)
    ]


def _forget(flat: Flattened, entity: Entity, stones: Tombstones | None, erased: ErasedRoots) -> None:
    if stones is not None:
        for table in entity.tables:
            frame = without_person(flat.frames[table.name], table, erased)
            flat.frames[table.name] = without_mentions(frame, table, stones)


def _without(flat: Flattened, refused: set[str]) -> Flattened:
    """The same frames less the rows of refused records."""
    if refused:
        flat.frames = {name: without_keys(frame, refused) for name, frame in flat.frames.items()}
    return flat


def without_keys(frame: pa.Table, keys: set[str]) -> pa.Table:
    """The frame less the rows that belong to these records; rows of records without a key go too."""
    import pyarrow.compute as pc

    drop = pc.is_in(frame[ROOT], value_set=pa.array(sorted(keys), pa.string()))
    return frame.filter(pc.invert(pc.or_(drop, frame[ROOT].is_null())))
