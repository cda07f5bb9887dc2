"""The project's own way from records to committed rows: what the competitors are compared with."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
from sqlalchemy import Engine

from benchmarks.demo_shop import KEYS, MAPPING, PAGE_SIZE
from benchmarks.load_once import BENCH_CHANNEL, MOMENT
from include.entities.catalogue import entity
from include.entities.model import Entity
from include.magento.door import Page, Record
from include.sync import ledger
from include.sync.extract import PART_RECORDS
from include.sync.flatten import flatten
from include.sync.gathering import gathered
from include.sync.mapping import Mapping
from include.sync.staging import Stage
from include.sync.upsert import upsert_window
from include.sync.window import Window, WindowKind

ORDERS = entity("orders")
STAGING_TASKS = 2


def load_pages(engine: Engine, pages: Iterable[Sequence[Record]], root: Path, *, has_raw: bool = True) -> int:
    """Type each page of records, stage them in parts, then merge all of them in one transaction.

    Args:
        engine: of the warehouse.
        pages: records as parsed.
        root: staging root.
        has_raw: whether the compressed raw copy is kept beside the parts, as extraction does.

    Returns:
        How many rows of all tables were inserted.
    """
    return load_staged(engine, root, stage_pages(pages, root, has_raw=has_raw))


@contextmanager
def staging_tasks(records_file: Path) -> Iterator[Executor]:
    """Two processes that hold the pickled records, as tasks hold the answers they have parsed, and may stage them.

    Two is how many tasks may read a store at once unless its channel says otherwise.
    """
    context = get_context("spawn")
    ready = context.Barrier(STAGING_TASKS + 1)
    with ProcessPoolExecutor(STAGING_TASKS, context, _hold, (records_file, ready)) as tasks:
        for _ in range(STAGING_TASKS):
            tasks.submit(int)  # a process begins when there is something to do
        ready.wait()
        yield tasks


def load_as_tasks(engine: Engine, tasks: Executor, windows: Sequence[range], root: Path) -> int:
    """Load windows of the records that the tasks hold, each as soon as it is staged; raw copies are not kept.

    Returns:
        How many rows of all tables were inserted.
    """
    staged = [tasks.submit(_stage_held, window, root) for window in windows]
    return sum(load_staged(engine, root, task.result()) for task in staged)


_HELD: list[Record] = []


def _hold(records_file: Path, ready: Barrier) -> None:
    _HELD[:] = pickle.loads(records_file.read_bytes())  # noqa: S301 - written by the benchmark itself
    ready.wait()


def _stage_held(window: range, root: Path) -> str:
    some = _HELD[window.start : window.stop]
    pages = (some[start : start + PAGE_SIZE] for start in range(0, len(some), PAGE_SIZE))
    return stage_pages(pages, root, has_raw=False)


def stage_pages(
    pages: Iterable[Sequence[Record]], root: Path, *, has_raw: bool, mapping: Mapping = MAPPING
) -> str:
    """Type and stage the pages of one window; the path of its parts below the root."""
    path = root / uuid4().hex
    path.mkdir()
    stage = Stage(folder=path, path=path.name)
    halves = gathered((Page(records=list(page)) for page in pages), at_once=PART_RECORDS // 2)
    while part := list(islice(halves, 2)):
        if has_raw:
            stage.write_records([record for half in part for record in half.records])
        flat = [flatten(half.records, ORDERS, mapping.channel.kind, mapping).frames for half in part]
        stage.write_part({t.name: pa.concat_tables([f[t.name] for f in flat]) for t in ORDERS.tables})
    return path.name


def load_staged(engine: Engine, root: Path, path: str, *, orders: Entity = ORDERS) -> int:
    """Merge what was staged in one transaction; how many rows of all tables were inserted."""
    stage = Stage(folder=root / path, path=path)
    done = upsert_window(engine, orders, _window(engine), stage, keys=KEYS)
    return sum(counts["inserted"] for counts in done.outcomes.values()) if done else 0


def _window(engine: Engine) -> Window:
    window = Window(
        channel_code=BENCH_CHANNEL, entity=ORDERS.name, kind=WindowKind.RANGE, low_at=MOMENT, high_at=MOMENT
    )
    with engine.begin() as connection:
        (number,) = ledger.plan(connection, [window], "benchmark")
        return ledger.load(connection, number)
