"""The recorded shop through the real DAGs, as `make run` starts them: the same warehouse as the engines alone make.

Everything is configured as an acceptance run is: a channel file and two connections in the environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from include.entities.catalogue import tables
from include.magento.address import StoreAddress
from include.settings import PROJECT_ROOT
from include.warehouse.server import EmbeddedServer
from tests.wire.chain import SECRET, Chain, contents
from tests.wire.conftest import Fresh, Loaded, Recorded
from tests.wire.recorded import recorded_rows, text_at

pytestmark = pytest.mark.slow(55)
LATEST = 300
CHANNEL = """\
code: us
name: Recorded shop
kind: magento1
connection_id: recorded
timezone: Europe/Berlin
reporting_currency: EUR
"""
TABLES = [table.name for table in tables()]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An installation: its folders, its warehouse, and the store it is pointed at."""

    chain: Chain
    environment: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `make run` does."""
        return subprocess.run(
            [sys.executable, "-m", "include.orchestration.launch.run", *arguments],
            cwd=PROJECT_ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LATEST,
            check=False,
        )


@pytest.fixture(scope="module")
def house(
    postgres: EmbeddedServer, fresh: Fresh, recorded: Recorded, tmp_path_factory: pytest.TempPathFactory
) -> House:
    """An empty warehouse and an Airflow of its own on the tests' server."""
    folder, chain, metadata = tmp_path_factory.mktemp("house"), fresh(), fresh()
    (folder / "channels").mkdir()
    (folder / "channels" / "us.yml").write_text(CHANNEL)
    airflow = postgres.url(str(metadata.engine.url.database), driver="psycopg2")
    ours = {
        "CRM_DATA_DIR": str(folder / "data"),
        "CRM_CHANNELS_DIR": str(folder / "channels"),
        "CRM_IDENTITY_KEY": SECRET.decode(),
        "AIRFLOW_CONN_RECORDED": store_connection(recorded()),
        "AIRFLOW_CONN_CRM_WAREHOUSE": warehouse_connection(chain),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": airflow.render_as_string().replace("%2F", "/"),
        "PYTHONPATH": os.pathsep.join(map(str, (PROJECT_ROOT, PROJECT_ROOT / "plugins"))),
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "CRM_"))}
    return House(chain=chain, environment=clean | ours)


def store_connection(address: StoreAddress) -> str:
    fields = {"conn_type": "magento", "login": address.user, "password": address.api_key}
    return json.dumps(fields | {"host": address.wsdl_url})


def warehouse_connection(chain: Chain) -> str:
    url = chain.engine.url
    fields = {"conn_type": "postgres", "login": url.username, "schema": url.database}
    return json.dumps(fields | {"extra": dict(url.query)})


def changed_in_all_runs(house: House) -> dict[str, int]:
    """Rows changed so far, by table, from the ledger."""
    statement = """
        select counts.key, sum((counts.value ->> 'inserted')::int + (counts.value ->> 'updated')::int
            + (counts.value ->> 'deleted')::int)::int as changed
        from ops.windows cross join jsonb_each(outcome_json) as counts group by 1
    """
    with house.chain.engine.connect() as connection:
        return {row.key: row.changed for row in connection.execute(text(statement))}


def test_dags_load_what_the_engines_load_and_a_second_run_changes_nothing(
    house: House, with_bridge: Loaded, store: Path
) -> None:
    first = house.run()
    assert first.returncode == 0, first.stderr[-2000:]
    for table in TABLES:
        assert contents(house.chain.engine, table) == contents(with_bridge.engine, table), table
    loaded = {table: contents(house.chain.engine, table, bookkeeping=True) for table in TABLES}
    counted = changed_in_all_runs(house)

    # One entity, of which most is derived: that engines change nothing of any is in `test_repeated_runs.py`.
    second = house.run("--entity", "orders")
    assert second.returncode == 0, second.stderr[-2000:]
    assert changed_in_all_runs(house) == counted
    assert {table: contents(house.chain.engine, table, bookkeeping=True) for table in TABLES} == loaded
    said = "".join((first.stdout, first.stderr, second.stdout, second.stderr, *written(house)))
    assert secrets_in(said, store) == set()


def written(house: House) -> list[str]:
    """Every log and other text file the runs left."""
    folder = Path(house.environment["CRM_DATA_DIR"])
    files = [
        p for p in folder.rglob("*") if p.is_file() and p.suffix in (".log", ".txt", ".html", ".json", ".csv")
    ]
    return [path.read_text(encoding="utf-8", errors="replace") for path in files]


def secrets_in(said: str, store: Path) -> set[str]:
    hashes = {text_at(e, "password_hash") or "" for _, e in recorded_rows(store, "oroCustomerList")}
    return {secret for secret in {*hashes, "password_hash", "crm-sync-key"} if secret in said}
