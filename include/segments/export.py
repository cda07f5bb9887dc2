"""Exporting a segment: for each of its profiles the files that changed since the last ones, with a manifest.

A run that finds nothing new writes nothing. Otherwise it publishes, in this order: the files with their manifest last,
the row of marketing.exports, `latest.json`; then old files go. Whatever cuts this short, the next run mends: files
without a manifest are not finished, and those that `latest.json` does not name are not current. File names hold the
segment, the profile and the instant, never anything of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from include.errors import ConfigError, DataError
from include.identity.guest_keys import GuestKeys
from include.reports.snapshot import snapshot
from include.reports.tables import REFRESHES
from include.segments.export_folder import delete_file, is_finished, manifest_of, old_files, show_latest
from include.segments.export_record import Earlier, last_export, note_check, record
from include.segments.export_run import Run, layouts_of, prepare, write_run
from include.segments.export_tables import EXPORTS
from include.segments.loading import Segment
from include.segments.model import EXPORT_ROOT
from include.segments.private_file import FilePath
from include.segments.profiles.model import Layout
from include.segments.sifting import Suppressed
from include.segments.split_files import WrittenFile
from include.suppressions.probe import suppressed as suppressed_in_warehouse


class UnexpectedSize(DataError):
    """A segment has more or fewer members than its contract expects: a person decides whether it is exported.

    Attributes:
        segment_name: the segment.
        size: its members.
        minimum: expected at least.
        maximum: expected at most.
    """

    def __init__(self, segment: Segment, size: int) -> None:
        expected = segment.contract.expected_size
        self.segment_name, self.size = segment.name, size
        self.minimum, self.maximum = expected.minimum, expected.maximum
        super().__init__(
            f"Segment {segment.name} has {size} members and {self.minimum} to {self.maximum} are expected, so no file "
            "was written: look at marketing.segment_sizes, then approve it, or mend the query or expected_size in "
            "segment.yml."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The current files of a segment in one profile.

    Attributes:
        export_id: number in marketing.exports; for `note_delivered`.
        segment_name: the segment.
        profile: the shape of the files.
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

    def export(self, segment: Segment, *, now: datetime, approved: bool = False) -> tuple[Export, ...]:
        """Have the current members of a segment in files below `<root>/<segment>`, one set per profile.

        Args:
            segment: from `load_segments`; it must have been refreshed.
            now: the instant of the export, with a zone.
            approved: whether a person said that it may be of any size.

        Returns:
            One per profile; none for a segment that is never exported.

        Raises:
            ConfigError: the segment was not refreshed since its contract changed, a profile cannot be made of it, or
                the root cannot be written.
            UnexpectedSize: it has more or fewer members than the contract expects; no file is written.
        """
        if not segment.contract.is_exported:
            return ()
        layouts = layouts_of(segment)
        with snapshot(self.engine) as connection:
            refreshed = _last_refresh(connection, segment)
            if not approved:
                _refuse_unexpected_size(segment, refreshed.row_count)
            exports = [self._export(connection, segment, layout, refreshed, now) for layout in layouts]
        self._show(segment, exports)
        self._delete_old(segment, exports, now)
        return tuple(exports)

    def _export(
        self, connection: Connection, segment: Segment, layout: Layout, refreshed: Row[Any], now: datetime
    ) -> Export:
        folder = self.root / segment.name
        run = prepare(
            connection,
            segment,
            layout,
            folder,
            keys=self.keys,
            suppressed=self.suppressed,
        )
        last = last_export(connection, segment.name, layout.profile.name)
        if last is not None and _says_the_same(last, run, folder):
            run.staging.drop()
            note_check(self.engine, last.export.export_id, now)
            return _export(segment, folder, last.export._mapping, last.files, is_new=False)
        manifest, files = write_run(connection, run, refreshed, now)
        run.staging.drop()
        row = _row(run, files, manifest, now)
        number = record(self.engine, row, files)
        return _export(segment, folder, {**row, "export_id": number}, files, is_new=True)

    def _show(self, segment: Segment, exports: list[Export]) -> None:
        """Name the current files, those of profiles that the segment no longer has left out."""
        wanted = select(EXPORTS.c.profile, EXPORTS.c.manifest_json).where(
            EXPORTS.c.export_id.in_([export.export_id for export in exports])
        )
        with self.engine.connect() as connection:
            manifests = {row.profile: row.manifest_json for row in connection.execute(wanted)}
        show_latest(self.root / segment.name, manifests)

    def _delete_old(self, segment: Segment, exports: list[Export], now: datetime) -> None:
        """Delete what is beyond `keep_files`; a file that cannot be deleted is not noted as deleted."""
        for export in exports:
            prefix = f"{segment.name}-{export.profile}"
            for file in old_files(prefix, export.file, segment.contract.keep_files):
                with self.engine.begin() as connection:
                    gone = update(EXPORTS).where(EXPORTS.c.file_name == file.name).values(deleted_at=now)
                    connection.execute(gone)
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


def _refuse_unexpected_size(segment: Segment, size: int) -> None:
    expected = segment.contract.expected_size
    if not expected.minimum <= size <= expected.maximum:
        raise UnexpectedSize(segment, size)


def _says_the_same(last: Earlier, run: Run, folder: FilePath) -> bool:
    export = last.export
    return bool(
        export.content_hash == run.content_hash
        and export.definition_hash == run.segment.table.basis_hash
        and export.profile_rules == run.layout.profile.rules
        and all((folder / file.name).exists() for file in last.files)
        and is_finished(folder / export.file_name)
    )


def _row(run: Run, files: tuple[WrittenFile, ...], manifest: dict[str, Any], now: datetime) -> dict[str, Any]:
    counts, contract = run.counts, run.segment.contract
    rows = {kind: sum(file.row_count for file in files if file.kind == kind) for kind in ("added", "removed")}
    # The export root is where the files are written: nothing more has to be done to have them there.
    is_there = set(contract.destinations) == {EXPORT_ROOT}
    return {
        "segment_name": run.segment.name,
        "file_name": files[0].name,
        "profile": run.layout.profile.name,
        "profile_rules": run.layout.profile.rules,
        "row_count": counts.exported,
        "byte_count": sum(file.byte_count for file in files if file.kind == "full"),
        "sha256": files[0].sha256,
        "definition_hash": run.segment.table.basis_hash,
        "consent_basis": contract.consent,
        "campaign_code": run.segment.campaign_code,
        "member_count": counts.members,
        "without_address_count": counts.without_address,
        "without_consent_count": counts.without_consent,
        "held_out_count": counts.held_out,
        "suppressed_count": counts.suppressed,
        "invalid_count": counts.invalid,
        "doubled_count": counts.doubled,
        "added_count": rows["added"],
        "removed_count": rows["removed"],
        "content_hash": run.content_hash,
        "manifest_json": manifest,
        "exported_at": now,
        "checked_at": now,
        "delivered_at": now if is_there else None,
        "deleted_at": None,
    }


def _export(
    segment: Segment, folder: FilePath, row: Any, files: tuple[WrittenFile, ...], *, is_new: bool
) -> Export:
    return Export(
        export_id=row["export_id"],
        segment_name=segment.name,
        profile=row["profile"],
        folder=folder,
        files=files,
        row_count=row["row_count"],
        is_new=is_new,
        exported_at=row["exported_at"],
        delivered_at=row["delivered_at"],
    )
