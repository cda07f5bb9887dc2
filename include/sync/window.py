"""What a run has to read: windows of ids for the first load, windows of time for what changed since.

Pure arithmetic on instants and ids; the ledger stores what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from include.magento.door import ChangedSince, Created, Everything, IdRange, Ids, Selection

OVERLAP = timedelta(minutes=10)
"""Read again before the frontier: Magento stamps a row before the transaction that makes it visible is committed."""
LAG = timedelta(minutes=1)
"""How far behind the store's clock a window ends, for the same reason."""
SECOND = timedelta(seconds=1)
"""The grain of a store's stamps."""
LONGEST = timedelta(days=1)
"""A list without paging must stay of bearable size after a long pause."""
MOST_WINDOWS_OF_TIME = 30
"""However long the pause: the door halves what a store cannot answer at once."""


class WindowKind(StrEnum):
    """Why a window is read."""

    INITIAL = "initial"
    INCREMENTAL = "incremental"
    RESYNC = "resync"
    RANGE = "range"
    IDS = "ids"
    SNAPSHOT = "snapshot"
    PARENTS = "parents"
    TRAILING = "trailing"
    SWEEP = "sweep"
    GONE = "gone"
    WAITING = "waiting"
    RECHECK = "recheck"
    REPLAY = "replay"
    PROBE = "probe"
    NEW = "new"


BY_NEED = (WindowKind.PARENTS, WindowKind.TRAILING, WindowKind.SWEEP)
"""Records the warehouse is known to need or to have: `sync_start_date` does not keep them out."""


OF_REFUSED = (WindowKind.WAITING, WindowKind.RECHECK)
"""Records that were refused before, read again or checked again: that most are refused again is no news."""


_BY_CREATION = (
    WindowKind.INITIAL,
    WindowKind.RESYNC,
    WindowKind.TRAILING,
    WindowKind.IDS,
    WindowKind.SWEEP,
)
"""What goes by ids, and by date of creation where there are none."""


