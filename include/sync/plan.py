"""Plan: decide which windows a run reads for one channel's entity.

The first plan notes T0 and the greatest id before anything is read; from then on the first load goes by id and changes
go by time, and both together miss nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql import insert

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import ConfigError
from include.magento.door import Door, Ids, StoreReport
from include.sync import ledger, trailing
from include.sync.extent import NOTHING, Extent, extent_of
from include.sync.named_records import named_ids
from include.sync.request import Request
from include.sync.run_lock import InProgressError, runs_at_work
from include.sync.scope import wanted_records, websites_by_store
from include.sync.window import LAG, Window, WindowKind, WindowState, of_single_ids, of_time
from include.warehouse.ops_tables import CHANNELS

MOST_IDS_PER_WINDOW = 2000
LEFT_OVER = (
    WindowKind.INITIAL,
    WindowKind.RESYNC,
    WindowKind.RANGE,
    WindowKind.IDS,
    WindowKind.TRAILING,
)
"""What a broken or failed run leaves for the next one; changes are planned anew from the frontier instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans one channel's entity.

    Attributes:
        run_id: the run that takes the windows up.
        now: our clock, for schedules and bookkeeping; windows go by the store's.
    """

    engine: Engine
    door: Door
    channel: Channel
    entity: Entity
    run_id: str
    now: datetime

    def plan(self, request: Request) -> list[int]:
        """Store the windows to read; their numbers, in the order to read them.

        The store is asked first and the ledger written after, in one transaction under the entity's lock. Records
        named one by one are read beside whatever else runs: they move nothing that others rely on.

        Raises:
            InProgressError: another run is at work on the entity.
            ConfigError: what is asked for cannot be meant, or the channel does not fit its store.
        """
        clock = self.door.clock()
        named = self._named(request)
        extent = NOTHING if named else self._extent(request)
        with self.engine.begin() as connection:
            ledger.hold(connection, self.channel.code, self.entity.name)
            if named:
                windows = self._of_single(WindowKind.IDS, named)
                return ledger.plan(
                    connection, self._dry(windows) if request.is_dry_run else windows, self.run_id
                )
            spared = self._at_work_beside(connection)
            ledger.drop_dry_runs(connection, self.channel.code, self.entity.name, spared)
            if request.is_dry_run:
                would = self._would_read(connection, request, clock, extent)
                return ledger.plan(connection, self._dry(would), self.run_id)
            if self.entity.is_snapshot:
                return self._snapshot(connection, clock)
            if request.is_full_resync:
                return self._resync(connection, clock, extent)
            if request.low_at is not None:
                return self._range(connection, request, clock)
            return self._due(connection, clock, extent, spared)

    def _at_work_beside(self, connection: Connection) -> list[str]:
        """The runs that read single records meanwhile; others must end first."""
        others = runs_at_work(connection, self.channel.code, self.entity.name, self.run_id)
        for run_id, is_in_the_way in others.items():
            if is_in_the_way:
                raise InProgressError(
                    f"Channel {self.channel.code}: {self.entity.name} are being read by the run {run_id}: wait for its "
                    "end, then run again."
                )
        return list(others)

    def _dry(self, windows: Iterable[Window]) -> Iterator[Window]:
        for window in windows:
            yield replace(window, is_dry_run=True)

    def _would_read(
        self, connection: Connection, request: Request, clock: datetime, extent: Extent
    ) -> list[Window]:
        """What the same request would read if it were meant, without noting anything."""
        if self.entity.is_snapshot:
            return [self._window(WindowKind.SNAPSHOT, low_at=clock, high_at=clock)]
        if request.low_at is not None:
            return list(self._of_range(request, clock))
        known = ledger.frontier(connection, self.channel.code, self.entity.name)
        if request.is_full_resync and known.initial_started_at is not None:
            return list(self._of_all(WindowKind.RESYNC, extent))
        if known.initial_started_at is None or known.frontier_at is None:
            return list(self._of_all(WindowKind.INITIAL, extent))
        left = [
            replace(window, window_id=None, state=WindowState.PLANNED, run_id=None)
            for kind in LEFT_OVER
            for window in ledger.left_over(connection, self.channel.code, self.entity.name, kind)
        ]
        return [*self._of_changes(known.frontier_at, clock - LAG), *left]

    def _named(self, request: Request) -> Sequence[int]:
        """The ids of the records that a person names; the store is asked whether it has them."""
        if not request.names_records:
            return ()
        websites = {} if self.channel.websites == "all" else websites_by_store(self.door.report().stores)
        wanted = wanted_records(self.entity, self.channel, websites.get)
        return named_ids(self.door, self.channel, self.entity, request, wanted)

    def _of_single(self, kind: WindowKind, ids: Sequence[int]) -> Iterator[Window]:
        return of_single_ids(self._window(kind), ids, per_window=self._ids_per_window())

    def _extent(self, request: Request) -> Extent:
        """Asked of the store only where a load of everything begins: it may cost it several calls."""
        if self.entity.is_snapshot:
            return NOTHING
        with self.engine.connect() as connection:
            known = ledger.frontier(connection, self.channel.code, self.entity.name)
        if known.initial_started_at is not None and not request.is_full_resync:
            return NOTHING
        extent = extent_of(self.door, self.channel, self.entity)
        check_currency(self.channel, self.entity, self.door, extent.greatest_id or 0)
        return extent

    def _snapshot(self, connection: Connection, clock: datetime) -> list[int]:
        ledger.note_planned(connection, self.channel.code, self.entity.name, self.now)
        ledger.supersede(connection, self.channel.code, self.entity.name, [WindowKind.SNAPSHOT])
        window = self._window(WindowKind.SNAPSHOT, low_at=clock, high_at=clock)
        return ledger.plan(connection, [window], self.run_id)

    def _due(
        self, connection: Connection, clock: datetime, extent: Extent, spared: Sequence[str]
    ) -> list[int]:
        ledger.note_planned(connection, self.channel.code, self.entity.name, self.now)
        known = ledger.frontier(connection, self.channel.code, self.entity.name)
        if known.initial_started_at is None or known.frontier_at is None:
            return self._begin(connection, clock, extent)
        # What is new comes first; what a broken run left of the first load follows.
        changed = self._incremental(connection, known.frontier_at, clock - LAG)
        left_over = [number for kind in LEFT_OVER for number in self._take_up(connection, kind, spared)]
        return changed + left_over + self._trailing(connection, clock)

    def _trailing(self, connection: Connection, clock: datetime) -> list[int]:
        ids = trailing.ids_due(connection, self.channel, self.entity, now=self.now, clock=clock)
        return ledger.plan(connection, self._of_single(WindowKind.TRAILING, ids), self.run_id)

    def _take_up(self, connection: Connection, kind: WindowKind, spared: Sequence[str]) -> list[int]:
        return ledger.take_up(
            connection, self.channel.code, self.entity.name, kind, self.run_id, spared=spared
        )

    def _begin(self, connection: Connection, clock: datetime, extent: Extent) -> list[int]:
        ledger.begin_initial(
            connection,
            self.channel.code,
            self.entity.name,
            started_at=clock,
            greatest_id=extent.greatest_id,
        )
        if extent.is_empty:
            ledger.note_nothing_to_load(connection, self.channel.code, self.entity.name, self.now)
        return ledger.plan(connection, self._of_all(WindowKind.INITIAL, extent), self.run_id)

    def _incremental(self, connection: Connection, frontier: datetime, high: datetime) -> list[int]:
        ledger.supersede(connection, self.channel.code, self.entity.name, [WindowKind.INCREMENTAL])
        return ledger.plan(connection, self._of_changes(frontier, high), self.run_id)

    def _resync(self, connection: Connection, clock: datetime, extent: Extent) -> list[int]:
        ledger.supersede(connection, self.channel.code, self.entity.name, [WindowKind.RESYNC])
        known = ledger.frontier(connection, self.channel.code, self.entity.name)
        if known.initial_started_at is None:
            return self._begin(connection, clock, extent)
        return ledger.plan(connection, self._of_all(WindowKind.RESYNC, extent), self.run_id)

    def _range(self, connection: Connection, request: Request, clock: datetime) -> list[int]:
        return ledger.plan(connection, self._of_range(request, clock), self.run_id)

    def _of_all(self, kind: WindowKind, extent: Extent) -> Iterator[Window]:
        template = self._window(kind, is_forced=kind is WindowKind.RESYNC)
        return extent.windows(template, per_window=self._ids_per_window())

    def _of_changes(self, low: datetime, high: datetime) -> Iterator[Window]:
        return of_time(self._window(WindowKind.INCREMENTAL), low=low, high=high)

    def _of_range(self, request: Request, clock: datetime) -> Iterator[Window]:
        template, high = self._window(WindowKind.RANGE), request.high_at
        for window in of_time(template, low=request.low_at or clock, high=high or clock):
            yield window if high is None else replace(window, is_open=False)

    def _window(self, kind: WindowKind, **bounds: object) -> Window:
        return Window(channel_code=self.channel.code, entity=self.entity.name, kind=kind, **bounds)  # type: ignore[arg-type]

    def _ids_per_window(self) -> int:
        """Some pages at once: a window costs a transaction and a validation, a page only a call."""
        return min(10 * self.channel.limits.page_size, MOST_IDS_PER_WINDOW)


def is_due(engine: Engine, channel: Channel, entity: Entity, now: datetime, run_id: str) -> bool:
    """Whether the channel's own schedule asks for this entity now, or this very run has begun with it already.

    A minute of grace: a run that starts a second early must not wait for the next one.
    """
    with engine.connect() as connection:
        known = ledger.frontier(connection, channel.code, entity.name)
        is_ours = ledger.has_windows_of(connection, channel.code, entity.name, run_id)
    if known.planned_at is None or is_ours:
        return True
    return (now - known.planned_at).total_seconds() >= channel.interval_of(entity.name).total_seconds() - 60


def register(engine: Engine, channel: Channel, now: datetime) -> None:
    """Keep the channel's settings that SQL needs: zone, currency, whether it counts."""
    values = {
        "channel_code": channel.code,
        "channel_name": channel.name,
        "kind": channel.kind,
        "timezone": channel.timezone,
        "reporting_currency_code": channel.reporting_currency,
        "is_active": channel.active,
        "updated_at": now,
    }
    statement = insert(CHANNELS).values(**values)
    with engine.begin() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["channel_code"], set_=values))


