"""The load alone, against dlt fed with the same parsed dictionaries into the same PostgreSQL. Wall-clock time.

dlt gets an environment of its own below the data folder, made once (`uv pip`). It is tuned as its documentation says:
records yielded in lists instead of one by one, CSV for COPY, several workers, no compression, no telemetry; once as
they are, once split by hand so that it has nothing to un-nest or to guess, once in Arrow tables. Its tables exist and
its pipeline is warm before the clock starts; so are ours. It merges by key as we do (children are replaced by parent),
and keeps every value as the text it came as. Ours does all that windows do between parsing and commit, but Great
Expectations' checks and the compressed raw copy, which dlt has no counterpart of; and it does it as Airflow's tasks do,
two that stage beside one that loads, where dlt has as many processes to normalise and eight threads to load.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import quote

from sqlalchemy import URL

from benchmarks import our_load
from benchmarks.demo_shop import PAGE_SIZE, DemoShop
from benchmarks.measure import Measured, Report, timed
from benchmarks.nested_rows import count, rows_by_table
from benchmarks.warehouse import fresh_warehouse, running_server, settle
from include.settings import PROJECT_ROOT, Settings
from include.warehouse.engine import open_engine

TIMES_AS_FAST = 3.0
ROUNDS = 3
ORDERS_PER_WINDOW = 5_000
REQUIREMENT = "dlt[postgres]==1.31.0"
JUDGED = {"dlt, merge, nested": "merge nested", "dlt, merge, split by hand": "merge rows"}
ARROW = {"dlt, merge, split and in Arrow": "merge arrow"}
WAYS = JUDGED | ARROW


def run(*, rounds: int = ROUNDS, orders: int = 20_000) -> Report:
    """Measure a first load of this many orders."""
    python = dlt_environment(Settings.from_environment().data_dir / "benchmarks" / "dlt-1.31.0")
    records = DemoShop.of_size(orders=orders).orders(orders)
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as temporary, running_server() as server:
        folder = Path(temporary)
        (folder / "records.pickle").write_bytes(pickle.dumps(records))
        for number in range(rounds):
            with fresh_warehouse(server, f"bench_dlt_{number}") as url:
                for name, way in WAYS.items():
                    seconds[name].append(_dlt(python, url, folder, way, number, orders=len(records)))
                seconds["ours"].append(_ours(url, folder, orders=len(records)))
    return report(seconds, count(rows_by_table(records)), len(records))


def _ours(url: URL, folder: Path, *, orders: int) -> float:
    settle(url)
    windows = [
        range(start, min(start + ORDERS_PER_WINDOW, orders))
        for start in range(PAGE_SIZE, orders, ORDERS_PER_WINDOW)
    ]
    engine = open_engine(url)
    try:
        with our_load.staging_tasks(folder / "records.pickle") as tasks:
            load = partial(our_load.load_as_tasks, engine, tasks, root=folder)
            load(windows=[range(PAGE_SIZE)])  # warm, as dlt's pipeline is
            return timed(partial(load, windows=windows))
    finally:
        engine.dispose()


def _dlt(python: Path, url: URL, folder: Path, way: str, number: int, *, orders: int) -> float:
    settle(url)
    home = folder / f"{way.replace(' ', '_')}_{number}"
    # It asks for a password even where the server asks for none, and puts the socket's folder into a URI unquoted.
    login = {"database": url.database, "username": url.username, "password": "none"}
    server = login | {"host": quote(str(url.query["host"]), safe=""), "port": url.query["port"]}
    source = folder / "records.pickle"
    command = [python, "-m", "benchmarks.dlt_load", json.dumps(server), source, *way.split(), home]
    answer = subprocess.run(
        command, cwd=PROJECT_ROOT, env=dlt_settings(home), capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise RuntimeError(f"dlt failed:\n{answer.stderr[-3000:]}")
    result = json.loads(answer.stdout.splitlines()[-1])
    if result["orders"] != orders:
        raise RuntimeError(f"dlt was to load {orders} orders and loaded {result['orders']}.")
    return float(result["seconds"])


def dlt_settings(home: Path) -> dict[str, str]:
    """Configuration of dlt, as "Optimizing dlt" in its documentation advises."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "DLT_DATA_DIR": str(home),
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "EXTRACT__WORKERS": "2",
        "NORMALIZE__WORKERS": "2",
        "LOAD__WORKERS": "8",
        "DATA_WRITER__BUFFER_MAX_ITEMS": "20000",
        "NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS": "50000",
        "NORMALIZE__DATA_WRITER__DISABLE_COMPRESSION": "true",
        "EXTRACT__DATA_WRITER__FILE_MAX_ITEMS": "10000",
        "EXTRACT__DATA_WRITER__DISABLE_COMPRESSION": "true",
        "DESTINATION__REPLACE_STRATEGY": "truncate-and-insert",
    }


def dlt_environment(folder: Path) -> Path:
    """An environment with dlt, made at first use; its Python."""
    python = folder / "bin" / "python"
    if not (folder / ".installed").exists():
        uv = Path(sys.executable).parent / "uv"
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", python, REQUIREMENT, "pyarrow"], check=True
        )
        (folder / ".installed").touch()
    return python


def report(seconds: Mapping[str, list[float]], rows: int, orders: int) -> Report:
    """What was found, in seconds by way of loading."""
    ours = median(seconds["ours"])
    middle = {way: median(seconds[way]) for way in WAYS}
    best = min(middle[way] for way in JUDGED)
    lines = [
        Measured(
            name="ours, against dlt's faster merge of dictionaries",
            value=ours,
            baseline=best,
            bound=round(1 / TIMES_AS_FAST, 3),
        )
    ]
    lines += [
        Measured(name=f"ours, against {way}", value=ours, baseline=value) for way, value in middle.items()
    ]
    return Report(
        f"Load alone: {orders:,} orders, {rows:,} rows as dlt has them, first load, against {REQUIREMENT}",
        lines,
        [
            f"{best / ours:.1f} times as fast as dlt fed with dictionaries.",
            "Arrow tables, made of them inside its clock, spare dlt most of its own work: shown for information.",
            f"Medians of {len(seconds['ours'])} rounds, each way once in every round.",
            "Ours types every column, keeps Parquet, and merges into indexed tables with history; dlt keeps text.",
        ],
    )
