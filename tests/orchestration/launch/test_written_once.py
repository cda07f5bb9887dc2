from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import pytest

from include.orchestration.launch.written_once import dags_written_once


class Airflow:
    """Notes what is read and written; its first `failing` writes fail."""

    def __init__(self, patched: pytest.MonkeyPatch, failing: int = 0) -> None:
        from airflow.dag_processing import dagbag

        self.module, self.read, self.written, self.failing = dagbag, [""], [""], failing
        patched.setattr(dagbag, "BundleDagBag", self._read)
        patched.setattr(dagbag, "sync_bag_to_db", self._write)

    def _read(self, **named: str) -> SimpleNamespace:
        self.read.append(named["bundle_name"])
        return SimpleNamespace(**named)

    def _write(self, bag: SimpleNamespace, bundle_name: str, version: str | None) -> None:
        if self.failing:
            self.failing -= 1
            raise OSError("database is locked")
        self.written.append(bag.bundle_name)

    def before_a_run(self, bundle: str) -> None:
        """What `dag.test()` does first."""
        bag = self.module.BundleDagBag(dag_folder="dags", bundle_path="dags", bundle_name=bundle)  # type: ignore[arg-type]
        self.module.sync_bag_to_db(bag, bundle, None)

    @property
    def done(self) -> Mapping[str, str]:
        return {"read": "".join(self.read), "written": "".join(self.written)}


@pytest.fixture
def airflow(airflow_here: None, monkeypatch: pytest.MonkeyPatch) -> Airflow:
    return Airflow(monkeypatch)


def test_each_bundle_is_read_and_written_once(airflow: Airflow) -> None:
    with dags_written_once():
        for bundle in "aabab":
            airflow.before_a_run(bundle)
    assert airflow.done == {"read": "ab", "written": "ab"}


def test_bundle_that_could_not_be_written_is_written_by_the_next(airflow: Airflow) -> None:
    airflow.failing = 1
    with dags_written_once():
        with pytest.raises(OSError, match="locked"):
            airflow.before_a_run("a")
        airflow.before_a_run("a")
        airflow.before_a_run("a")
    assert airflow.done == {"read": "a", "written": "a"}


def test_what_somebody_else_wrote_meanwhile_is_written_over(airflow: Airflow) -> None:
    with dags_written_once():
        airflow.before_a_run("a")
        airflow.module.sync_bag_to_db(SimpleNamespace(bundle_name="other"), "a", None)  # type: ignore[arg-type]
        airflow.before_a_run("a")
    assert airflow.done == {"read": "a", "written": "aothera"}


def test_afterwards_every_run_reads_and_writes_again(airflow: Airflow) -> None:
    with dags_written_once():
        airflow.before_a_run("a")
    airflow.before_a_run("a")
    assert airflow.done == {"read": "aa", "written": "aa"}
