"""The windows that stand for what is to be read: all ids, what changed, a span of time, single records.

They are only made here; the plan decides which are due and stores them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from include.channels.model import Channel
from include.entities.model import Entity
from include.sync.extent import Extent
from include.sync.new_ids import NewIds
from include.sync.trailing import Recent
from include.sync.window import Window, WindowKind, of_creation, of_seconds, of_single_ids, of_time

MOST_IDS_PER_WINDOW = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsToRead:
    """Makes windows of one channel's entity."""

    channel: Channel
    entity: Entity

    def snapshot(self, clock: datetime) -> Window:
        """A dictionary, as it stands now."""
        return self._window(WindowKind.SNAPSHOT, low_at=clock, high_at=clock)

    def named(self, records: Sequence[int | datetime]) -> Iterator[Window]:
        """Records that a person names, by id or by the second of their creation, in their order."""
        template = self._window(WindowKind.IDS)
        ids = [one for one in records if isinstance(one, int)]
        yield from of_single_ids(template, ids, per_window=self._ids_per_window())
        yield from of_seconds(template, (one for one in records if isinstance(one, datetime)))

    def recent(self, records: Sequence[Recent]) -> Iterator[Window]:
        """These records once more, newest first; by creation date where the store's list has no ids."""
        template = self._window(WindowKind.TRAILING)
        if self.entity.reading[self.channel.kind].has_ids:
            yield from of_single_ids(
                template, [one.name for one in records], per_window=self._ids_per_window()
            )
        elif created := [one.created_at for one in records]:
            for window in of_creation(template, created, per_window=self._ids_per_window()):
                yield replace(window, low_at=window.low_at or min(created))

    def everything_of(
        self, kind: WindowKind, extent: Extent, beyond: Mapping[str, Any] | None = None
    ) -> Iterator[Window]:
        """All that the store has, newest first; only what the settings `beyond` left out, if given."""
        template = self._window(kind, is_forced=kind is WindowKind.RESYNC, beyond_json=beyond)
        return extent.windows(template, per_window=self._ids_per_window())

    def changes(self, low: datetime, high: datetime) -> Iterator[Window]:
        """What changed since `low`; they move the frontier to `high`."""
        return of_time(self._window(WindowKind.INCREMENTAL), low=low, high=high)

    def new(self, ids: NewIds | None) -> Iterator[Window]:
        """Records that are new by their ids, whatever their dates say."""
        if ids is not None:
            size = self._ids_per_window()
            for low in range(ids.low, ids.high, size):
                yield self._window(WindowKind.NEW, id_low=low, id_high=min(low + size, ids.high))

    def span(self, low: datetime, high: datetime | None, clock: datetime) -> Iterator[Window]:
        """What changed from `low` to `high`, both included; without an end until now."""
        for window in of_time(self._window(WindowKind.RANGE), low=low, high=high or clock):
            yield window if high is None else replace(window, is_open=False)

    def _window(self, kind: WindowKind, **bounds: Any) -> Window:
        return Window(channel_code=self.channel.code, entity=self.entity.name, kind=kind, **bounds)

    def _ids_per_window(self) -> int:
        """Some pages at once: a window costs a transaction and a validation, a page only a call."""
        return min(10 * self.channel.limits.page_size, MOST_IDS_PER_WINDOW)
