"""Pools of people, streets and towns per locale, drawn once from Faker.

Faker costs about 50 µs a value, a page of orders needs thousands: so a few hundred values per locale are drawn at
the first use, always with the same seed, and records pick from them by chance.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from functools import cache

from faker import Faker

POOL_SIZE = 160
_POOL_SEED = 20260101

REGIONS: dict[str, tuple[tuple[int, str], ...]] = {
    "DE": (
        (80, "Baden-Württemberg"),
        (81, "Bayern"),
        (82, "Berlin"),
        (85, "Hamburg"),
        (88, "Nordrhein-Westfalen"),
    ),
    "CH": ((104, "Aargau"), (107, "Bern"), (113, "Genève"), (130, "Zürich")),
    "FR": ((257, "Paris"), (195, "Côte-d'Or"), (251, "Rhône"), (241, "Nord")),
    "US": ((12, "California"), (18, "Florida"), (43, "New York"), (57, "Texas"), (51, "Pennsylvania")),
    "PL": (),
    "GB": (),
}
"""Region ids as in Magento's directory; where it knows none, people type a name or nothing."""
TYPED_REGIONS = {
    "GB": ("Kent", "Greater London", "West Midlands", "Co. Durham"),
    "PL": ("Mazowieckie", "Śląskie"),
}
LOCALE_COUNTRY = {"de_DE": "DE", "de_CH": "CH", "fr_FR": "FR", "en_US": "US", "en_GB": "GB", "pl_PL": "PL"}
VISITING_LOCALE = "pl_PL"
"""Some customers of every store have names from elsewhere."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Values of one locale; first names come in two halves, male then female."""

    country: str
    male: tuple[str, ...]
    female: tuple[str, ...]
    last: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    postcodes: tuple[str, ...]
    companies: tuple[str, ...]


@cache
def pool(locale: str) -> Pool:
    """The pool of one locale; the same in every process."""
    faker = Faker(locale)
    faker.seed_instance(_POOL_SEED)
    size = range(POOL_SIZE)
    return Pool(
        country=LOCALE_COUNTRY[locale],
        male=tuple(faker.first_name_male() for _ in size),
        female=tuple(faker.first_name_female() for _ in size),
        last=tuple(faker.last_name() for _ in size),
        streets=tuple(faker.street_name() for _ in size),
        cities=tuple(faker.city() for _ in size),
        postcodes=tuple(faker.postcode() for _ in size),
        companies=tuple(faker.company() for _ in range(POOL_SIZE // 4)),
    )


def fill_pools() -> None:
    """Draws all pools now (0.3 s), so that the first page does not have to."""
    for locale in LOCALE_COUNTRY:
        pool(locale)


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person; gender 1 is male, 2 is female, as Magento's option ids have it."""

    firstname: str
    lastname: str
    gender: int
    locale: str

    @property
    def mail_name(self) -> str:
        """`vorname.nachname` in plain ASCII."""
        return _ascii(self.firstname) + "." + _ascii(self.lastname)


def person(chance: random.Random, locale: str) -> Person:
    """Draws a person, one in sixteen from elsewhere."""
    if chance.random() < 1 / 16:
        locale = VISITING_LOCALE
    names = pool(locale)
    male = chance.random() < 0.5
    first = (names.male if male else names.female)[int(chance.random() * POOL_SIZE)]
    return Person(first, names.last[int(chance.random() * POOL_SIZE)], 1 if male else 2, locale)


def postal(chance: random.Random, who: Person) -> dict[str, str | None]:
    """Street, town, region and telephone of a person's locale, keyed like Magento's address columns."""
    names = pool(who.locale)
    street = f"{names.streets[int(chance.random() * POOL_SIZE)]} {int(chance.random() * 180) + 1}"
    if chance.random() < 0.15:
        street += "\nc/o <Empfang> 2. OG" if names.country in ("DE", "CH") else "\nFlat 2 & 3"
    spot = int(chance.random() * POOL_SIZE)
    region_id, region = _region(chance, names.country)
    company = None
    if chance.random() < 0.12:
        company = names.companies[int(chance.random() * len(names.companies))]
    return {
        "city": names.cities[spot],
        "company": company,
        "country_id": names.country,
        "fax": "+49 30 9990" + str(spot) if chance.random() < 0.05 else None,
        "postcode": names.postcodes[spot],
        "region": region,
        "region_id": region_id,
        "street": street,
        "telephone": f"0{int(chance.random() * 900) + 100} {int(chance.random() * 900000) + 100000}",
    }


def _region(chance: random.Random, country: str) -> tuple[str | None, str | None]:
    listed = REGIONS[country]
    if listed:
        region_id, name = listed[int(chance.random() * len(listed))]
        return str(region_id), name
    if chance.random() < 0.4:
        return None, None
    typed = TYPED_REGIONS[country]
    return None, typed[int(chance.random() * len(typed))]


@cache
def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ł", "l").replace("Ł", "L"))
    return "".join(char for char in plain.lower() if char.isascii() and char.isalnum()) or "kunde"
