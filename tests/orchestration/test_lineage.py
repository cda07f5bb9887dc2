from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import make_url

from include.demo_store.running import RunningStore, running_store
from tests.orchestration.house import House
from tests.reports.in_order import refresh_in_order


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=10, orders=10) as running:
        yield running


@pytest.fixture
def collector(airflow_here: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Airflow's collector as it is where somebody reads it; without, it drops what it is told."""
    from airflow.sdk.lineage import HookLineageCollector

    from include.orchestration import lineage

    made = HookLineageCollector()
    monkeypatch.setattr(lineage, "get_hook_lineage_collector", lambda: made)
    return made


def told(collector: Any) -> tuple[set[str], set[str]]:
    found = collector.collected_assets
    return {info.asset.uri for info in found.inputs}, {info.asset.uri for info in found.outputs}


@pytest.mark.slow
def test_tasks_tell_which_store_tables_and_files_they_read_and_write(
    house: House, store: RunningStore, collector: Any
) -> None:
    house.channel("demo", store)
    for dag_id in ("sync_customers", "report_sales"):
        assert house.run(dag_id).state == "success"
    refresh_in_order(house.engine, ["customer_value"], now=datetime.now(UTC))
    assert house.run("segment_files", segment="repeat_customers").state == "success"
    warehouse = f"postgres://localhost:5432/{house.engine.url.database}"
    shop = store.url.split("/")[2]
    inputs, outputs = told(collector)
    assert inputs >= {
        f"magento://{shop}/customers",
        f"{warehouse}/report/customer_value",
        f"{warehouse}/marketing/repeat_customers",
    }
    assert outputs >= {
        f"{warehouse}/crm/customers",
        f"{warehouse}/crm/customer_addresses",
        f"{warehouse}/report/daily_sales",
        f"{warehouse}/marketing/repeat_customers",
        f"file://{house.folder}/exports/repeat_customers",
    }


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("postgresql+psycopg://crm:secret@db.example:5433/crm", "postgres://db.example:5433/crm/crm/orders"),
        ("postgresql+psycopg://crm@db.example/crm", "postgres://db.example:5432/crm/crm/orders"),
        (
            "postgresql+psycopg://postgres@/crm?host=/run/pg&port=5432",
            "postgres://localhost:5432/crm/crm/orders",
        ),
    ],
)
def test_name_of_a_table_has_the_server_and_never_the_login(airflow_here: None, url: str, uri: str) -> None:
    from include.orchestration.lineage import table_uri

    assert table_uri(make_url(url), "crm.orders") == uri


@pytest.mark.parametrize("address", ["https://ada:secret@shop.example/index.php", "shop.example"])
def test_name_of_a_store_never_has_the_login(airflow_here: None, address: str) -> None:
    from include.orchestration.lineage import store_uri

    assert store_uri(address, "orders") == "magento://shop.example/orders"


@pytest.mark.slow
def test_openlineage_names_the_datasets_of_a_task(house: House, store: RunningStore, collector: Any) -> None:
    pytest.importorskip(
        "airflow.providers.openlineage", reason="the OpenLineage provider is not installed, nor need it be"
    )
    from airflow.providers.openlineage.utils.utils import translate_airflow_asset

    house.channel("demo", store)
    house.run("sync_customers")
    found = collector.collected_assets
    named = {
        (dataset.namespace, dataset.name)
        for info in [*found.inputs, *found.outputs]
        if (dataset := translate_airflow_asset(info.asset, info.context))
    }
    warehouse, shop = "postgres://localhost:5432", store.url.split("/")[2]
    assert named >= {
        (f"magento://{shop}", "customers"),
        (warehouse, f"{house.engine.url.database}.crm.customers"),
        (warehouse, f"{house.engine.url.database}.crm.customer_addresses"),
    }
