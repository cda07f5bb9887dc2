from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.demo_store.running import RunningStore, running_store
from tests.orchestration.house import House

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=10, orders=10) as running:
        yield running


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CRM_DATA_DOCS_URL", f"file://{tmp_path}/data_docs")
    return tmp_path


def old(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    os.utime(path, (0, 0))
    return path


def test_a_day_s_run_deletes_what_is_old_and_nothing_else(
    house: House, store: RunningStore, data: Path
) -> None:
    house.channel("demo", store)
    house.sync("stores", "customers")
    customers = house.rows("select * from crm.customers")
    windows = house.rows("select window_id from ops.windows")
    house.execute(
        "insert into ops.windows (channel_code, entity, kind, state, finished_at) "
        "values ('demo', 'customers', 'ids', 'superseded', '2020-01-01')"
    )
    gone = [
        old(data / "airflow" / "logs" / "dag_id=a" / "1.log"),
        old(data / "logs" / "run.log"),
        old(data / "data_docs" / "closed" / "orders.html"),
        old(house.folder / "exports" / "repeat" / ".repeat-1.csv.partial"),
        old(house.folder / "staging" / "closed" / "orders" / "7-0000000012345678" / "raw-0001.jsonl.gz"),
    ]
    stays = old(data / "data_docs" / "demo" / "customers.html")
    dry = house.run("maintain_retention", dry_run=True)
    assert (dry.state, [path for path in gone if not path.exists()]) == ("success", [])
    run = house.run("maintain_retention", scheduled=True)
    assert (run.state, run.states) == ("success", {"prune_rows": "success", "prune_files": "success"})
    assert [path for path in gone if path.exists()] == []
    assert stays.exists()
    assert house.rows("select window_id from ops.windows") == windows
    assert house.rows("select * from crm.customers") == customers


def test_a_limit_that_is_no_number_is_one_sentence(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_KEEP_LOGS_DAYS", "soon")
    run = house.run("maintain_retention")
    assert (run.state, len(run.sentences)) == ("failed", 1)
    assert run.sentences[0].startswith("CRM_KEEP_LOGS_DAYS is no number of days")
