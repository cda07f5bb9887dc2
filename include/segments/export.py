"""Exporting a segment: in each of its channels and profiles the files that changed, with a manifest.

A run that finds nothing new writes nothing. Otherwise it publishes, in this order: the rows of marketing.exports, the
files with their manifests last, `latest.json`; then old files go. Whatever cuts this short, the next run mends: files
without a manifest are not finished, and those that `latest.json` does not name are not current. File names hold the
segment, the profile, the channel and the instant, never anything of a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from include.errors import ConfigError
from include.identity.guest_keys import GuestKeys
from include.reports.snapshot import snapshot
from include.reports.tables import REFRESHES
from include.segments.export_folder import delete_file, manifest_of, old_files, show_latest
from include.segments.export_record import current_manifests, note_check, note_deleted, note_published, record
from include.segments.export_round import Made, Round
from include.segments.export_run import layouts_of
from include.segments.loading import Segment
from include.segments.model import EXPORT_ROOT
from include.segments.private_file import FilePath
from include.segments.publication import Publication
from include.segments.sifting import Suppressed
from include.segments.sizes import MayGo, Size, UnexpectedSize, size_of_members
from include.segments.split_files import WrittenFile
from include.suppressions.probe import suppressed as suppressed_in_warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The current files of a segment for one channel in one profile.

    Attributes:
        export_id: number in marketing.exports; for `note_delivered`.
        segment_name: the segment.
        profile: the shape of the files.
        channel_code: whose people they are.
        folder: where they are.
        files: what is to be delivered, the full files first.
        row_count: people in the full file.
        is_new: whether they were written now; otherwise earlier ones still say it all.
        exported_at: when they were written, with a zone.
        delivered_at: when all destinations had them; None: they are still to be delivered.
    """

    export_id: int
    segment_name: str
    profile: str
    channel_code: str
    folder: FilePath
    files: tuple[WrittenFile, ...]
    row_count: int
    is_new: bool
    exported_at: datetime
    delivered_at: datetime | None

    @property
    def file(self) -> FilePath:
        """The full file, or its first part."""
        return self.folder / self.files[0].name

    @property
    def manifest(self) -> FilePath:
        """The manifest."""
        return manifest_of(self.file)

    @property
    def paths(self) -> tuple[FilePath, ...]:
        """All that is to be delivered; the manifest comes last."""
        return (*(self.folder / file.name for file in self.files), self.manifest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """What exports have in common.

    Attributes:
        engine: on the warehouse.
        root: the export root, a `pathlib.Path` or an `ObjectStoragePath`.
        keys: the installation's secret, by which suppressed and erased people are known.
        suppressed: which addresses nobody may write to.
    """

    engine: Engine
    root: FilePath
    keys: GuestKeys
    suppressed: Suppressed = suppressed_in_warehouse

    def export(
        self, segment: Segment, *, now: datetime, may_go: MayGo = lambda size: False
    ) -> tuple[Export, ...]:
        """Have the current members of a segment in files below `<root>/<segment>`, one set per channel and profile.

        Args:
            segment: from `load_segments`; it must have been refreshed.
            now: the instant of the export, with a zone.
            may_go: whether a person said that something of an unexpected size may go.

        Returns:
            One per channel and profile; none for a segment that is never exported.

        Raises:
            ConfigError: the segment was not refreshed since its contract changed, a profile cannot be made of it, or
                the root cannot be written.
            UnexpectedSize: it or a file of it is larger or smaller than expected; no file is written at all.
        """
        exports: list[Export] = []
        if segment.contract.is_exported:
            layouts_of(segment)  # what cannot be laid out is said before anything is read
            with snapshot(self.engine) as connection:
                exports = self._export(connection, segment, now, may_go)
        self._show(segment, exports)
        self._delete_old(segment, exports, now)
        return tuple(exports)

    def _export(self, connection: Connection, segment: Segment, now: datetime, may_go: MayGo) -> list[Export]:
        refreshed, folder = _last_refresh(connection, segment), self.root / segment.name
        members = size_of_members(segment, refreshed.row_count)
        _refuse_unexpected(segment, [members], may_go)
        one = Round(
            connection=connection,
            segment=segment,
            folder=folder,
            keys=self.keys,
            suppressed=self.suppressed,
            refreshed=refreshed,
            now=now,
        )
        with Publication(folder) as publication:
            made = one.make(publication)
            _refuse_unexpected(segment, [members, *(size for each in made for size in each.sizes)], may_go)
            # Rows come before files: whoever is in a file can be looked up, whatever cuts this short.
            numbers = record(self.engine, [(each.row, each.files) for each in made if each.is_new])
        self._note(segment, made, numbers, now)
        return _exports(folder, made, numbers, now if _is_there(segment) else None)

    def _note(self, segment: Segment, made: Sequence[Made], numbers: Sequence[int], now: datetime) -> None:
        if numbers:
            note_published(self.engine, numbers, now, is_delivered=_is_there(segment))
        for each in made:
            if not each.is_new:
                note_check(self.engine, each.row["export_id"], now)

    def _show(self, segment: Segment, exports: Sequence[Export]) -> None:
        """Name the current files, those of channels and profiles that the segment no longer has left out."""
        folder = self.root / segment.name
        if not exports and not folder.exists():
            return
        wanted = {(export.channel_code, export.profile) for export in exports}
        with self.engine.connect() as connection:
            manifests = current_manifests(connection, segment.name, wanted)
        show_latest(folder, manifests)

    def _delete_old(self, segment: Segment, exports: Sequence[Export], now: datetime) -> None:
        """Delete what is beyond `keep_files`; a file that cannot be deleted is not noted as deleted."""
        for export in exports:
            prefix = f"{segment.name}-{export.profile}-{export.channel_code}"
            for file in old_files(prefix, export.file, segment.contract.keep_files):
                with self.engine.begin() as connection:
                    note_deleted(connection, file.name, now)
                    delete_file(file)


def _last_refresh(connection: Connection, segment: Segment) -> Row[Any]:
    found = connection.execute(
        select(REFRESHES).where(REFRESHES.c.table_name == segment.table.full_name)
    ).one_or_none()
    if found is None or found.contract_hash != segment.table.contract_hash:
        raise ConfigError(
            f"Segment {segment.name} was not refreshed since its contract changed: refresh it first."
        )
    return found


def _refuse_unexpected(segment: Segment, sizes: Sequence[Size], may_go: MayGo) -> None:
    unexpected = [size for size in sizes if size.distance]
    if not all(may_go(size) for size in unexpected):
        raise UnexpectedSize(segment, unexpected)


def _is_there(segment: Segment) -> bool:
    """Whether files are where they should be as soon as they are written."""
    return set(segment.contract.destinations) == {EXPORT_ROOT}


def _exports(
    folder: FilePath, made: Sequence[Made], numbers: Sequence[int], delivered_at: datetime | None
) -> list[Export]:
    left = iter(numbers)
    return [
        _export(folder, each, {**each.row, "export_id": next(left), "delivered_at": delivered_at})
        if each.is_new
        else _export(folder, each, each.row)
        for each in made
    ]


def _export(folder: FilePath, made: Made, row: dict[str, Any]) -> Export:
    return Export(
        export_id=row["export_id"],
        segment_name=row["segment_name"],
        profile=row["profile"],
        channel_code=row["channel_code"],
        folder=folder,
        files=made.files,
        row_count=row["row_count"],
        is_new=made.is_new,
        exported_at=row["exported_at"],
        delivered_at=row["delivered_at"],
    )
