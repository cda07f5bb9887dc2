"""Segments together with the reports they are made of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from include.segments.loading import Segment
from include.segments.refresh import SegmentOutcome, refresh_segment
from tests.reports.in_order import refresh_in_order


def refresh_with_reports(
    engine: Engine, segment: Segment, *, now: datetime, full: bool = False
) -> SegmentOutcome:
    """Refresh the reports that a segment reads, then the segment."""
    refresh_in_order(engine, segment.contract.report_inputs, now=now)
    return refresh_segment(engine, segment, now=now, full=full)
