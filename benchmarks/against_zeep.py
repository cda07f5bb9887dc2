"""Parse and load together, against the loop that everybody writes first: zeep's objects, pandas, `to_sql`. Wall-clock.

Both begin with the same answers of the Oro bridge, as fetched, and end with committed rows in the same server. Ours
does all that a window does but Great Expectations' checks, which the loop has no counterpart of: types, keys, Parquet,
the raw copy, merge into indexed tables, affected keys, guests, ledger. The loop inserts text into tables without keys.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median

import pandas as pd
import sqlalchemy
from sqlalchemy import Engine
from zeep.helpers import serialize_object

from benchmarks import our_load
from benchmarks.demo_shop import PAGE_SIZE, DemoShop
from benchmarks.measure import Measured, Report, timed
from benchmarks.nested_rows import count, rows_by_table
from benchmarks.warehouse import fresh_warehouse, running_server
from benchmarks.zeep_reply import ZeepReader
from include.magento.soap.envelope import read_answer
from include.warehouse.engine import open_engine

TIMES_AS_FAST = 4.0
ROUNDS = 3


def run(*, rounds: int = ROUNDS, orders: int = 3000) -> Report:
    """Measure a load of this many orders in pages of 100."""
    shop = DemoShop.of_size(orders=orders)
    pages = [shop.bridge_page(number + 1) for number in range(orders // PAGE_SIZE)]
    zeep = ZeepReader("oroOrderList")
    seconds: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder, running_server() as server:
        for number in range(rounds + 1):
            with fresh_warehouse(server, f"bench_zeep_{number}") as url:
                engine = open_engine(url)
                read = (read_answer(page).rows for page in pages)
                ways = {
                    "zeep": partial(naive_load, engine, zeep, pages),
                    "ours": partial(our_load.load_pages, engine, read, Path(folder)),
                }
                try:
                    for name, work in ways.items():
                        spent = timed(work)
                        if number:  # the first round loads libraries
                            seconds[name].append(spent)
                finally:
                    engine.dispose()
    rows = count(rows_by_table(record for page in pages for record in read_answer(page).rows))
    return _report(seconds, rows, len(pages) * PAGE_SIZE)


def naive_load(engine: Engine, zeep: ZeepReader, pages: Sequence[bytes]) -> None:
    """Deserialise each answer, flatten it, append it; a transaction per page, as the loop would."""
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create schema naive"))
    for page in pages:
        tables = rows_by_table(serialize_object(order, dict) for order in zeep.read(page))
        with engine.begin() as connection:
            for name, rows in tables.items():
                # One statement with many rows (method="multi") is ten times slower still.
                pd.DataFrame(rows).to_sql(name, connection, schema="naive", if_exists="append", index=False)


def _report(seconds: dict[str, list[float]], rows: int, orders: int) -> Report:
    ours, naive = median(seconds["ours"]), median(seconds["zeep"])
    return Report(
        f"Parse and load: {orders:,} orders, against zeep objects and pandas.to_sql",
        [Measured(name="answers to committed rows", value=ours, baseline=naive, bound=1 / TIMES_AS_FAST)],
        [
            f"{naive / ours:.1f} times the rows per second; the loop inserted {rows:,} rows.",
            "Not in it: fetching, and Great Expectations' checks.",
        ],
    )
