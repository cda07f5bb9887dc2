"""Segment files of the recorded shop: who is on its newsletter list, by its own database, and nobody else.

The segments here hold everybody who has an account, a cart or an entry on the list, so whoever any segment could ever
hold is among them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from include.segments.export import Export
from include.segments.loading import Segment
from include.segments.profiles.google_customer_match import CURRENT, EMAIL_RULES
from include.segments.profiles.hashing import sha256
from include.segments.profiles.registry import PROFILES
from tests.segments.exporting import CONTRACT, Shop, emails, make_segment
from tests.sql.sample_warehouse import rows_of
from tests.wire.conftest import Fresh, Loaded
from tests.wire.recorded import truth

SUBSCRIBED = "1"
EVERYBODY = {
    "account": "select distinct channel_code, account_key from crm.customers where account_key is not null",
    "cart": "select channel_code, cart_key from crm.carts",
    "subscriber": (
        "select channel_code, newsletter_subscriber_key as subscriber_key from crm.newsletter_subscribers"
    ),
}


def everybody(member: str) -> Segment:
    key: dict[str, Any] = {"name": f"{member}_key", "kind": "key", "meaning": "Who."}
    header = "-- grain: one row per member\n-- time zone: none\n-- currency: none\n"
    return make_segment(
        f"every_{member}",
        header + EVERYBODY[member] + "\n",
        addresses=member,
        key=["channel_code", key["name"]],
        inputs=["customers", "carts", "newsletter_subscribers"],
        columns=[CONTRACT["columns"][0], key],
        profiles=list(PROFILES),
    )


@pytest.fixture(scope="module")
def exports(
    fresh: Fresh, with_bridge: Loaded, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Export]]:
    shop = Shop(fresh(like=with_bridge.chain).engine, tmp_path_factory.mktemp("exports"))
    return {member: list(shop.export(everybody(member))) for member in EVERYBODY}


@pytest.fixture(scope="module")
def subscribed(truth_dir: Path) -> list[str]:
    entries = truth(truth_dir, "newsletter")
    assert len(entries) == 160
    return [
        (row["subscriber_email"] or "").lower() for row in entries if row["subscriber_status"] == SUBSCRIBED
    ]


def test_consent_by_state_is_that_of_the_shop(with_bridge: Loaded, truth_dir: Path) -> None:
    found = rows_of(
        with_bridge.engine, "select state, count(*) as people from marketing.consent group by state"
    )
    states = {"1": "subscribed", "2": "not_active", "3": "unsubscribed", "4": "unconfirmed"}
    # One entry, not active, has no address to give consent for.
    entries = [row for row in truth(truth_dir, "newsletter") if (row["subscriber_email"] or "").strip()]
    wanted = Counter(states[row["subscriber_status"] or ""] for row in entries)
    assert {row["state"]: row["people"] for row in found} == wanted
    assert (len(entries), wanted["subscribed"]) == (159, 69)


def test_file_of_the_whole_list_holds_the_69_who_subscribed(
    exports: dict[str, list[Export]], subscribed: list[str]
) -> None:
    assert len(set(subscribed)) == 69
    for export in exports["subscriber"]:
        if export.profile not in ("google_customer_match", "meta_custom_audience"):
            assert sorted(email.lower() for email in emails(export)) == sorted(subscribed)


def test_nobody_else_is_in_any_marketing_file(
    exports: dict[str, list[Export]], subscribed: list[str]
) -> None:
    clean = EMAIL_RULES[CURRENT]
    allowed = {*subscribed, *map(sha256, subscribed), *(sha256(clean(email)) for email in subscribed)}
    for member, of_member in exports.items():
        assert [export.profile for export in of_member] == list(PROFILES), member
        for export in of_member:
            found = {email.lower() for email in emails(export)}
            assert found
            assert found <= allowed, (member, export.profile)
