"""A run in which nothing changed: what it costs must not depend on how much is in the warehouse. Wall-clock time.

Two warehouses, one with twenty times the orders of the other, and the same quiet store. A run is what the DAGs do when
they are due: plan, extract, validate and upsert the window since the frontier, look for rows to publish, and bring the
report and the segment up to date, which they would not even be asked to without a change. Airflow itself is not in it.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, text

from benchmarks.demo_shop import CHANNEL, KEYS
from benchmarks.load_once import load_stages
from benchmarks.measure import Measured, Report, timed
from benchmarks.orders_parquet import BLOCK_ORDERS, Block, stage_orders
from benchmarks.warehouse import fresh_warehouse, running_server, settle
from include.demo_store.running import running_store
from include.entities.catalogue import entity
from include.magento.address import StoreAddress
from include.magento.door import Door
from include.magento.soap import open_door
from include.reports.loading import load_reports
from include.reports.refresh import refresh_report
from include.segments.loading import load_segments
from include.segments.refresh import refresh_segment
from include.sync.batch import Batch
from include.sync.extract import Extraction
from include.sync.mapping import mapping_of
from include.sync.plan import Planner
from include.sync.registered import register
from include.sync.request import Request
from include.sync.run_report import outcome_of
from include.warehouse.engine import open_engine
from include.warehouse.server import EmbeddedServer

ORDERS = entity("orders")
BOUND = 1.5
ROUNDS = 7
SMALL, LARGE = 10_000, 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A loaded warehouse and a store that has nothing new for it."""

    engine: Engine
    door: Door
    root: Path

    def sync(self) -> None:
        """One run of the sync DAG."""
        now = datetime.now(UTC)
        planner = Planner(
            engine=self.engine, door=self.door, channel=CHANNEL, entity=ORDERS, run_id=f"run {now}", now=now
        )
        batch = Batch(
            engine=self.engine,
            channel=CHANNEL,
            entity=ORDERS,
            window_ids=planner.plan(Request()),
            root=self.root,
            keys=KEYS,
        )
        mapping = mapping_of(CHANNEL, self.door.report(), KEYS)
        batch.extract(
            Extraction(entity=ORDERS, door=self.door, mapping=mapping, root=self.root, engine=self.engine)
        )
        batch.validate()
        batch.upsert()
        with self.engine.connect() as connection:
            outcome = outcome_of(connection, planner.run_id, ORDERS.name)
        if outcome.read_count or not outcome.windows:
            raise RuntimeError("The store was to be quiet, and one window was to be read.")

    def refresh(self) -> None:
        """One run of the report DAG and of the segment DAG."""
        for report in load_reports().reports.values():
            refresh_report(self.engine, report, now=datetime.now(UTC))
        for segment in load_segments().segments.values():
            refresh_segment(self.engine, segment, now=datetime.now(UTC))

    def wind_back(self) -> None:
        """An hour has passed since the last run."""
        with self.engine.begin() as connection:
            connection.execute(
                text("update ops.frontiers set frontier_at = :at"),
                {"at": self.door.clock() - timedelta(hours=1)},
            )


def run(
    *, rounds: int = ROUNDS, small: int = SMALL, large: int = LARGE, block_orders: int = BLOCK_ORDERS
) -> Report:
    """Compare two sizes, in orders."""
    seconds: dict[tuple[str, int], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crm-bench-")))
        server = stack.enter_context(running_server())
        store = stack.enter_context(running_store(customers=20, orders=40))
        block = Block.from_demo_store(block_orders)
        known = {
            size: stack.enter_context(
                _loaded(server, block, size, folder / str(size), store.url, store.key, store.user)
            )
            for size in (small, large)
        }
        for number in range(rounds + 1):
            for size, quiet in known.items():
                quiet.wind_back()
                for name, work in {"sync": quiet.sync, "refresh": quiet.refresh}.items():
                    spent = timed(work)
                    if number:  # the first round imports Great Expectations and makes the report's table
                        seconds[name, size].append(spent)
    return _report({key: median(spent) for key, spent in seconds.items()}, small, large)


@contextmanager
def _loaded(
    server: EmbeddedServer, block: Block, orders: int, folder: Path, url: str, key: str, user: str
) -> Iterator[Quiet]:
    with fresh_warehouse(server, f"bench_{orders}") as warehouse:
        stage = stage_orders(
            block, folder / "staged", copies=range(orders // block.orders), copies_per_part=10
        )
        door = open_door(StoreAddress(wsdl_url=url, user=user, api_key=key))
        engine = open_engine(warehouse)
        try:
            load_stages(engine, [stage])
            _finish_initial_load(engine, door)
            settle(warehouse)
            yield Quiet(engine=engine, door=door, root=folder)
        finally:
            door.close()
            engine.dispose()


def _finish_initial_load(engine: Engine, door: Door) -> None:
    register(engine, CHANNEL, datetime.now(UTC))
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into ops.frontiers (channel_code, entity, initial_started_at, initial_greatest_id, "
                "initial_reached_id, initial_done_at, frontier_at) values (:channel, 'orders', :at, 1, 0, :now, :at)"
            ),
            {"channel": CHANNEL.code, "at": door.clock(), "now": datetime.now(UTC)},
        )


def _report(seconds: dict[tuple[str, int], float], small: int, large: int) -> Report:
    def line(title: str, name: str) -> Measured:
        return Measured(name=title, value=seconds[name, large], baseline=seconds[name, small], bound=BOUND)

    return Report(
        f"Nothing changed: a run over {large:,} orders, against the same run over {small:,}",
        [
            line("plan, extract, validate, upsert", "sync"),
            line("report and segment", "refresh"),
        ],
        ["Orders with lines, addresses, payments and status history; medians, both sizes in turns."],
    )
