"""Loading: from staged Parquet to merged and committed, against a bare COPY of the same Parquet. Wall-clock time.

One window of 200,000 orders with 400,000 lines and their addresses, payments and status history, upserted into an empty
warehouse and then again with every tenth order changed. All that a window's transaction does is in it: staging tables,
comparison, children, history, affected keys, guests, quarantine, ledger. Each load runs in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import URL

from benchmarks.measure import Measured, Report
from benchmarks.orders_parquet import BLOCK_ORDERS, Block, stage_orders
from benchmarks.warehouse import fresh_warehouse, running_server, settle
from include.settings import PROJECT_ROOT
from include.warehouse.server import EmbeddedServer

BOUND = 3.0
BOUND_MEGABYTES = 600
ROUNDS = 3
COPIES = 100
COPIES_PER_PART = 10
PLANNED_WINDOWS = 20
"""Windows of 500 orders, as the first load plans them: shown for information, on a small part."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Folders of staged windows."""

    first: Path
    later: Path
    planned: tuple[Path, ...]


def run(*, rounds: int = ROUNDS, block_orders: int = BLOCK_ORDERS, copies: int = COPIES) -> Report:
    """Measure a window of `block_orders * copies` orders."""
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder, running_server() as server:
        staged, counts = _stage(Path(folder), block_orders, copies)
        results: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for number in range(rounds):
            for name, result in _round(server, staged, number).items():
                results[name].append(result)
    return _report(results, counts)


def _stage(folder: Path, block_orders: int, copies: int) -> tuple[Staged, dict[str, int]]:
    block = Block.from_demo_store(block_orders)
    counts = {name: frame.num_rows * copies for name, frame in block.frames.items()}
    window = Block.from_demo_store(min(500, block_orders))
    planned = [folder / f"planned-{number}" for number in range(PLANNED_WINDOWS)]
    for number, path in enumerate(planned):
        stage_orders(window, path, copies=range(number, number + 1), copies_per_part=1)
    for name in ("first", "later"):
        stage_orders(
            block,
            folder / name,
            copies=range(copies),
            copies_per_part=COPIES_PER_PART,
            is_later=name == "later",
        )
    return Staged(folder / "first", folder / "later", tuple(planned)), counts


def _round(server: EmbeddedServer, staged: Staged, number: int) -> dict[str, dict[str, Any]]:
    """Every load once, each behind the COPY it is compared with."""
    found: dict[str, dict[str, Any]] = {}
    with fresh_warehouse(server, f"bench_{number}") as url:
        found["copy first"] = _load("copy", url, staged.first)
        found["first"] = _load("upsert", url, staged.first)
        found["copy later"] = _load("copy", url, staged.later)
        found["later"] = _load("upsert", url, staged.later)
        found["again"] = _load("upsert", url, staged.later)
    with fresh_warehouse(server, f"bench_planned_{number}") as url:
        found["copy planned"] = _load("copy", url, *staged.planned)
        found["planned"] = _load("upsert", url, *staged.planned)
    return found


def _load(work: str, url: URL, *folders: Path) -> dict[str, Any]:
    settle(url)
    address = url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "benchmarks.load_once", work, address, *map(str, folders)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    answer = subprocess.run(
        command, env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise RuntimeError(f"The load failed:\n{answer.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def _report(results: dict[str, list[dict[str, Any]]], counts: dict[str, int]) -> Report:
    def middle(name: str, what: str) -> float:
        return median(result[what] for result in results[name])

    def line(
        title: str, name: str, baseline: str, bound: float | None = None, what: str = "seconds"
    ) -> Measured:
        return Measured(name=title, value=middle(name, what), baseline=middle(baseline, what), bound=bound)

    peak = max(result["peak"] for name in ("first", "later", "again") for result in results[name])
    spread = ", ".join(f"{result['seconds']:.1f}" for result in results["copy first"] + results["copy later"])
    return Report(
        f"Loading: {counts['orders']:,} orders with {counts['order_items']:,} lines, against a bare COPY",
        [
            line("first load", "first", "copy first", BOUND),
            line("loaded again, every tenth order changed", "later", "copy later", BOUND),
            Measured(name="peak memory of the process", value=peak, unit="MB", bound=BOUND_MEGABYTES),
            line("loaded again, nothing changed", "again", "copy later"),
            line("processor time, first load", "first", "copy first", what="processor"),
            line("processor time, every tenth changed", "later", "copy later", what="processor"),
            line(f"{PLANNED_WINDOWS} windows of 500 orders, as planned", "planned", "copy planned"),
        ],
        [
            "Also loaded and copied: "
            + ", ".join(f"{n:,} {t}" for t, n in counts.items() if t != "orders")
            + ".",
            "One window, one transaction. Baseline: `baselines.copy_parquet`; its runs took "
            + spread
            + " s.",
            "Processor time is that of the loading process and its PostgreSQL backend together.",
        ],
    )
