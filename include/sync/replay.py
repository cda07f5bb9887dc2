"""Replay: raw copies of windows once more through the mapping, the checks and the merge, without asking the store.

For a mapping or a check that was mended. Only what is kept can be replayed (`raw_retention_days` of the channel); each
record is taken from the last time it was read, so that replaying any windows in any order changes nothing by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from include.errors import ConfigError
from include.sync.by_id import Loader
from include.sync.kept import Copy, RawCopies
from include.sync.window import WindowKind

MOST_RECORDS = 20_000
"""Records replayed in one window, unless a single one held more: bounds what a failure costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which windows to replay; without any of it, all that is kept.

    Attributes:
        windows: by number.
        low_at, high_at: by when they were read from the store.
    """

    windows: Collection[int] = ()
    low_at: datetime | None = None
    high_at: datetime | None = None

    def has(self, copy: Copy) -> bool:
        """Whether the raw copy of a window is meant."""
        if self.windows:
            return copy.window_id in self.windows
        is_late_enough = self.low_at is None or copy.read_at >= self.low_at
        return is_late_enough and (self.high_at is None or copy.read_at <= self.high_at)


def replay(loader: Loader, copies: RawCopies, wanted: Wanted) -> int:
    """Replay windows; how many rows changed.

    Args:
        loader: whose source is `copies`.
        copies: of one entity.
        wanted: which.

    Raises:
        ConfigError: a window that is named has no raw copy.
        SyncError: a window of the replay could not be loaded.
    """
    chosen = [copy for copy in copies.copies() if wanted.has(copy)]
    missing = sorted(set(wanted.windows) - {copy.window_id for copy in chosen})
    if missing:
        raise ConfigError(
            f"No raw copy is kept of window {', '.join(map(str, missing))} of {loader.channel.code} "
            f"{copies.entity.name}: choose windows that were loaded in the last {loader.channel.raw_retention_days} "
            "days, or read from the store again with From in the form of the sync DAG."
        )
    return sum(
        loader.read(copies.entity, WindowKind.REPLAY, numbers, per_window=len(numbers))
        for numbers in _groups(chosen)
    )


def _groups(copies: Sequence[Copy]) -> Iterator[list[int]]:
    group, records = list[int](), 0
    for copy in copies:
        if group and records + copy.read_count > MOST_RECORDS:
            yield group
            group, records = [], 0
        group.append(copy.window_id)
        records += copy.read_count
    if group:
        yield group
