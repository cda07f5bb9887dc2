"""Extraction: from a fetched page to closed Parquet parts, against only parsing the page. Processor time.

The page is one answer of the Oro bridge with 100 orders and their lines, addresses, payments and status history. Not in
it: the network, and the compressed raw copy that extraction keeps beside the parts (both are shown elsewhere).
"""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path
from uuid import uuid4

from benchmarks import baselines
from benchmarks.demo_shop import CHANNEL, MAPPING, DemoShop
from benchmarks.measure import Measured, Report, in_turns
from benchmarks.zeep_reply import ZeepReader
from include.entities.catalogue import entity
from include.magento.soap.envelope import read_answer
from include.sync.flatten import flatten
from include.sync.staging import Stage

BOUND = 2.0
ROUNDS = 25
ORDERS = entity("orders")


def run(*, rounds: int = ROUNDS, orders: int = 1200) -> Report:
    """Measure one page of a shop of this many orders."""
    page = DemoShop.of_size(orders=orders).bridge_page(1)
    folder = Path(tempfile.mkdtemp(prefix="crm-bench-"))
    zeep = ZeepReader("oroOrderList")
    try:
        seconds = in_turns(
            {
                "baseline": partial(baselines.parse_to_dicts, page),
                "subject": partial(stage_page, page, folder),
                "parse": partial(read_answer, page),
                "type": partial(flatten, read_answer(page).rows, ORDERS, CHANNEL.kind, MAPPING),
                "raw": partial(_keep_raw, page, folder),
                "zeep": partial(zeep.read, page),
            },
            rounds=rounds,
        )
    finally:
        shutil.rmtree(folder)
    return _report(seconds, page)


def stage_page(page: bytes, folder: Path) -> None:
    """The whole way of one page, as extraction goes it."""
    records = read_answer(page).rows
    flat = flatten(records, ORDERS, CHANNEL.kind, MAPPING)
    _new_stage(folder).write_part(flat.frames)


def _keep_raw(page: bytes, folder: Path) -> None:
    _new_stage(folder).write_records(read_answer(page).rows)


def _new_stage(folder: Path) -> Stage:
    path = folder / uuid4().hex
    path.mkdir()
    return Stage(folder=path, path=path.name)


def _report(seconds: dict[str, float], page: bytes) -> Report:
    def line(name: str, key: str, bound: float | None = None) -> Measured:
        return Measured(name=name, value=seconds[key], baseline=seconds["baseline"], bound=bound)

    return Report(
        "Extraction: one page of 100 orders, processor time against lxml to plain dictionaries",
        [
            line("page to closed Parquet parts, all tables typed", "subject", BOUND),
            line("  of which parsing", "parse"),
            line("  of which mapping and typing", "type"),
            line("parsing and the compressed raw copy", "raw"),
            line("zeep's own deserialisation alone", "zeep"),
        ],
        [f"The page has {len(page) / 1e6:.2f} MB. Baseline: `baselines.parse_to_dicts`."],
    )
