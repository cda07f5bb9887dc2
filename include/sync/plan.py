"""Plan: decide which windows a run reads for one channel's entity.

The first plan notes T0 and the greatest id before anything is read; from then on the first load goes by id and changes
go by time, and both together miss nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import ConfigError
from include.magento.door import Door
from include.sync import frontiers, ledger, trailing
from include.sync.channel_checks import check_currency
from include.sync.extent import NOTHING, Extent, extent_of
from include.sync.loaded_settings import LoadedSettings, assure_reachable, followed, wanted_settings
from include.sync.named_records import named_records
from include.sync.new_ids import NewIds, new_ids
from include.sync.probe import window_to_probe
from include.sync.request import Request
from include.sync.run_lock import InProgressError, runs_at_work
from include.sync.scope import views_of, wanted_records, websites_by_store
from include.sync.window import LAG, Window, WindowKind, WindowState
from include.sync.windows_to_read import WindowsToRead
from include.warehouse.schema import CRM

LEFT_OVER = (
    WindowKind.INITIAL,
    WindowKind.RESYNC,
    WindowKind.RANGE,
    WindowKind.IDS,
    WindowKind.TRAILING,
    WindowKind.NEW,
)
"""What a broken or failed run leaves for the next one; changes are planned anew from the frontier instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans one channel's entity.

    Attributes:
        run_id: the run that takes the windows up.
        now: our clock, for schedules and bookkeeping; windows go by the store's.
        is_probed: the store has no list of the records; they are guessed.
    """

    engine: Engine
    door: Door
    channel: Channel
    entity: Entity
    run_id: str
    now: datetime
    is_probed: bool = False

    def plan(self, request: Request) -> list[int]:
        """Store the windows to read; their numbers, in the order to read them.

        The store is asked first and the ledger written after, in one transaction under the entity's lock. Records
        named one by one are read beside whatever else runs: they move nothing that others rely on.

        Raises:
            InProgressError: another run is at work on the entity.
            ConfigError: what is asked for cannot be meant, or the channel does not fit its store or what is loaded.
        """
        if self.is_probed:
            return self._probe(request)
        clock = self.door.clock()
        named = self._named(request)
        extent = None if named else self._extent(request)
        new = None if named else self._new(request)
        with self.engine.begin() as connection:
            ledger.hold(connection, *self._of)
            if named:
                return self._store(connection, self._windows.named(named), is_dry_run=request.is_dry_run)
            spared = self._at_work_beside(connection)
            ledger.drop_dry_runs(connection, *self._of, spared)
            if request.is_dry_run:
                would = self._would_read(connection, request, clock, extent, new)
                return self._store(connection, would, is_dry_run=True)
            if self.entity.is_snapshot:
                return self._snapshot(connection, clock)
            if request.is_full_resync:
                return self._resync(connection, clock, extent or NOTHING)
            if request.low_at is not None:
                return self._store(connection, self._windows.span(request.low_at, request.high_at, clock))
            return self._due(connection, clock, extent, new, spared)

    def _probe(self, request: Request) -> list[int]:
        if request.names_records or request.is_full_resync or request.low_at is not None:
            raise ConfigError(
                f"The store of channel {self.channel.code} has no list of {self.entity.name}, they are found one by "
                "one: leave ids, number, from, to and full_resync out."
            )
        views = len(views_of(self.channel, self.door.report().stores))
        with self.engine.begin() as connection:
            ledger.hold(connection, *self._of)
            ledger.drop_dry_runs(connection, *self._of, self._at_work_beside(connection))
            window = window_to_probe(connection, self.channel, self.entity, views)
            windows = [window] if window else []
            if request.is_dry_run:
                return self._store(connection, windows, is_dry_run=True)
            frontiers.note_planned(connection, *self._of, self.now)
            ledger.supersede(connection, *self._of, [WindowKind.PROBE])
            return self._store(connection, windows)

    @property
    def _of(self) -> tuple[str, str]:
        return self.channel.code, self.entity.name

    @property
    def _windows(self) -> WindowsToRead:
        return WindowsToRead(channel=self.channel, entity=self.entity)

    @property
    def _wanted(self) -> LoadedSettings:
        return wanted_settings(self.channel, self.entity)

    def _store(
        self, connection: Connection, windows: Iterable[Window], *, is_dry_run: bool = False
    ) -> list[int]:
        planned = (replace(window, is_dry_run=is_dry_run) for window in windows)
        return ledger.plan(connection, planned, self.run_id)

    def _named(self, request: Request) -> Sequence[int | datetime]:
        """The records that a person names; the store is asked whether it has them."""
        if not request.names_records:
            return ()
        websites = {} if self.channel.websites == "all" else websites_by_store(self.door.report().stores)
        wanted = wanted_records(self.entity, self.channel, websites.get)
        return named_records(self.door, self.channel, self.entity, request, wanted)

    def _extent(self, request: Request) -> Extent | None:
        """Asked of the store only where a load of everything begins: it may cost it several calls."""
        if self.entity.is_snapshot:
            return None
        with self.engine.connect() as connection:
            known = frontiers.load(connection, *self._of)
        begins = known.initial_started_at is None or request.is_full_resync
        if not begins and (request.low_at is not None or not self._added(known)):
            return None
        extent = extent_of(self.door, self.channel, self.entity)
        check_currency(self.channel, self.entity, self.door, extent.greatest_id or 0)
        return extent

    def _new(self, request: Request) -> NewIds | None:
        if request.low_at is not None or request.is_full_resync:
            return None
        with self.engine.connect() as connection:
            return new_ids(connection, self.door, self.channel, self.entity)

    def _added(self, known: frontiers.Frontier) -> bool:
        """Whether the channel's file lets in what it left out when the entity was loaded."""
        return known.settings_json is not None and self._wanted.adds_to(
            LoadedSettings.from_json(known.settings_json)
        )

    def _at_work_beside(self, connection: Connection) -> list[str]:
        """The runs that read single records meanwhile; others must end first."""
        others = runs_at_work(connection, *self._of, self.run_id)
        for run_id, is_in_the_way in others.items():
            if is_in_the_way:
                raise InProgressError(
                    f"Channel {self.channel.code}: {self.entity.name} are being read by the run {run_id}: wait for its "
                    "end, then run again."
                )
        return list(others)

    def _would_read(
        self,
        connection: Connection,
        request: Request,
        clock: datetime,
        extent: Extent | None,
        new: NewIds | None,
    ) -> list[Window]:
        """What the same request would read if it were meant, without noting anything."""
        if self.entity.is_snapshot:
            return [self._windows.snapshot(clock)]
        if request.low_at is not None:
            return list(self._windows.span(request.low_at, request.high_at, clock))
        known = frontiers.load(connection, *self._of)
        if known.initial_started_at is None or known.frontier_at is None:
            return list(self._windows.everything_of(WindowKind.INITIAL, extent or NOTHING))
        if request.is_full_resync:
            return list(self._windows.everything_of(WindowKind.RESYNC, extent or NOTHING))
        left = [
            replace(window, window_id=None, state=WindowState.PLANNED, run_id=None)
            for kind in LEFT_OVER
            for window in ledger.left_over(connection, *self._of, kind)
        ]
        return [
            *self._windows.changes(known.frontier_at, clock - LAG),
            *self._windows.new(new),
            *self._let_in(known, extent),
            *left,
        ]

    def _snapshot(self, connection: Connection, clock: datetime) -> list[int]:
        frontiers.note_planned(connection, *self._of, self.now)
        ledger.supersede(connection, *self._of, [WindowKind.SNAPSHOT])
        return self._store(connection, [self._windows.snapshot(clock)])

    def _due(
        self,
        connection: Connection,
        clock: datetime,
        extent: Extent | None,
        new: NewIds | None,
        spared: Sequence[str],
    ) -> list[int]:
        frontiers.note_planned(connection, *self._of, self.now)
        known = frontiers.load(connection, *self._of)
        if known.initial_started_at is None or known.frontier_at is None:
            return self._begin(connection, clock, extent or NOTHING)
        self._follow_settings(connection, known, extent)
        ledger.supersede(connection, *self._of, [WindowKind.INCREMENTAL])
        # What is new comes first; what a broken run left of the first load follows.
        changed = self._store(connection, self._windows.changes(known.frontier_at, clock - LAG))
        left_over = [number for kind in LEFT_OVER for number in self._take_up(connection, kind, spared)]
        if new is not None:
            frontiers.note_greatest(connection, *self._of, new.high)
            changed += self._store(connection, self._windows.new(new))
        return changed + left_over + self._trailing(connection, clock)

    def _trailing(self, connection: Connection, clock: datetime) -> list[int]:
        recent = trailing.due(connection, self.channel, self.entity, now=self.now, clock=clock)
        return self._store(connection, self._windows.recent(recent))

    def _take_up(self, connection: Connection, kind: WindowKind, spared: Sequence[str]) -> list[int]:
        return ledger.take_up(connection, *self._of, kind, self.run_id, spared=spared)

    def _begin(self, connection: Connection, clock: datetime, extent: Extent) -> list[int]:
        frontiers.begin_initial(connection, *self._of, started_at=clock, greatest_id=extent.greatest_id)
        frontiers.note_settings(connection, *self._of, self._wanted.as_json())
        if extent.is_empty:
            frontiers.note_nothing_to_load(connection, *self._of, self.now)
        return self._store(connection, self._windows.everything_of(WindowKind.INITIAL, extent))

    def _follow_settings(
        self, connection: Connection, known: frontiers.Frontier, extent: Extent | None
    ) -> None:
        """Notice a channel's file that changed: what it lets in becomes windows of the first load, taken up below."""
        if known.settings_json is None:
            frontiers.note_settings(connection, *self._of, self._wanted.as_json())
            return
        loaded = LoadedSettings.from_json(known.settings_json)
        if self._has_rows(connection):
            assure_reachable(self._wanted, loaded, self.channel, self.entity)
        if extent is not None and self._added(known):
            if not extent.is_empty:
                frontiers.widen_initial(connection, *self._of, greatest_id=extent.greatest_id)
            self._store(connection, self._let_in(known, extent))
        elif self._added(known):
            return  # another run noted other settings meanwhile: the next one asks the store
        frontiers.note_settings(connection, *self._of, followed(self._wanted, loaded).as_json())

    def _has_rows(self, connection: Connection) -> bool:
        table = CRM[self.entity.root.name]
        statement = select(table.c.channel_code).where(table.c.channel_code == self.channel.code).limit(1)
        return connection.execute(statement).first() is not None

    def _let_in(self, known: frontiers.Frontier, extent: Extent | None) -> Iterable[Window]:
        """Windows over what wider settings let in and the loaded ones left out."""
        if extent is None or not self._added(known):
            return ()
        # Where only details tell the website, the list does not know what was left out.
        beyond = None if self.entity.scope.is_in_details else known.settings_json
        return self._windows.everything_of(WindowKind.INITIAL, extent, beyond)

    def _resync(self, connection: Connection, clock: datetime, extent: Extent) -> list[int]:
        ledger.supersede(connection, *self._of, [WindowKind.RESYNC])
        known = frontiers.load(connection, *self._of)
        if known.initial_started_at is None:
            return self._begin(connection, clock, extent)
        loaded = LoadedSettings.from_json(known.settings_json) if known.settings_json else self._wanted
        frontiers.note_settings(connection, *self._of, followed(self._wanted, loaded).as_json())
        return self._store(connection, self._windows.everything_of(WindowKind.RESYNC, extent))


def is_due(engine: Engine, channel: Channel, entity: Entity, now: datetime, run_id: str) -> bool:
    """Whether the channel's own schedule asks for this entity now, or this very run has begun with it already.

    A minute of grace: a run that starts a second early must not wait for the next one.
    """
    with engine.connect() as connection:
        known = frontiers.load(connection, channel.code, entity.name)
        is_ours = ledger.has_windows_of(connection, channel.code, entity.name, run_id)
    if known.planned_at is None or is_ours:
        return True
    return (now - known.planned_at).total_seconds() >= channel.interval_of(entity.name).total_seconds() - 60
