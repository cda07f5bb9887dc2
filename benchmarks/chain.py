"""The first load of orders over HTTP, verb by verb, per 1,000 orders: where the time goes. For information, no bound.

The demo store runs as a process of its own, with the bridge, and the project reads it as any store. The checks' row is
what Great Expectations takes once it is imported; the import is shown beside it, since it is paid once per batch.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine

from benchmarks.demo_shop import CHANNEL, KEYS
from benchmarks.measure import Measured, Report
from benchmarks.warehouse import fresh_warehouse, running_server
from include.demo_store.settings import DEFAULT_KEY, DEFAULT_USER
from include.entities.catalogue import entity
from include.magento.address import StoreAddress
from include.magento.door import Door
from include.magento.soap import open_door
from include.settings import PROJECT_ROOT
from include.sync.batch import Batch
from include.sync.extract import Extraction
from include.sync.mapping import mapping_of
from include.sync.plan import Planner
from include.sync.request import Request
from include.warehouse.engine import open_engine

ORDERS = entity("orders")


def run(*, orders: int = 3000) -> Report:
    """Load a shop of this many orders."""
    with (
        tempfile.TemporaryDirectory(prefix="crm-bench-") as folder,
        demo_store(orders) as url,
        running_server() as server,
        fresh_warehouse(server, "bench_chain") as warehouse,
    ):
        engine = open_engine(warehouse)
        try:
            seconds = _seconds(engine, url, Path(folder))
        finally:
            engine.dispose()
    per_thousand = 1000 / orders
    lines = [
        Measured(name=name, value=spent * per_thousand)
        for name, spent in seconds.items()
        if "import" not in name
    ]
    lines.append(Measured(name="import of Great Expectations, once", value=seconds["import"]))
    note = f"{orders:,} orders in windows of {5 * CHANNEL.limits.page_size}, pages of {CHANNEL.limits.page_size}."
    return Report(
        "The chain: first load of orders from the demo store, seconds per 1,000 orders", lines, [note]
    )


def _seconds(engine: Engine, url: str, root: Path) -> dict[str, float]:
    door = open_door(StoreAddress(wsdl_url=url, user=DEFAULT_USER, api_key=DEFAULT_KEY))
    now = datetime.now(UTC)
    planner = Planner(engine=engine, door=door, channel=CHANNEL, entity=ORDERS, run_id="benchmark", now=now)
    batch = Batch(
        engine=engine,
        channel=CHANNEL,
        entity=ORDERS,
        window_ids=planner.plan(Request()),
        root=root,
        keys=KEYS,
    )
    extraction = _extraction(engine, door, root)
    seconds = {"import": _spent(_import_great_expectations)}
    seconds["extract"] = _spent(lambda: batch.extract(extraction))
    seconds["validate"] = _spent(batch.validate)
    seconds["upsert"] = _spent(batch.upsert)
    return seconds


def _extraction(engine: Engine, door: Door, root: Path) -> Extraction:
    mapping = mapping_of(CHANNEL, door.report(), KEYS)
    return Extraction(entity=ORDERS, door=door, mapping=mapping, root=root, engine=engine)


def _import_great_expectations() -> None:
    from include.sync.checks import batch_definition

    batch_definition()


def _spent(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


@contextmanager
def demo_store(orders: int) -> Iterator[str]:
    """Start a demo store of its own; the address of its WSDL."""
    with serving("--orders", str(orders), "--customers", str(max(orders // 4, 1))) as url:
        yield url


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The same, with options of `python -m include.demo_store serve`."""
    command = [sys.executable, "-m", "include.demo_store", "serve", "--port", "0", *options]
    with subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            announced = process.stdout.readline() if process.stdout else ""
            yield announced.partition(": ")[2].strip()
        finally:
            process.terminate()
