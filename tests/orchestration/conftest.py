"""Whole DAGs by `dag.test()` in this process, against demo stores and a warehouse of the test's own."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy

from include.settings import PROJECT_ROOT
from include.warehouse.engine import open_engine
from tests.orchestration.airflow_here import airflow_database, airflow_here, airflow_variables
from tests.orchestration.house import House
from tests.sync.migrated_warehouse import migrated_template

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

__all__ = ["airflow_database", "airflow_here", "airflow_variables", "migrated_template"]


@pytest.fixture(scope="module")
def bag(airflow_here: None, airflow_database: None) -> Iterator[DagBag]:
    """The DAGs of the project, whose tasks are tried once."""
    from airflow.dag_processing import dagbag

    from include.orchestration import defaults

    with pytest.MonkeyPatch.context() as patched:
        for arguments in (defaults.ARGUMENTS, defaults.SYNC["default_args"]):
            patched.setitem(arguments, "retries", 0)
        for name, function in _written_once().items():
            patched.setattr(dagbag, name, function)
        own = copy(_bag())
        own.dags = dict(own.dags)  # tests read files again
        yield own


@cache
def _written_once() -> Mapping[str, Any]:
    """What `dags_written_once` has `dag.test()` read and write with; what it remembers is true of all modules."""
    from airflow.dag_processing import dagbag

    from include.orchestration.launch.written_once import dags_written_once

    with dags_written_once():
        return {name: getattr(dagbag, name) for name in ("BundleDagBag", "sync_bag_to_db")}


@cache
def _bag() -> DagBag:
    """Read once a process, with Airflow, which stays: neither is looked through by garbage collections any more."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(PROJECT_ROOT / "dags"))
    gc.collect()
    gc.freeze()
    return bag


@pytest.fixture
def house(
    bag: DagBag,
    airflow_variables: Mapping[str, str],
    warehouse_url: sqlalchemy.URL,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[House]:
    """An installation of the test's own: no channels yet, an empty warehouse."""
    house = House(bag, open_engine(warehouse_url), tmp_path_factory.mktemp("house"), monkeypatch)
    monkeypatch.setenv("CRM_IDENTITY_KEY", "the same in every test")
    yield house
    house.engine.dispose()
