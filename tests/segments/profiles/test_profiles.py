from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from include.errors import ConfigError
from include.segments.profiles.addresses import is_address
from include.segments.profiles.model import lay_out
from include.segments.profiles.phones import e164_of
from include.segments.profiles.registry import PROFILES, get_profile
from tests.segments.profiles.population import FACTS, PEOPLE, laid_out, person, rows_of, uk_address

PLATFORMS = sorted(PROFILES.keys() - {"generic_csv"})


def klaviyo(**known: Any) -> dict[str, str]:
    return rows_of(laid_out("klaviyo"), (person(1, **{"email": "a@b.co", **known}),))["main:1"]


@pytest.mark.parametrize(
    "email",
    [
        "anna@example.com",
        "a.b+c@sub.example.co.uk",
        "ü@exämple.de",
        "o'brien@example.com",
        "1@xn--bcher-kva.de",
    ],
)
def test_addresses_that_can_be_written_to_are_kept(email: str) -> None:
    assert is_address(email)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "anna",
        "none@none",
        "@example.com",
        "a b@example.com",
        "a@b@example.com",
        ".a@example.com",
        "a..b@example.com",
        "a@-example.com",
        "a@example..com",
        "a@example.123",
        "a,b@example.com",
        "a@example.com\n",
        f"{'a' * 65}@example.com",
        "=1+1@example.com",
        "+x@example.com",
        "-x@example.com",
        "@x@example.com",
        "\u200b=1@example.com",
        "\uff1d1@example.com",
        "an\u200bna@example.com",
        f"{'a' * 64}@{'b' * 200}.com",
    ],
)
def test_what_is_no_address_or_would_run_as_a_formula_is_invalid(email: str) -> None:
    assert not is_address(email)


@pytest.mark.parametrize("name", PLATFORMS)
def test_people_without_a_usable_address_are_in_no_platforms_file(name: str) -> None:
    assert not rows_of(laid_out(name)).keys() & {"main:9", "main:10", "main:11"}


@pytest.mark.parametrize("name", PROFILES)
def test_two_people_with_one_address_are_one_row(name: str) -> None:
    rows = rows_of(laid_out(name))

    assert "main:3" in rows
    assert "main:5" not in rows
    assert ("main:4" in rows) == (name != "google_customer_match")


@pytest.mark.parametrize(
    ("phone", "country", "written"),
    [
        ("020 7183 8750", "UK", "+442071838750"),
        ("+49 (0)30 123456", "US", "+4930123456"),
        ("0049 30 123456", "DE", "+4930123456"),
        ("030 123456", None, ""),
        ("12", "DE", ""),
        ("call me", "DE", ""),
        (None, "DE", ""),
    ],
)
def test_numbers_are_international_by_the_country_of_the_address(
    phone: str | None, country: str | None, written: str
) -> None:
    assert e164_of(person(1, "a@b.co", phone=phone, country_code=country)) == written


def test_plus_of_a_number_stays_and_formulas_get_an_apostrophe() -> None:
    row = klaviyo(phone="+49 30 123456", first_name="=1+1", last_name="@x", company="-1+1", city="\t=1")

    assert row["Phone Number"] == "+4930123456"
    assert [row[name] for name in ("First Name", "Last Name", "Organization", "City")] == [
        "'=1+1",
        "'@x",
        "'-1+1",
        "'=1",
    ]


@pytest.mark.parametrize(
    ("state", "written"),
    [
        ("subscribed", "Subscribe"),
        ("unsubscribed", "Unsubscribed"),
        ("not_active", "Never subscribed"),
        (None, "Never subscribed"),
    ],
)
def test_klaviyo_is_told_consent_in_its_own_words(state: str | None, written: str) -> None:
    assert klaviyo(consent_state=state)["Email Marketing Consent"] == written


def test_hubspot_and_dotdigital_get_evidence_only_of_consent() -> None:
    someone = (person(1, "a@b.co", consent_state="unsubscribed"),)

    assert rows_of(laid_out("hubspot"), someone)["main:1"]["Legal basis for processing contact's data"] == ""
    row = rows_of(laid_out("dotdigital"), someone)["main:1"]
    assert [row[name] for name in row if name.startswith("CONSENT")] == [""] * 5


def test_mailchimp_texts_are_clipped_by_bytes_between_characters() -> None:
    row = rows_of(laid_out("mailchimp"))["main:7"]

    assert len(row["First Name"].encode()) == 255
    assert row["Last Name"] == "é" * 127


def test_mailchimp_never_gets_a_longer_value_or_half_a_list() -> None:
    facts = dataclasses.replace(FACTS, own_columns=("items_text", "items_json"), json_columns=("items_json",))
    long = "=" + "x" * 300
    someone = person(
        1,
        "a@b.co",
        first_name=long,
        own=(long, [{"name": "Mug"}] * 50),
        **uk_address(street=long, region="R"),
    )

    [row] = rows_of(lay_out(get_profile("mailchimp"), facts), (someone,)).values()

    assert max(len(cell.encode()) for cell in row.values()) == 255
    assert row["First Name"] == row["items_text"] == "'=" + "x" * 253
    assert "items_json" not in row
    assert row["Address"] == ""
    # Klaviyo keeps it as a property of the person.
    [kept] = rows_of(lay_out(get_profile("klaviyo"), facts), (someone,)).values()
    assert json.loads(kept["items_json"])[49] == {"name": "Mug"}


@pytest.mark.parametrize("name", PROFILES)
def test_personal_columns_are_written_only_where_they_are_listed(name: str) -> None:
    facts = dataclasses.replace(FACTS, personal_columns=("email",))

    written = {cell for row in rows_of(lay_out(get_profile(name), facts)).values() for cell in row.values()}

    names = {known for p in PEOPLE for known in (p.first_name, p.last_name, p.phone, p.city) if known}
    assert not written & names


def test_profile_that_needs_an_address_refuses_a_segment_without_one() -> None:
    facts = dataclasses.replace(FACTS, personal_columns=("first_name",))

    with pytest.raises(ConfigError, match="needs email: add it to personal_columns"):
        lay_out(get_profile("klaviyo"), facts)


def test_two_columns_never_share_a_header() -> None:
    facts = dataclasses.replace(FACTS, own_columns=("favourite_product_name", "favourite_product_name_2"))

    with pytest.raises(ConfigError, match="FAVOURITE_PRODUCT_NA"):
        lay_out(get_profile("dotdigital"), facts)


def test_unknown_profile_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(ConfigError, match="write one of generic_csv, klaviyo"):
        get_profile("generic")


@pytest.mark.parametrize("name", ["klaviyo", "mailchimp", "dotdigital", "hubspot"])
def test_all_that_lies_in_a_cart_is_on_one_line_for_mail_tools(name: str) -> None:
    facts = dataclasses.replace(FACTS, own_columns=("items_text",))
    someone = (person(1, "a@b.co", own=("2 x Mug\n1 x =Cup\t(red)",)),)

    [row] = rows_of(lay_out(get_profile(name), facts), someone).values()

    assert row["ITEMS_TEXT" if name == "dotdigital" else "items_text"] == "2 x Mug; 1 x =Cup (red)"
