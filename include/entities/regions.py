"""Countries and their regions (states, provinces, cantons), as the store's directory has them: read whole once a day.

An address names its region by id, by code, by name or not at all; `crm.address_regions` says which it is, and never
takes one of another country.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from include.entities.fields import integer, text
from include.entities.model import Context, Entity, Reference, Row, Table
from include.magento.door import Record, children
from include.magento.rest.reading import RestSnapshot
from include.magento.soap.reading import RowCalls, SnapshotReading


def _countries(record: Record, context: Context) -> Iterable[Row]:
    return children(record, "countries")


def _regions(record: Record, context: Context) -> Iterable[Row]:
    for region in children(record, "regions"):
        yield {**region, "combined_code": _combined(region.get("countryCode"), region.get("code"))}


def _countries_of_rest(record: Record, context: Context) -> Iterator[Row]:
    for country in children(record, "countries"):
        yield {
            "country_code": country.get("two_letter_abbreviation") or country.get("id"),
            "country_iso3_code": country.get("three_letter_abbreviation"),
            "country_name": country.get("full_name_locale") or country.get("full_name_english"),
        }


def _regions_of_rest(record: Record, context: Context) -> Iterator[Row]:
    for country in children(record, "countries"):
        code = country.get("id")
        for region in children(country, "available_regions"):
            yield {**region, "country_code": code, "combined_code": _combined(code, region.get("code"))}


def _combined(country: object, code: object) -> str | None:
    """`CH-BE`; some countries' codes are whole already."""
    if not (isinstance(country, str) and isinstance(code, str)):
        return None
    return code if code.startswith(f"{country}-") else f"{country}-{code}"


COUNTRIES = Table(
    name="countries",
    singular="country",
    grain="One row per country of the store's directory.",
    key=("country_code",),
    fields=(
        text(
            "country_code",
            "The country, ISO 3166 two letters.",
            "country_id",
            magento2="country_code",
            is_required=True,
        ),
        text(
            "country_iso3_code",
            "The country, ISO 3166 three letters.",
            "iso3_code",
            magento2="country_iso3_code",
        ),
        text("country_name", "Name in the store's language.", "name", magento2="country_name"),
    ),
    rows={"magento1": _countries, "magento2": _countries_of_rest},
    ignored=frozenset({"iso2_code"}),
)

REGIONS = Table(
    name="regions",
    singular="region",
    grain="One row per region that a store's customers can choose; countries without a list have none.",
    key=("region_id",),
    references=(
        Reference(name="country_key", table="countries", ids=("country_code",), comment="Its country."),
    ),
    fields=(
        integer("region_id", "Magento's id of the region.", "region_id", magento2="id", is_required=True),
        text(
            "country_code",
            "Its country, ISO 3166 two letters.",
            "countryCode",
            magento2="country_code",
            is_required=True,
        ),
        text(
            "region_code", "Short name within the country; mostly as in ISO 3166-2, less its zeros.", "code"
        ),
        text("region_name", "Name in the store's language.", "name"),
        text("combined_code", "Country and code, joined by a hyphen, e.g. CH-BE."),
    ),
    rows={"magento1": _regions, "magento2": _regions_of_rest},
)

REGIONS_ENTITY = Entity(
    name="regions",
    title="Countries and regions",
    tables=(COUNTRIES, REGIONS),
    reading={
        "magento1": SnapshotReading(
            lists={"countries": "directoryCountryList", "regions": "oroRegionList"},
            required=frozenset({"countries"}),
            instead={
                "regions": RowCalls(
                    method="directoryRegionList",
                    argument="country",
                    of="countries",
                    value_field="country_id",
                    into_field="countryCode",
                )
            },
        ),
        "magento2": RestSnapshot(
            lists={"countries": "directory/countries"},
            required=frozenset({"countries"}),
            resource="open to everybody",
        ),
    },
    is_snapshot=True,
)
