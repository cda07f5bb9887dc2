"""Exporting a segment, or holding it back for a person to look at."""

from __future__ import annotations

from datetime import datetime

from include.approvals.questions import Held, hold, release, said_of
from include.approvals.tables import APPROVED
from include.segments.export import Export, Exporter, UnexpectedSize
from include.segments.loading import Segment


def export_or_hold(
    exporter: Exporter, segment: Segment, *, now: datetime, can_ask: bool = True
) -> tuple[Export, ...] | None:
    """Export a segment that is as large as expected, or of which a person said that it may go.

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
    try:
        exports = exporter.export(segment, now=now)
    except UnexpectedSize as error:
        held = Held(segment_name=segment.name, size=error.size, minimum=error.minimum, maximum=error.maximum)
        with exporter.engine.begin() as connection:
            said = said_of(connection, held)
            if said is None and can_ask:
                hold(connection, held, now)
        if said is None and not can_ask:
            raise
        return exporter.export(segment, now=now, approved=True) if said == APPROVED else None
    with exporter.engine.begin() as connection:
        release(connection, segment.name)
    return exports
