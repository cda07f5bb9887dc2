"""What is known of a run while its files are made: its rows, staged and counted, and what they are told against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from include.segments.loading import Segment
from include.segments.private_file import FilePath
from include.segments.profiles.model import Layout
from include.segments.sifting import Counts
from include.segments.staging import Staging


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An export whose rows are staged.

    Attributes:
        segment: the segment.
        channel_code: whose people they are; consent is given to a shop.
        layout: of the full file.
        folder: where its files go.
        staging: its rows.
        counts: what became of the members.
        neutralised: cells kept from running as a formula.
        content_hash: fingerprint of the header, all rows and the companion.
    """

    segment: Segment
    channel_code: str
    layout: Layout
    folder: FilePath
    staging: Staging
    counts: Counts
    neutralised: int
    content_hash: str


class Base(NamedTuple):
    """What a difference is told against.

    Attributes:
        since: full file of the newest delivered export; None: nobody was served yet, so nothing is left out of what is
            new, which is the full file then.
        must_replace: whether somebody may hold files that cannot be told apart from the new ones any more.
        row_count: rows of the newest delivered full file.
        was_loading: whether that file was made while the channel was read for the first time.
    """

    since: str | None = None
    must_replace: bool = False
    row_count: int | None = None
    was_loading: bool = False
