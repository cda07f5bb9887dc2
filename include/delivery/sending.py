"""What a segment's exports left to be delivered, and bringing it everywhere the segment says.

An export counts as delivered when every destination has it: `added` and `removed` of the next one are told against it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from include.delivery.delivering import Delivered, deliver
from include.delivery.parcel import Parcel
from include.delivery.place import Place
from include.errors import ConfigError, SyncError, TransientError
from include.segments.export_folder import manifest_of
from include.segments.export_record import note_delivered
from include.segments.loading import Segment
from include.segments.model import EXPORT_ROOT
from include.segments.private_file import FilePath

# Of exports that were never delivered the newest holds everybody; those of profiles that are no more are let be.
_UNDELIVERED = text(
    """
    select newest.export_id, newest.exported_at, newest.file_name, files.file_names
    from (
        select distinct on (profile) export_id, exported_at, file_name, delivered_at, deleted_at
        from marketing.exports
        where segment_name = :segment and profile = any(:profiles)
        order by profile, exported_at desc, export_id desc
    ) as newest
    inner join lateral (
        select array_agg(file.file_name order by file.kind <> 'full', file.kind, file.part_number) as file_names
        from marketing.export_files as file
        where file.export_id = newest.export_id
    ) as files on true
    where newest.delivered_at is null and newest.deleted_at is null and newest.file_name = any(:current)
    order by newest.export_id
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Brings a segment's files to where it says.

    Attributes:
        engine: on the warehouse.
        root: the export root.
        open_place: the place that a connection describes, by the connection's id.
        clock: says when something arrived, with a zone.
    """

    engine: Engine
    root: FilePath
    open_place: Callable[[str], Place]
    clock: Callable[[], datetime]

    def send(self, segment: Segment, current: Sequence[str]) -> dict[str, Delivered]:
        """Bring the newest export of each profile to every destination that does not have it.

        Args:
            segment: whose files they are.
            current: names of the full files that were found to be true just now; others stay where they are.

        Returns:
            What went now, by destination.

        Raises:
            SyncError: a destination failed; the others have their files all the same.
        """
        sent: dict[str, Delivered] = {}
        failures: list[SyncError] = []
        for export_id, parcel in self._parcels(segment, current):
            failed = self._everywhere(segment, parcel, sent)
            failures += failed
            if not failed:
                note_delivered(self.engine, export_id, self.clock())
        if failures:
            raise _together(failures)
        return sent

    def _everywhere(self, segment: Segment, parcel: Parcel, sent: dict[str, Delivered]) -> list[SyncError]:
        failures = []
        for destination in segment.contract.destinations:
            if destination == EXPORT_ROOT:
                continue
            try:
                went = deliver(self.engine, parcel, destination, self.open_place(destination), self.clock)
            except SyncError as error:
                failures.append(error)
            else:
                before = sent.get(destination, Delivered(file_count=0, byte_count=0))
                sent[destination] = before + went
        return failures

    def _parcels(self, segment: Segment, current: Sequence[str]) -> list[tuple[int, Parcel]]:
        profiles = list(segment.contract.profiles)
        values = {"segment": segment.name, "profiles": profiles, "current": list(current)}
        with self.engine.connect() as connection:
            rows = connection.execute(_UNDELIVERED, values).all()
        folder = self.root / segment.name
        return [
            (
                row.export_id,
                Parcel(
                    segment_name=segment.name,
                    files=tuple(folder / name for name in row.file_names),
                    manifest=manifest_of(folder / row.file_name),
                    exported_at=row.exported_at,
                ),
            )
            for row in rows
        ]


def _together(failures: list[SyncError]) -> SyncError:
    """What may pass is tried again, whatever else is wrong: trying what arrived already costs nothing."""
    kind = TransientError if any(isinstance(one, TransientError) for one in failures) else ConfigError
    return kind(" ".join(dict.fromkeys(one.summary for one in failures)))
