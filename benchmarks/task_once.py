"""One task's work in a process of its own, so that its peak memory is its own: `python -m benchmarks.task_once ...`.

The process holds what a forked task inherits from the scheduler: Airflow, our orchestration and the preloaded
libraries. Prints JSON: seconds of the work, and the process's peak resident memory in MB.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

import sqlalchemy

from benchmarks.demo_shop import CHANNEL, KEYS
from benchmarks.load_once import peak_megabytes
from include.demo_store.settings import DEFAULT_KEY, DEFAULT_USER
from include.entities.catalogue import entity
from include.magento.address import StoreAddress
from include.magento.soap import open_door
from include.orchestration import sync
from include.orchestration.launch.preload import preload_in_scheduler
from include.sync.batch import Batch
from include.sync.extract import Extraction
from include.sync.mapping import mapping_of
from include.warehouse.engine import open_engine

ORDERS = entity("orders")


def main(arguments: list[str] | None = None) -> int:
    """Entry of the subprocess."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=("extract", "validate", "upsert"))
    parser.add_argument("warehouse")
    parser.add_argument("store")
    parser.add_argument("root", type=Path)
    parser.add_argument("windows", nargs="+", type=int)
    chosen = parser.parse_args(arguments)
    preload_in_scheduler(["airflow", "scheduler"])
    assert sync.load  # what a task has in memory anyway
    engine = open_engine(sqlalchemy.make_url(chosen.warehouse))
    batch = Batch(
        engine=engine, channel=CHANNEL, entity=ORDERS, window_ids=chosen.windows, root=chosen.root, keys=KEYS
    )
    started = perf_counter()
    _do(chosen.verb, batch, chosen.store)
    json.dump({"seconds": perf_counter() - started, "peak": peak_megabytes()}, sys.stdout)
    return 0


def _do(verb: str, batch: Batch, store: str) -> None:
    if verb != "extract":
        getattr(batch, verb)()
        return
    door = open_door(StoreAddress(wsdl_url=store, user=DEFAULT_USER, api_key=DEFAULT_KEY))
    mapping = mapping_of(CHANNEL, door.report(), KEYS)
    batch.extract(Extraction(entity=ORDERS, door=door, mapping=mapping, root=batch.root, engine=batch.engine))
    door.close()


if __name__ == "__main__":
    sys.exit(main())
