"""What a segment's exports left to be delivered, and bringing it everywhere the segment says.

An export counts as delivered when every destination has it: `added` and `removed` of the next one are told against it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, text

from include.delivery.delivering import Delivered, deliver
from include.delivery.parcel import Parcel
from include.delivery.place import Place
from include.delivery.probing import may_still_go
from include.errors import ConfigError, SyncError, TransientError
from include.segments.export_folder import manifest_of
from include.segments.export_record import note_delivered
from include.segments.loading import Segment
from include.segments.model import EXPORT_ROOT
from include.segments.private_file import FilePath

log = logging.getLogger(__name__)

# Of exports that were never delivered the newest holds everybody; those of profiles that are no more are let be. Who
# must not be written to goes first: whatever breaks off, nobody is added before that is known.
_UNDELIVERED = text(
    """
    select newest.export_id, newest.exported_at, newest.file_name, newest.channel_code, files.file_names
    from (
        select distinct on (channel_code, profile)
            export_id, exported_at, file_name, channel_code, definition_hash, delivered_at, deleted_at
        from marketing.exports
        where segment_name = :segment and profile = any(:profiles) and published_at is not null
        order by channel_code, profile, export_id desc
    ) as newest
    inner join lateral (
        select
            array_agg(
                file.file_name
                order by array_position(array['suppression', 'removed', 'full', 'added'], file.kind), file.part_number
            ) as file_names
        from marketing.export_files as file
        where file.export_id = newest.export_id
    ) as files on true
    where
        newest.delivered_at is null and newest.deleted_at is null and newest.file_name = any(:current)
        and newest.channel_code is not null and newest.definition_hash = :definition
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
        """Bring the newest export of each channel and profile to every destination that does not have it.

        What is no longer true stays: files of another contract or query than now, of a segment that is not exported
        any more, and those that hold somebody who was suppressed or erased since. The next run writes them anew.

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
        for row in self._undelivered(segment, current):
            if not may_still_go(self.engine, self.root / segment.name / row.file_name, row.channel_code):
                log.warning(
                    "send segment=%s file=%s stays: somebody in it said no", segment.name, row.file_name
                )
                continue
            failed = self._everywhere(segment, self._parcel(segment, row), sent)
            failures += failed
            if not failed:
                note_delivered(self.engine, row.export_id, self.clock())
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

    def _undelivered(self, segment: Segment, current: Sequence[str]) -> Sequence[Row[Any]]:
        if not segment.contract.is_exported:
            return ()
        values = {
            "segment": segment.name,
            "profiles": list(segment.contract.profiles),
            "current": list(current),
            "definition": segment.table.basis_hash,
        }
        with self.engine.connect() as connection:
            return connection.execute(_UNDELIVERED, values).all()

    def _parcel(self, segment: Segment, row: Row[Any]) -> Parcel:
        folder = self.root / segment.name
        return Parcel(
            segment_name=segment.name,
            folder=folder,
            files=tuple(row.file_names),
            manifest=manifest_of(folder / row.file_name).name,
            exported_at=row.exported_at,
        )


def _together(failures: list[SyncError]) -> SyncError:
    """What may pass is tried again, whatever else is wrong: trying what arrived already costs nothing."""
    kind = TransientError if any(isinstance(one, TransientError) for one in failures) else ConfigError
    return kind(" ".join(dict.fromkeys(one.summary for one in failures)))