class WindowState(StrEnum):
    """How far a window has come."""

    PLANNED = "planned"
    EXTRACTED = "extracted"
    VALIDATED = "validated"
    DONE = "done"
    COMPARED = "compared"
    SKIPPED = "skipped"
    FAILED = "failed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One piece of reading that loads whole or not at all.

    Attributes:
        id_low, id_high: ids above `id_low` up to `id_high`.
        low_at, high_at: changes from `low_at` (less the overlap) to `high_at`, on the store's clock; of records whose
            list has no ids, a first load goes by when they were created.
        is_open: rows later than `high_at` are read too; `high_at` then only bounds the frontier.
        is_forced: overwrites newer rows (the store may have been restored from a backup).
        is_partial: its records lack what a call would have added that the store does not answer.
        beyond_json: settings (`LoadedSettings`) under which the rest was loaded; only what they left out is read.
        is_dry_run: loaded and rolled back, to tell what would change; it ends as `compared` and moves nothing.
        run_id: the run that last took it up.
    """

    channel_code: str
    entity: str
    kind: WindowKind
    id_low: int | None = None
    id_high: int | None = None
    low_at: datetime | None = None
    high_at: datetime | None = None
    is_open: bool = False
    ids: tuple[int, ...] | None = None
    is_forced: bool = False
    is_partial: bool = False
    beyond_json: Mapping[str, Any] | None = None
    is_dry_run: bool = False
    window_id: int | None = None
    state: WindowState = WindowState.PLANNED
    run_id: str | None = None
    staged_at_path: str | None = None

    @property
    def title(self) -> str:
        """What it is about, in the few words that fit a list."""
        if self.kind is WindowKind.SNAPSHOT:
            return "everything"
        if self.kind is WindowKind.REPLAY:
            return "raw copies"
        if self.kind is WindowKind.PROBE:
            return f"looking for ids above {self.id_low}"
        if self.ids is not None:
            return f"{len(self.ids)} by id"
        if self.id_low is not None:
            what = "" if self.beyond_json is None else "new by settings, "
            return f"{what}ids {self.id_low + 1} to {self.id_high}"
        if self.is_by_creation:
            low, high = (f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (self.low_at, self.high_at))
            return f"created {low or 'ever'} to {high or 'now'}"
        return f"changes since {self.low_at:%Y-%m-%d %H:%M}" if self.low_at else "nothing"

    @property
    def is_by_creation(self) -> bool:
        """Whether it goes by date of creation, for want of ids, though it is no change that is looked for."""
        return self.kind in _BY_CREATION and self.id_low is None and self.ids is None

    def selection(self) -> Selection:
        """What to ask the door for."""
        if self.kind is WindowKind.SNAPSHOT:
            return Everything()
        if self.ids is not None:
            return Ids(ids=self.ids)
        if self.id_low is not None and self.id_high is not None:
            return IdRange(low=self.id_low, high=self.id_high)
        if self.is_by_creation:
            return Created(since=self.low_at, until=None if self.is_open else self.high_at)
        if self.low_at is None:
            raise ValueError("a window has ids, a range of ids, or a beginning in time")
        overlap = OVERLAP if self.kind is WindowKind.INCREMENTAL else timedelta(0)
        return ChangedSince(since=self.low_at - overlap, until=None if self.is_open else self.high_at)


def of_ids(template: Window, greatest_id: int, *, per_window: int) -> Iterator[Window]:
    """Windows over every id from the greatest down to 1, highest first."""
    high = greatest_id
    while high > 0:
        low = max(high - per_window, 0)
        yield replace(template, id_low=low, id_high=high)
        high = low


def of_creation(template: Window, created: Iterable[datetime | None], *, per_window: int) -> Iterator[Window]:
    """Windows over everything by the second of its creation, of about so many records, newest first.

    Args:
        template: what they have in common.
        created: when each record there is was created (whole seconds), None for one without a usable date.
        per_window: records in one; those of one second stay together.

    Yields:
        Windows without gap: the oldest, which has the undated too, begins at no date, the newest has no end.
    """
    dated = sorted(at for at in created if at)
    cuts = sorted({dated[place] for place in range(per_window, len(dated), per_window)})
    edges = [None, *cuts, None]
    for low, high in reversed(list(pairwise(edges))):
        yield replace(template, low_at=low, high_at=high and high - SECOND, is_open=high is None)


def of_single_ids(template: Window, ids: Sequence[int], *, per_window: int) -> Iterator[Window]:
    """Windows of single ids, in their order."""
    for start in range(0, len(ids), per_window):
        yield replace(template, ids=tuple(ids[start : start + per_window]))


def of_seconds(template: Window, created: Iterable[datetime]) -> Iterator[Window]:
    """A window over each of these seconds of creation."""
    for second in sorted(set(created)):
        yield replace(template, low_at=second, high_at=second)


def of_time(
    template: Window, *, low: datetime, high: datetime, longest: timedelta | None = None
) -> Iterator[Window]:
    """Windows that tile `low` to `high` without gap, oldest first; the last has no upper bound when read.

    Rows dated in the future are found by the last one at once and never move the frontier.
    """
    # Each window costs a call, a validation and a transaction even when nothing changed in it.
    longest = longest or max(LONGEST, (high - low) / MOST_WINDOWS_OF_TIME)
    start = low
    while high - start > longest:
        yield replace(template, low_at=start, high_at=start + longest)
        start += longest
    yield replace(template, low_at=start, high_at=max(high, start), is_open=True)


def advanced(frontier: datetime, done: Iterable[tuple[datetime, datetime]]) -> datetime:
    """The end of the unbroken run of done windows that begins at or before the frontier."""
    for low, high in sorted(done):
        if low > frontier:
            break
        frontier = max(frontier, high)
    return frontier


def batches(windows: Mapping[str, Sequence[int]], *, per_batch: int) -> list[tuple[str, list[int]]]:
    """Window numbers by channel as batches of one channel, in order; larger ones where there would be too many."""
    size = max(per_batch, -(-sum(map(len, windows.values())) // MOST_BATCHES))
    return [
        (channel_code, list(numbers[start : start + size]))
        for channel_code, numbers in windows.items()
        for start in range(0, len(numbers), size)
    ]


MOST_BATCHES = 500
"""Half of what Airflow maps by default: each channel may add one that is not full."""
