"""All files of one export of a segment, in every channel and profile: made together, published together or not at all.

What would say the same as the last files is not written. What is written waits under temporary names until the sizes
of all of it are known to be as expected.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from include.identity.guest_keys import GuestKeys
from include.segments.difference import stage_difference
from include.segments.export_folder import is_finished
from include.segments.export_record import Earlier, last_export
from include.segments.export_run import layouts_of, prepare, write_run
from include.segments.loading import Segment
from include.segments.member_stream import channels_of, members_of
from include.segments.private_file import FilePath
from include.segments.profiles.model import Layout
from include.segments.profiles.recipient import Recipient
from include.segments.publication import Publication
from include.segments.run import Base, Run
from include.segments.sifting import Sieve, Suppressed
from include.segments.sizes import Size, sizes_of_files
from include.segments.split_files import WrittenFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What an export has for one channel in one profile.

    Attributes:
        row: of marketing.exports; without a number yet where it is new.
        files: what is to be delivered, the full files first.
        sizes: of new files, against what is expected.
        is_new: whether it was written now; otherwise earlier files still say it all.
    """

    row: dict[str, Any]
    files: tuple[WrittenFile, ...]
    sizes: tuple[Size, ...]
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One export of a segment.

    Attributes:
        connection: one snapshot of the warehouse.
        segment: the segment.
        folder: where its files go.
        keys: the installation's secret.
        suppressed: which addresses nobody may write to.
        refreshed: the segment's row of `ops.refreshes`.
        now: the instant of the export, with a zone.
    """

    connection: Connection
    segment: Segment
    folder: FilePath
    keys: GuestKeys
    suppressed: Suppressed
    refreshed: Row[Any]
    now: datetime

    def make(self, publication: Publication) -> list[Made]:
        """Make the files of each channel and profile, by channel."""
        layouts = layouts_of(self.segment)
        made: list[Made] = []
        for channel in channels_of(self.connection, self.segment):
            with members_of(self.connection, self.segment, channel, times=len(layouts)) as read:
                made += [self._one(publication, channel, layout, read()) for layout in layouts]
        return made

    def _one(
        self,
        publication: Publication,
        channel_code: str,
        layout: Layout,
        members: Iterable[list[Recipient]],
    ) -> Made:
        sieve = Sieve(segment=self.segment, layout=layout, keys=self.keys, suppressed=self.suppressed)
        run = prepare(self.connection, sieve, channel_code, self.folder, members)
        last = last_export(self.connection, self.segment.name, layout.profile.name, channel_code)
        if last is not None and _says_the_same(last, run):
            made = Made(row=dict(last.export._mapping), files=last.files, sizes=(), is_new=False)
        else:
            made = self._written(publication, run)
        run.staging.drop()
        return made

    def _written(self, publication: Publication, run: Run) -> Made:
        base = stage_difference(self.connection, run)
        manifest, files = write_run(publication, run, base, self.refreshed, self.now)
        row = _row(run, files, manifest, self.now)
        return Made(row=row, files=files, sizes=_sizes(run, base, row), is_new=True)


def _sizes(run: Run, base: Base, row: dict[str, Any]) -> tuple[Size, ...]:
    of = (run.channel_code, run.layout.profile.name)
    counts = {name: row[name] for name in ("row_count", "removed_count")}
    return tuple(sizes_of_files(run.segment, of, base, **counts))


def _says_the_same(last: Earlier, run: Run) -> bool:
    export = last.export
    return bool(
        export.channel_code is not None
        and export.deleted_at is None
        and export.content_hash == run.content_hash
        and export.definition_hash == run.segment.table.basis_hash
        and export.profile_rules == run.layout.profile.rules
        and all((run.folder / file.name).exists() for file in last.files)
        and is_finished(run.folder / export.file_name)
    )


def _row(run: Run, files: tuple[WrittenFile, ...], manifest: dict[str, Any], now: datetime) -> dict[str, Any]:
    counts, contract = run.counts, run.segment.contract
    rows = {kind: sum(file.row_count for file in files if file.kind == kind) for kind in ("added", "removed")}
    return {
        "segment_name": run.segment.name,
        "file_name": files[0].name,
        "profile": run.layout.profile.name,
        "channel_code": run.channel_code,
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
    }
