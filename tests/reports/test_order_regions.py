from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from include.reports.loading import get_report
from include.reports.refresh import refresh_report
from tests.sql.sample_warehouse import add_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
ORDER = {"order_key": "main:1", "source_created_at": NOW, "base_currency_code": "EUR"}
ADDRESS = {
    "order_address_key": "main:1:shipping",
    "order_key": "main:1",
    "address_type": "shipping",
    "country_code": "US",
    "region": "AL",
}
REGION = {"region_key": "main:7", "country_code": "US", "region_code": "AL", "region_name": "Alabama"}


def refresh(engine: Engine, now: datetime) -> list[dict[str, Any]]:
    for name in ("sales_orders", "order_regions"):
        refresh_report(engine, get_report(name), now=now)
    return rows_of(engine, "select region_key, region_name from report.order_regions")


def test_orders_follow_the_directory_without_being_touched(warehouse: Engine) -> None:
    given = {
        "ops.channels": [{"channel_code": "main"}],
        "crm.orders": [ORDER],
        "crm.order_addresses": [ADDRESS],
    }
    add_rows(warehouse, given)
    assert refresh(warehouse, NOW) == [{"region_key": None, "region_name": "AL"}]

    add_rows(warehouse, {"crm.regions": [REGION | {"changed_at": NOW + timedelta(minutes=5)}]})

    found = refresh(warehouse, NOW + timedelta(hours=2))
    assert found == [{"region_key": "main:7", "region_name": "Alabama"}]
