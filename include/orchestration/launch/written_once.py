"""DAG files are read and written to Airflow's database once a process, however many DAGs it runs.

`dag.test()` reads all files and writes all DAGs before each run, so that those it may trigger are there
(apache/airflow#64884). That was 30 % of a chain of 14 DAGs, and finds nothing new: nobody edits the files meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


@contextmanager
def dags_written_once() -> Iterator[None]:
    """Let every `dag.test()` but the first of each bundle do without."""
    from airflow.dag_processing import dagbag

    read, write = dagbag.BundleDagBag, dagbag.sync_bag_to_db
    last_read: dict[str, Any] = {}
    last_written: dict[str, Any] = {}

    def read_once(*, bundle_name: str, **named: Any) -> Any:
        if bundle_name not in last_read:
            last_read[bundle_name] = read(bundle_name=bundle_name, **named)
        return last_read[bundle_name]

    def write_once(bag: Any, bundle_name: str, version: str | None, **named: Any) -> None:
        if last_written.get(bundle_name) is not bag:
            write(bag, bundle_name, version, **named)
            last_written[bundle_name] = bag  # only now: what could not be written is tried again

    with mock.patch.multiple(dagbag, BundleDagBag=read_once, sync_bag_to_db=write_once):
        yield
