"""What an address says of its region, and which region of the directory that is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.sql.sample_warehouse import add_rows, rows_of

PLACES: dict[str, list[dict[str, Any]]] = {
    "crm.countries": [
        {"country_key": f"eu:{two}", "country_code": two, "country_iso3_code": three, "country_name": name}
        for two, three, name in (
            ("US", "USA", "United States"),
            ("GB", "GBR", "United Kingdom"),
            ("FR", "FRA", "France"),
            ("DE", "DEU", "Germany"),
        )
    ],
    "crm.regions": [
        {
            "region_key": f"eu:{number}",
            "region_id": number,
            "country_code": country,
            "region_code": code,
            "region_name": name,
            "combined_code": f"{country}-{code}",
        }
        for number, country, code, name in (
            (1, "US", "AL", "Alabama"),
            (12, "US", "CA", "California"),
            (82, "DE", "BER", "Berlin"),
            (182, "FR", "1", "Ain"),
            (188, "FR", "07", "Ardèche"),
        )
    ],
}
NO_REGION = (None, None)


@pytest.mark.parametrize(
    ("country", "region_id", "region", "found"),
    [
        ("US", 12, "California", ("eu:12", "id")),
        ("US", 12, "something else", ("eu:12", "id")),
        ("US", None, "CA", ("eu:12", "code")),
        ("US", None, " ca ", ("eu:12", "code")),
        ("US", None, "US-CA", ("eu:12", "code")),
        ("US", None, "california", ("eu:12", "name")),
        ("US", 99, "Alabama", ("eu:1", "name")),
        ("FR", None, "1", ("eu:182", "code")),
        ("FR", None, "01", ("eu:182", "padded_code")),
        ("FR", None, "7", ("eu:188", "padded_code")),
        ("USA", None, "CA", ("eu:12", "code")),
        ("united states", None, "CA", ("eu:12", "code")),
        # A British address is never in Alabama, whatever is left of an American one.
        ("GB", None, "-", (None, "text")),
        ("GB", 1, "-", (None, "text")),
        ("GB", None, "AL", (None, "text")),
        ("US", None, "-", (None, "text")),
        ("XX", None, "CA", (None, "text")),
        (None, 12, "California", (None, "text")),
        ("DE", None, None, NO_REGION),
        (None, None, None, NO_REGION),
    ],
)
def test_region_is_found_by_id_code_name_or_padded_code_and_only_in_the_country_of_the_address(
    warehouse: Engine, country: str | None, region_id: int | None, region: str | None, found: tuple[Any, Any]
) -> None:
    said = {"country_code": country, "region_id": region_id, "region": region}
    add_rows(warehouse, {**PLACES, "crm.order_addresses": [{"order_address_key": "eu:5:billing", **said}]})
    (row,) = rows_of(warehouse, "select * from crm.address_regions")
    assert (row["address_key"], row["address_of"]) == ("eu:5:billing", "order")
    assert (row["region_key"], row["resolved_by"]) == found
    if found[0] is None:
        assert row["region_name"] == region


def test_country_is_found_however_it_is_written_and_kept_when_it_is_not(warehouse: Engine) -> None:
    written = ("US", "usa", "United States", "Narnia", None)
    addresses = [
        {"customer_address_key": f"eu:{n}", "country_code": text} for n, text in enumerate(written, start=1)
    ]
    add_rows(warehouse, {**PLACES, "crm.customer_addresses": addresses})
    rows = rows_of(
        warehouse, "select country_key, country_code from crm.address_regions order by address_key"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("eu:US", "US"),
        ("eu:US", "US"),
        ("eu:US", "US"),
        (None, "Narnia"),
        (None, None),
    ]


def test_every_address_is_there_once_and_those_of_another_channel_know_its_directory_only(
    warehouse: Engine,
) -> None:
    here = {"country_code": "US", "region": "California"}
    add_rows(
        warehouse,
        {
            **PLACES,
            "crm.customer_addresses": [
                {"customer_address_key": "eu:1", **here},
                {"customer_address_key": "xx:1", **here},
                {"customer_address_key": "eu:2", **here, "deleted_at": "2026-01-01T00:00:00Z"},
            ],
            "crm.cart_addresses": [{"cart_address_key": "eu:1:shipping", **here}],
        },
    )
    rows = rows_of(warehouse, "select address_key, region_key from crm.address_regions order by 1")
    assert [tuple(row.values()) for row in rows] == [
        ("eu:1", "eu:12"),
        ("eu:1:shipping", "eu:12"),
        ("xx:1", None),
    ]


def test_region_that_is_gone_from_the_store_is_not_found(warehouse: Engine) -> None:
    gone = [{**row, "deleted_at": "2026-01-01T00:00:00Z"} for row in PLACES["crm.regions"]]
    said = {"country_code": "US", "region_id": 12, "region": "California"}
    add_rows(
        warehouse,
        {
            **PLACES,
            "crm.regions": gone,
            "crm.order_addresses": [{"order_address_key": "eu:5:billing", **said}],
        },
    )
    (row,) = rows_of(warehouse, "select region_key, region_name, resolved_by from crm.address_regions")
    assert tuple(row.values()) == (None, "California", "text")
