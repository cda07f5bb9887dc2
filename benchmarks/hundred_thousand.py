"""100,000 orders with all children from the demo store into the warehouse, as tasks do it: peak memory of any of them.

Takes its time (the simulated store answers over HTTP and shares the machine), so it runs only when it is named:
`python -m benchmarks hundred_thousand`. Each task of each batch of windows is a process of its own, with Airflow and
the libraries in it that a scheduler preloads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, text

from benchmarks.chain import demo_store
from benchmarks.demo_shop import CHANNEL
from benchmarks.measure import Measured, Report
from benchmarks.warehouse import fresh_warehouse, running_server
from include.demo_store.settings import DEFAULT_KEY, DEFAULT_USER
from include.entities.catalogue import entity
from include.magento.address import StoreAddress
from include.magento.soap import open_door
from include.settings import PROJECT_ROOT
from include.sync.plan import Planner
from include.sync.request import Request
from include.warehouse.engine import open_engine

ORDERS = entity("orders")
MOST_MEGABYTES = 700
WINDOWS_PER_BATCH = 10
VERBS = ("extract", "validate", "upsert")


def run(*, orders: int = 100_000) -> Report:
    """Load a shop of this many orders."""
    with (
        tempfile.TemporaryDirectory(prefix="crm-bench-") as folder,
        demo_store(orders) as store,
        running_server() as server,
        fresh_warehouse(server, "bench_hundred_thousand") as warehouse,
    ):
        results: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for windows in _batches(warehouse, store):
            for verb in VERBS:
                results[verb].append(_task(verb, warehouse, store, Path(folder), windows))
        counts = _counts(warehouse)
    return _report(results, counts, orders)


def _batches(warehouse: URL, store: str) -> list[list[int]]:
    door = open_door(StoreAddress(wsdl_url=store, user=DEFAULT_USER, api_key=DEFAULT_KEY))
    engine = open_engine(warehouse)
    try:
        now = datetime.now(UTC)
        planner = Planner(
            engine=engine, door=door, channel=CHANNEL, entity=ORDERS, run_id="benchmark", now=now
        )
        windows = planner.plan(Request())
    finally:
        door.close()
        engine.dispose()
    return [windows[first : first + WINDOWS_PER_BATCH] for first in range(0, len(windows), WINDOWS_PER_BATCH)]


def _task(verb: str, warehouse: URL, store: str, root: Path, windows: list[int]) -> dict[str, Any]:
    address = warehouse.render_as_string(hide_password=False)
    command = [
        sys.executable,
        "-m",
        "benchmarks.task_once",
        verb,
        address,
        store,
        str(root),
        *map(str, windows),
    ]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "AIRFLOW_HOME": str(root / "airflow")}
    answer = subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise RuntimeError(f"The task {verb} failed:\n{answer.stderr[-3000:]}")
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


def _counts(warehouse: URL) -> dict[str, int]:
    engine = open_engine(warehouse)
    try:
        with engine.connect() as connection:
            return {
                table.name: int(
                    connection.execute(text(f"select count(*) from crm.{table.name}")).scalar_one()  # noqa: S608
                )
                for table in ORDERS.tables
            }
    finally:
        engine.dispose()


def _report(results: dict[str, list[dict[str, Any]]], counts: dict[str, int], orders: int) -> Report:
    lines = [
        Measured(
            name=f"peak memory, {verb}",
            value=max(result["peak"] for result in results[verb]),
            unit="MB",
            bound=MOST_MEGABYTES,
        )
        for verb in VERBS
    ]
    lines += [
        Measured(
            name=f"{verb}, per 1,000 orders",
            value=sum(result["seconds"] for result in results[verb]) * 1000 / orders,
        )
        for verb in VERBS
    ]
    loaded = ", ".join(f"{number:,} {name}" for name, number in counts.items())
    return Report(
        f"{orders:,} orders with all children from the demo store, first load",
        lines,
        [f"Loaded: {loaded}.", f"{len(results['extract'])} batches of {WINDOWS_PER_BATCH} windows."],
    )
