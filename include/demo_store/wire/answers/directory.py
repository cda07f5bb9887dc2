"""Countries and regions: the same in every shop, but for their ids."""

from __future__ import annotations

from collections.abc import Callable

from include.demo_store.generate.customers import Row
from include.demo_store.generate.directory import COUNTRIES, REGIONS
from include.demo_store.shop import Shop
from include.demo_store.wire import render
from include.demo_store.wire.envelope import SoapFault
from include.demo_store.wire.layout import Layout, entity
from include.demo_store.wire.lists import Lists, whole_list
from include.demo_store.wire.request import Call
from include.demo_store.wire.tables import Rows

COUNTRY_NOT_EXISTS = SoapFault("101", "Country not exists.")
_REGION = Layout("oroRegionEntity")


class DirectoryAnswers:
    """Methods about places.

    Args:
        shop: whose.
        lists: answers list calls.
    """

    def __init__(self, shop: Shop, lists: Lists) -> None:
        self._lists = lists
        self._rows: dict[int, Row] = {
            region.region_id: {"region_id": str(region.region_id), "countryCode": region.country,
                               "code": region.code, "name": region.name}
            for region in REGIONS
        }  # fmt: skip
        self._regions = Rows(shop, self._rows, "region_id")

    def methods(self) -> dict[str, Callable[[Call], list[bytes]]]:
        """The methods by name."""
        return {
            "oroRegionList": lambda call: self._lists.paged(call, "region", self._regions, self._region),
            "directoryCountryList": self._countries,
            "directoryRegionList": self._regions_of,
        }

    def _region(self, number: int) -> str:
        return entity("item", "oroRegionEntity", _REGION.fill(self._rows[number]))

    def _countries(self, call: Call) -> list[bytes]:
        rows: list[Row] = [
            {"country_id": iso2, "iso2_code": iso2, "iso3_code": iso3, "name": name}
            for iso2, iso3, name in COUNTRIES
        ]
        return whole_list(call.method, render.plain_rows("directoryCountryEntity", rows))

    def _regions_of(self, call: Call) -> list[bytes]:
        country = call.text.get("country", "").strip().upper()
        if country not in {iso2 for iso2, _, _ in COUNTRIES} | {iso3 for _, iso3, _ in COUNTRIES}:
            raise COUNTRY_NOT_EXISTS
        iso2 = next(short for short, long, _ in COUNTRIES if country in (short, long))
        rows: list[Row] = [
            {"region_id": row["region_id"], "code": row["code"], "name": row["name"]}
            for row in self._rows.values()
            if row["countryCode"] == iso2
        ]
        return whole_list(call.method, render.plain_rows("directoryRegionEntity", rows))
