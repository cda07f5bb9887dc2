"""One load in a process of its own, so that its peak memory is its own: `python -m benchmarks.load_once ...`.

Prints JSON: seconds, the process's peak resident memory in MB, and what happened by table.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

import psutil
import sqlalchemy

from benchmarks.baselines import copy_parquet
from benchmarks.demo_shop import KEYS
from benchmarks.orders_parquet import ORDERS, KeptStage
from include.sync import ledger
from include.sync.staging import Stage
from include.sync.upsert import Upserted, upsert_window
from include.sync.window import Window, WindowKind
from include.warehouse.engine import open_engine
from include.warehouse.schema import content_columns

BENCH_CHANNEL = "bench"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def main(arguments: list[str] | None = None) -> int:
    """Entry of the subprocess."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=("copy", "upsert"))
    parser.add_argument("url")
    parser.add_argument("folders", nargs="+", type=Path, help="staged windows, loaded in this order")
    chosen = parser.parse_args(arguments)
    engine = open_engine(sqlalchemy.make_url(chosen.url))
    stages = [KeptStage(folder=folder, path=folder.name) for folder in chosen.folders]
    next(stages[0].parts(ORDERS.root.name))  # the first part of a process costs what the libraries load late
    with engine.connect() as connection:
        backend = psutil.Process(connection.execute(sqlalchemy.text("select pg_backend_pid()")).scalar_one())
    used = processor_seconds(backend)
    started = perf_counter()
    outcomes = (_copy if chosen.work == "copy" else _upsert)(engine, stages)
    result = {
        "seconds": perf_counter() - started,
        "processor": processor_seconds(backend) - used,
        "outcomes": outcomes,
    }
    json.dump(result | {"peak": peak_megabytes()}, sys.stdout)
    return 0


def processor_seconds(backend: psutil.Process) -> float:
    """Seconds that this process and its PostgreSQL backend have used; the pool keeps the one connection."""
    times = backend.cpu_times()
    return process_time() + float(times.user + times.system)


def peak_megabytes() -> float:
    """Of this program only: what getrusage says survives exec, and so includes the process that started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _copy(engine: sqlalchemy.Engine, stages: list[KeptStage]) -> object:
    tables = {table.name: [column.name for column in content_columns(table)] for table in ORDERS.tables}
    connection = engine.raw_connection()
    try:
        copy_parquet(connection.driver_connection, stages, tables)
    finally:
        connection.close()
    return None


def _upsert(engine: sqlalchemy.Engine, stages: list[KeptStage]) -> object:
    loaded = load_stages(engine, stages)
    return loaded[-1].outcomes if loaded[-1] else None


def load_stages(engine: sqlalchemy.Engine, stages: Sequence[Stage]) -> list[Upserted | None]:
    """Upsert staged parts, a window each."""
    window = Window(
        channel_code=BENCH_CHANNEL, entity=ORDERS.name, kind=WindowKind.RANGE, low_at=MOMENT, high_at=MOMENT
    )
    with engine.begin() as connection:
        numbers = ledger.plan(connection, [window] * len(stages), "benchmark")
        windows = [ledger.load(connection, number) for number in numbers]
    return [
        upsert_window(engine, ORDERS, w, stage, keys=KEYS) for w, stage in zip(windows, stages, strict=True)
    ]


if __name__ == "__main__":
    sys.exit(main())