def check_websites(channel: Channel, report: StoreReport) -> None:
    """Refuse a channel that names a website its store does not have.

    Raises:
        ConfigError: names the websites there are.
    """
    if channel.websites == "all":
        return
    unknown = sorted(set(channel.websites) - set(report.websites))
    if unknown:
        known = ", ".join(f"{number} ({name})" for number, name in sorted(report.websites.items()))
        raise ConfigError(
            f"Channel {channel.code} names website {', '.join(map(str, unknown))}, which its store does not have: "
            f"choose among {known} in the channel file, or write `websites: all`."
        )


def check_currency(channel: Channel, entity: Entity, door: Door, newest_id: int) -> None:
    """Refuse a channel whose reporting currency is not its store's global one, before anything is loaded.

    The newest record tells; the store's own settings are out of reach, and it has no other rates to convert by.

    Raises:
        ConfigError: names the currency there is.
    """
    if entity.currency_field is None or not newest_id:
        return
    pages = door.read(entity.reading[channel.kind], Ids(ids=(newest_id,)), page_size=1)
    found = {record.get(entity.currency_field) for page in pages for record in page.records} - {None}
    if found and channel.reporting_currency not in found:
        raise ConfigError(
            f"Channel {channel.code} has the reporting_currency {channel.reporting_currency}, but its store has "
            f"rates to {found.pop()} only: write that in the channel file."
        )
