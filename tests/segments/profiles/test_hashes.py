"""Hashes against what the platforms publish, and against Meta's own library where that is right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from facebook_business.adobjects.helpers.customaudiencemixin import CustomAudienceMixin

from include.segments.profiles.google_customer_match import by_rules
from include.segments.profiles.hashing import sha256
from include.segments.profiles.model import lay_out
from include.segments.profiles.registry import get_profile
from tests.segments.profiles.population import FACTS, PEOPLE, laid_out, person, rows_of


def google(**known: Any) -> dict[str, str]:
    return rows_of(laid_out("google_customer_match"), (person(1, **known),))["main:1"]


def meta(**known: Any) -> dict[str, str]:
    return rows_of(laid_out("meta_custom_audience"), (person(1, **{"email": "a@b.co", **known}),))["main:1"]


@pytest.mark.parametrize(
    ("email", "published"),
    [
        # developers.google.com/data-manager/api/devguides/concepts/formatting
        (
            "cloudy.sanfrancisco+shopping@gmail.com",
            "223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4",
        ),
        (" DanaM@Example.com ", "1df6b43bc68dd38eca94e6a65b4f466ae537b796c81a526918b40ac4a7b906c7"),
    ],
)
def test_google_mailboxes_hash_as_google_publishes(email: str, published: str) -> None:
    assert google(email=email)["Email"] == published


@pytest.mark.parametrize(
    ("version", "compared"), [("2023", "a.b+c@googlemail.com"), ("2026", "ab@googlemail.com")]
)
def test_google_mailboxes_follow_the_version_of_the_rules(version: str, compared: str) -> None:
    layout = lay_out(by_rules(version), FACTS)

    row = rows_of(layout, (person(1, "A.B+c@GoogleMail.com"),))["main:1"]

    assert row["Email"] == sha256(compared)


def test_dots_and_plus_stay_in_the_mailboxes_of_others() -> None:
    assert google(email="user.name+NYC@Example.com")["Email"] == sha256("user.name+nyc@example.com")


def test_google_hashes_numbers_and_names_but_neither_country_nor_postcode() -> None:
    row = google(
        email="a@b.co",
        first_name="Dr. Zoë ",
        last_name="Doe Jr.",
        phone="(800) 555-0100",
        country_code="us",
        postcode=" 94016 ",
    )

    assert row["Phone"] == "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30"
    assert (row["First Name"], row["Last Name"]) == (sha256("zoë"), sha256("doe"))
    assert (row["Country"], row["Zip"]) == ("US", "94016")


@pytest.mark.parametrize("missing", ["first_name", "last_name", "postcode", "country_code"])
def test_google_gets_a_whole_postal_match_or_none(missing: str) -> None:
    known = {"first_name": "Jane", "last_name": "Doe", "postcode": "94016", "country_code": "US"}

    row = google(email="a@b.co", **{**known, missing: None})

    assert [row[name] for name in ("First Name", "Last Name", "Country", "Zip")] == ["", "", "", ""]


@pytest.mark.parametrize(
    ("column", "known", "published"),
    [
        # developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
        (
            "email",
            {"email": "John_Smith@gmail.com"},
            "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f",
        ),
        (
            "phone",
            {"phone": "(650)555-1212", "country_code": "US"},
            "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176",
        ),
        (
            "fn",
            {"first_name": "Mary"},
            "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec",
        ),
        ("fn", {"first_name": "정"}, "8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14"),
        ("fn", {"first_name": "Valéry"}, "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c"),
        (
            "ln",
            {"last_name": "Vale\u0301ry"},
            "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c",
        ),
        (
            "country",
            {"country_code": "US"},
            "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621",
        ),
    ],
)
def test_meta_values_hash_as_meta_publishes(column: str, known: dict[str, Any], published: str) -> None:
    assert meta(**known)[column] == published


@pytest.mark.parametrize(
    ("column", "known", "compared"),
    [
        ("ct", {"city": "New York"}, "newyork"),
        ("st", {"region": "Nordrhein-Westfalen"}, "nordrheinwestfalen"),
        ("ln", {"last_name": "O'Brien, Jr."}, "obrien jr"),
        ("zip", {"postcode": "M1 1AE", "country_code": "UK"}, "m11ae"),
        ("gen", {"gender": "2"}, "f"),
        ("gen", {"gender": "not given"}, ""),
    ],
)
def test_meta_values_are_cleaned_as_meta_describes(column: str, known: dict[str, Any], compared: str) -> None:
    assert meta(**known)[column] == sha256(compared)


def test_meta_rows_are_those_of_metas_library_where_that_keeps_accents() -> None:
    schema = ["EMAIL", "PHONE", "DOBY", "DOBM", "DOBD", "ZIP", "COUNTRY"]
    columns = [name.lower() for name in schema]
    people = [p for p in PEOPLE if p.birth_date and p.phone]
    assert len(people) == 2
    raw = [
        [
            p.email_normalised,
            {"+49 (0)30 123456": "+49 30 123456"}.get(p.phone or "", f"1{p.phone}"),
            str((p.birth_date or date.min).year),
            str((p.birth_date or date.min).month),
            str((p.birth_date or date.min).day),
            p.postcode,
            (p.country_code or "").lower(),
        ]
        for p in people
    ]

    theirs = CustomAudienceMixin.format_params(schema, raw, is_raw=True)["payload"]["data"]

    ours = rows_of(laid_out("meta_custom_audience"), tuple(people))
    assert [[row[name] for name in columns] for row in ours.values()] == theirs


def test_what_is_a_hash_already_is_not_hashed_again() -> None:
    assert sha256(sha256("anna")) == sha256("anna")
    assert sha256("") == ""


@pytest.mark.parametrize("name", ["google_customer_match", "meta_custom_audience"])
def test_advertising_platforms_are_not_told_who_opted_out(name: str) -> None:
    assert get_profile(name).companion is None
