"""Countries and regions: all of the recorded store's directory, and row by row from the demo store without a bridge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from include.demo_store.generate.directory import COUNTRIES, REGIONS
from include.demo_store.running import running_store
from include.magento.address import StoreAddress
from tests.wire.chain import contents
from tests.wire.conftest import Fresh, Loaded
from tests.wire.recorded import recorded_rows, text_at


def test_every_country_and_region_of_the_store_is_there(with_bridge: Loaded, store: Path) -> None:
    wanted = {
        f"us:{text_at(row, 'region_id')}": tuple(
            text_at(row, name) for name in ("countryCode", "code", "name")
        )
        for _, row in recorded_rows(store, "oroRegionList")
    }
    names = ("country_code", "region_code", "region_name")
    found = {
        key: tuple(row[name] for name in names)
        for key, row in contents(with_bridge.engine, "regions").items()
    }
    assert len(wanted) == 484
    assert found == wanted
    countries = {
        f"us:{text_at(row, 'country_id')}" for _, row in recorded_rows(store, "directoryCountryList")
    }
    assert contents(with_bridge.engine, "countries").keys() == countries
    assert len(countries) == 246


def test_store_that_does_not_tell_its_regions_is_said_to(without_bridge: Loaded) -> None:
    """The record of the store without the bridge has countries, and no answer for the regions of one."""
    assert len(contents(without_bridge.engine, "countries")) == 246
    assert contents(without_bridge.engine, "regions") == {}
    with without_bridge.engine.connect() as connection:
        (said,) = connection.execute(
            text("select is_partial, remarks from ops.windows where entity = 'regions'")
        )
    assert said.is_partial
    assert "directoryRegionList" in said.remarks


def test_every_address_with_a_region_id_is_found_by_it_and_british_ones_keep_their_text(
    with_bridge: Loaded,
) -> None:
    statement = """
        select country_code, resolved_by, count(*)::int as count, bool_and(region_name = address.region) as is_same
        from crm.address_regions
        inner join (
            select 'customer' as address_of, customer_address_key as address_key, region from crm.customer_addresses
            union all
            select 'order', order_address_key, region from crm.order_addresses
        ) as address using (address_of, address_key)
        where region is not null
        group by 1, 2 order by 1
    """
    with with_bridge.engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(statement))]
    assert rows == [("DE", "id", 280, True), ("GB", "text", 190, True), ("US", "id", 290, True)]


WAYS: dict[str, dict[str, Any]] = {
    "bridge": {},
    "stock": {"bridge": False},
    "old bridge": {"bridge_version": "1.2.13"},
    "WS-I": {"wsi": True},
    "WS-I stock": {"wsi": True, "bridge": False},
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_reading_gives_the_same_directory(fresh: Fresh, way: str) -> None:
    chain = fresh()
    with running_store(customers=5, orders=5, **WAYS[way]) as store:
        chain.load(
            StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key), entities=("regions",)
        )
    found = contents(chain.engine, "regions")
    names = ("country_key", "country_code", "region_code", "region_name")
    assert {key: tuple(row[name] for name in names) for key, row in found.items()} == {
        f"us:{one.region_id}": (f"us:{one.country}", one.country, one.code, one.name) for one in REGIONS
    }
    assert contents(chain.engine, "countries").keys() == {f"us:{two}" for two, _, _ in COUNTRIES}
