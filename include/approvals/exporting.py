"""Exporting a segment, or holding it back for a person to look at."""

from __future__ import annotations

from datetime import datetime

from include.approvals.questions import Held, hold, release, said_of
from include.segments.export import Export, Exporter
from include.segments.loading import Segment
from include.segments.sizes import UnexpectedSize


def export_or_hold(
    exporter: Exporter, segment: Segment, *, now: datetime, can_ask: bool = True
) -> tuple[Export, ...] | None:
    """Export a segment that is as large as expected, or of which a person said that it may go.

    What was said is held against the very rows that are written, not against an earlier count of them.

    Args:
        exporter: of this installation.
        segment: it must have been refreshed.
        now: the instant of the export, with a zone.
        can_ask: whether somebody will see a question; if not, a segment that nobody approved fails.

    Returns:
        What `Exporter.export` returns; None: it is held back, and waits for an answer or was rejected.

    Raises:
        UnexpectedSize: nobody approved it, and nobody can be asked.
        ConfigError: as `Exporter.export`.
    """
    definition = segment.table.basis_hash
    with exporter.engine.connect() as connection:
        answer = said_of(connection, segment.name, definition, now)
    try:
        exports = exporter.export(segment, now=now, may_go=answer.allows)
    except UnexpectedSize as error:
        if answer.refuses(error.sizes):
            return None
        if not can_ask:
            raise
        held = Held(segment_name=segment.name, definition_hash=definition, sizes=error.sizes)
        with exporter.engine.begin() as connection:
            hold(connection, held, now)
        return None
    with exporter.engine.begin() as connection:
        release(connection, segment.name)
    return exports
