"""A shop of a few records and the warehouse it is loaded into, without a wire between them.

The door is a list of records in memory: what a store does on the wire is proved in tests/magento and tests/wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Engine, text

from include.channels.model import Channel
from include.entities.catalogue import entity as entity_named
from include.identity.guest_keys import GuestKeys
from include.magento.door import (
    ChangedSince,
    Created,
    Everything,
    IdRange,
    Ids,
    Page,
    Reading,
    Record,
    Selection,
    StoreReport,
    StoreView,
    Unreadable,
)
from include.sync import ledger
from include.sync.batch import Batch
from include.sync.extract import Extraction
from include.sync.mapping import Mapping, mapping_of
from include.sync.plan import Planner
from include.sync.request import Request
from include.sync.staging import FolderPath, Stage, open_stage
from include.sync.upsert import upsert_window
from include.sync.window import Window, WindowKind, WindowState

T0 = datetime(2026, 4, 1, 12, tzinfo=UTC)
REPORT = StoreReport(
    magento_version="1.9.4.5",
    bridge_version=None,
    methods=frozenset(),
    stores=tuple(
        StoreView(store_id=number, code=f"view{number}", name=f"View {number}", website_id=website)
        for number, website in ((1, 1), (2, 1), (3, 2))
    ),
    websites={1: "Site 1", 2: "Site 2"},
)


def channel(**settings: object) -> Channel:
    """A channel that loads everything."""
    known = {
        "code": "us",
        "name": "US shop",
        "kind": "magento1",
        "connection_id": "magento_us",
        "timezone": "Europe/Berlin",
        "reporting_currency": "EUR",
    }
    return Channel.model_validate(known | settings)


@dataclass
class Door:
    """A store in memory: a test changes its records, its clock, and what it fails at.

    Attributes:
        unreadable: ids the store cannot deliver.
        before_page: called before a page is given out, e.g. to raise.
        remarks: what the store cannot give; its pages are partial then.
        asked: every selection that was read.
    """

    records: list[Record] = field(default_factory=list)
    now: datetime = T0
    unreadable: set[int] = field(default_factory=set)
    before_page: Callable[[Selection], None] = lambda _: None
    asked: list[Selection] = field(default_factory=list)
    remarks: tuple[str, ...] = ()

    def report(self) -> StoreReport:
        return REPORT

    def clock(self) -> datetime:
        return self.now

    def delivers(self, reading: Reading) -> str | None:
        return None

    def close(self) -> None:
        pass

    def greatest_id(self, reading: Reading, *, at_least: int = 0) -> int:
        return max((_id(record, reading) for record in self.records), default=at_least)

    def find(self, reading: Reading, name: str, values: Sequence[str]) -> list[Record]:
        return [record for record in self.records if record.get(name) in values]

    def read(
        self,
        reading: Reading,
        selection: Selection,
        *,
        page_size: int,
        keep: Callable[[Record], bool] | None = None,
    ) -> Iterator[Page]:
        self.asked.append(selection)
        found = [record for record in self.records if _matches(record, reading, selection)]
        for start in range(0, len(found), page_size):
            self.before_page(selection)
            some = [record for record in found[start : start + page_size] if keep is None or keep(record)]
            broken = [r for r in some if reading.id_field and _id(r, reading) in self.unreadable]
            yield Page(
                records=[record for record in some if record not in broken],
                unreadable=[Unreadable(id=_id(r, reading), reason="The store fails.") for r in broken],
                is_partial=bool(self.remarks),
                remarks=self.remarks,
            )

    def rows(
        self, reading: Reading, selection: Selection, *, page_size: int
    ) -> Iterator[Record | Unreadable]:
        self.asked.append(selection)
        for record in self.records:
            if _matches(record, reading, selection):
                number = _id(record, reading)
                is_broken = number in self.unreadable
                yield Unreadable(id=number, reason="The store fails.") if is_broken else record


def _id(record: Record, reading: Reading) -> int:
    text = str(record.get(reading.id_field) or 0)
    return int(text) if text.isdecimal() else 0


def _matches(record: Record, reading: Reading, selection: Selection) -> bool:
    match selection:
        case Everything():
            return True
        case Ids(ids=ids):
            return _id(record, reading) in ids
        case IdRange(low=low, high=high):
            return low < _id(record, reading) <= high
        case ChangedSince(since=since, until=until):
            changed = _stamp(record, "updated_at")
            return changed is not None and since <= changed and (until is None or changed <= until)
        case Created(since=since, until=until):
            created = _stamp(record, "created_at")
            if created is None:
                return since is None
            return (since is None or since <= created) and (until is None or created <= until)


def _stamp(record: Record, name: str) -> datetime | None:
    stamp = record.get(name)
    is_dated = isinstance(stamp, str) and not stamp.startswith("0000")
    return datetime.fromisoformat(str(stamp)).replace(tzinfo=UTC) if is_dated else None


@dataclass(kw_only=True)
class Shop:
    """A warehouse and everything needed to load records into it.

    Attributes:
        door: what `run` reads from.
        now: our clock.
    """

    engine: Engine
    root: FolderPath
    channel: Channel = field(default_factory=channel)
    door: Door = field(default_factory=Door)
    now: datetime = T0

    keys = GuestKeys(b"secret of the tests")

    @property
    def mapping(self) -> Mapping:
        return mapping_of(self.channel, REPORT, self.keys)

    def of(self, **settings: object) -> Shop:
        """The same warehouse, loaded by another channel."""
        return replace(self, channel=channel(**settings), door=Door())

    def planner(self, entity: str, run_id: str = "run") -> Planner:
        return Planner(
            engine=self.engine,
            door=self.door,
            channel=self.channel,
            entity=entity_named(entity),
            run_id=run_id,
            now=self.now,
        )

    def plan(self, entity: str, *, run_id: str = "run", **asked: Any) -> list[Window]:
        """The windows that a run would read."""
        return [self.window(number) for number in self.planner(entity, run_id).plan(Request(**asked))]

    def window(self, window_id: int | None) -> Window:
        assert window_id is not None
        with self.engine.connect() as connection:
            return ledger.load(connection, window_id)

    def planned(self, entity: str, kind: WindowKind = WindowKind.IDS, **fields: Any) -> Window:
        """One window by hand."""
        fields = {"ids": (1,)} | fields if kind is WindowKind.IDS else fields
        window = Window(channel_code=self.channel.code, entity=entity, kind=kind, **fields)
        with self.engine.begin() as connection:
            (number,) = ledger.plan(connection, [window], "by hand")
        return self.window(number)

    def extraction(self, entity: str) -> Extraction:
        return Extraction(
            entity=entity_named(entity),
            door=self.door,
            mapping=self.mapping,
            root=self.root,
            engine=self.engine,
        )

    def batch(self, entity: str, windows: Iterable[Window]) -> Batch:
        return Batch(
            engine=self.engine,
            channel=self.channel,
            entity=entity_named(entity),
            window_ids=[window.window_id or 0 for window in windows],
            root=self.root,
            keys=self.keys,
            now=lambda: self.now,
        )

    def staged(self, window: Window, records: Sequence[Record] | None = None) -> Window:
        """Extract a window, of these records if given, and let it pass the checks, which take seconds to import."""
        if records is not None:
            self.door = replace(self.door, records=list(records))
        extraction = self.extraction(window.entity)
        if window.kind is WindowKind.IDS and records is not None:
            window = replace(window, kind=WindowKind.SNAPSHOT)  # reads whatever the door has
        extraction.window(window)
        assert window.window_id
        ledger.note(self.engine, window.window_id, state=WindowState.VALIDATED.value)
        return self.window(window.window_id)

    def stage(self, window: Window) -> Stage:
        return open_stage(self.root, window.staged_at_path or "")

    def upsert(self, window: Window) -> dict[str, dict[str, int]] | None:
        entity = entity_named(window.entity)
        stage = self.stage(window)
        done = upsert_window(self.engine, entity, window, stage, keys=self.keys, now=lambda: self.now)
        return None if done is None else done.outcomes

    def load(self, entity: str, *records: Record, is_forced: bool = False) -> dict[str, dict[str, int]]:
        """Load these records as one window; what it did to each table, without what it did not do."""
        kind = WindowKind.SNAPSHOT if entity_named(entity).is_snapshot else WindowKind.IDS
        window = self.staged(self.planned(entity, kind, is_forced=is_forced), records)
        outcomes = self.upsert(window)
        assert outcomes is not None
        return {
            table: counts for table, c in outcomes.items() if (counts := {n: v for n, v in c.items() if v})
        }

    def run(self, entity: str, **asked: Any) -> list[Window]:
        """Plan, read and load what is due; the windows as the ledger has them afterwards."""
        windows = self.plan(entity, **asked)
        for window in windows:
            self.upsert(self.staged(window))
        return [self.window(window.window_id) for window in windows]

    def rows(self, query: str, **values: object) -> list[Any]:
        """Rows of a query, those of one column as bare values."""
        with self.engine.connect() as connection:
            found = connection.execute(text(query), values).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    def one(self, query: str, **values: object) -> Any:
        (row,) = self.rows(query, **values)
        return row

    def touched(self, subject: str) -> set[str]:
        """Keys of a subject that the last window touched."""
        return set(
            self.rows(
                "select coalesce(touched_key, touched_at::text) from ops.touched"
                " where subject = :subject and window_id = (select max(window_id) from ops.windows)",
                subject=subject,
            )
        )

    def execute(self, statement: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)


@pytest.fixture
def shop(database: sqlalchemy.Engine, tmp_path: Path) -> Shop:
    """An empty shop and its migrated, empty warehouse."""
    return Shop(engine=database, root=tmp_path / "staging")
