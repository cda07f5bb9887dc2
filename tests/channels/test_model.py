"""What a channel may say, and what holds when it does not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from include.channels.model import Channel
from include.channels.problems import Problem, problems_of
from include.entities.catalogue import ENTITY_NAMES

MINIMAL: dict[str, Any] = {
    "code": "us",
    "name": "US shop",
    "kind": "magento1",
    "connection_id": "magento_us",
    "timezone": "America/New_York",
    "reporting_currency": "USD",
}
CATALOGUE = ("stores", "customers", "carts", "orders")


def channel(**settings: Any) -> Channel:
    return Channel.model_validate(MINIMAL | settings, context={"entity_names": CATALOGUE})


def problem(**settings: Any) -> Problem:
    """The only problem of a channel with these settings."""
    with pytest.raises(ValidationError) as caught:
        channel(**settings)
    [found] = problems_of(caught.value)
    return found


def test_defaults_are_those_of_the_design() -> None:
    minimal = channel()
    assert minimal.websites == "all"
    assert minimal.entities == CATALOGUE
    assert minimal.sync_start_date is None
    assert minimal.guest_customers is True
    assert minimal.shared_guest_emails == ()
    assert minimal.account_matching.fields == ("first_name", "last_name", "email")
    assert (minimal.account_matching.strategy, minimal.account_matching.match_empty) == ("first", False)
    assert minimal.account_matching.addresses is None
    assert minimal.order_comments.show_on_customer is True
    assert (minimal.two_way.enabled, minimal.two_way.priority) == (False, "remote")
    assert (minimal.default_owner, minimal.active) == (None, True)
    assert (minimal.limits.concurrency, minimal.limits.page_size) == (2, 100)
    assert minimal.limits.requests_per_second is None
    assert minimal.quality.max_rejected_ratio == 0.1
    assert minimal.rfm.categories.recency_days == (7, 30, 90, 365)
    assert minimal.raw_retention_days == 14


@pytest.mark.parametrize(
    ("entity", "minutes"),
    [
        ("orders", 15),
        ("carts", 15),
        ("customers", 30),
        ("newsletter_subscribers", 30),
        ("stores", 60),
        ("credit_memos", 60),
        ("invoices", 60),
        ("shipments", 60),
        ("products", 60),
        ("regions", 24 * 60),
    ],
)
def test_every_entity_has_a_default_interval(entity: str, minutes: int) -> None:
    assert channel().interval_of(entity) == timedelta(minutes=minutes)


def test_schedules_replace_the_default_interval_of_their_entity_only() -> None:
    own = channel(schedules={"orders": "2h", "customers": "1d"})
    assert own.interval_of("orders") == timedelta(hours=2)
    assert own.interval_of("customers") == timedelta(days=1)
    assert own.interval_of("carts") == timedelta(minutes=15)


def test_a_group_given_in_part_keeps_its_other_defaults() -> None:
    assert channel(limits={"page_size": 50}).limits.concurrency == 2


def test_customers_are_always_synced() -> None:
    assert channel(entities=["orders"]).entities == ("customers", "orders")
    assert channel(entities=[]).entities == ("customers",)


def test_entities_come_in_the_order_of_the_catalogue() -> None:
    assert channel(entities=["orders", "stores"]).entities == ("stores", "customers", "orders")
    assert channel(entities="all").entities == CATALOGUE


def test_without_other_names_the_catalogue_holds() -> None:
    assert Channel.model_validate(MINIMAL).entities == ENTITY_NAMES


def test_a_channel_is_immutable() -> None:
    with pytest.raises(ValidationError):
        channel().active = False  # type: ignore[misc]


def test_lists_are_sorted_and_hold_each_value_once() -> None:
    lists = channel(websites=[3, 1, 3], shared_guest_emails=["Till@Example.com ", "till@example.com"])
    assert lists.websites == (1, 3)
    assert lists.shared_guest_emails == ("till@example.com",)


def test_a_date_may_be_text_or_a_date() -> None:
    assert channel(sync_start_date="2020-01-31").sync_start_date == date(2020, 1, 31)
    assert channel(sync_start_date=date(2020, 1, 31)).sync_start_date == date(2020, 1, 31)


def test_money_bounds_are_exact() -> None:
    categories = channel(rfm={"categories": {"monetary_amount": [99.1, 10]}}).rfm.categories
    assert categories.monetary_amount == (Decimal("99.1"), Decimal(10))


@pytest.mark.parametrize("name", sorted(MINIMAL))
def test_a_missing_setting_is_named_with_an_example(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Channel.model_validate({key: value for key, value in MINIMAL.items() if key != name})
    [found] = problems_of(caught.value)
    assert (found.field, found.problem) == (name, "is missing")
    assert found.mend.startswith(f"add it, for example {name}: ")


@pytest.mark.parametrize(
    ("settings", "field", "mend"),
    [
        ({"time_zone": "UTC"}, "time_zone", "write timezone"),
        ({"Websites": "all"}, "Websites", "write websites"),
        ({"limits": {"pagesize": 5}}, "limits.pagesize", "write page_size"),
        ({"rfm": {"category": {}}}, "rfm.category", "write categories"),
        ({"zzz": 1}, "zzz", "take it out; known here are code, name, kind"),
        ({"account_matching": {"addresses": {"fields": ["phone"], "stratgy": 1}}}, None, "write strategy"),
    ],
)
def test_an_unknown_setting_is_refused_with_the_nearest_known_name(
    settings: dict[str, Any], field: str | None, mend: str
) -> None:
    found = problem(**settings)
    assert found.problem == "is not a known setting"
    assert field is None or found.field == field
    assert found.mend.startswith(mend)


@pytest.mark.parametrize("name", ["api_key", "password", "wsdl_url", "Host"])
def test_secrets_and_addresses_are_sent_to_the_connection(name: str) -> None:
    assert "Airflow connection" in problem(**{name: "s3cret"}).mend


def test_channel_takes_over_another_shop_and_not_its_own() -> None:
    assert channel(replaces="us_old").replaces == "us_old"
    assert problem(replaces=channel().code).problem == "names the channel itself"


def test_magento2_is_read_and_written_to() -> None:
    found = channel(kind="magento2", two_way={"enabled": True})
    assert (found.kind, found.two_way.enabled) == ("magento2", True)


@pytest.mark.parametrize(
    ("settings", "field", "problem_text", "mend"),
    [
        ({"code": "US"}, "code", "has characters or a length", "write for example code: us"),
        ({"code": "1us"}, "code", "has characters or a length", "write for example code: us"),
        ({"code": "u" * 31}, "code", "has characters or a length", "write for example code: us"),
        ({"code": "us\n"}, "code", "has characters or a length", "write for example code: us"),
        ({"code": False}, "code", "is not text", "in quotes"),
        ({"name": "  "}, "name", "is empty", "write a few words"),
        (
            {"kind": "shopware"},
            "kind",
            "is none of 'magento1' or 'magento2'",
            "write for example kind: magento1",
        ),
        ({"connection_id": "a b"}, "connection_id", "has characters", "connection_id: magento_us"),
        ({"timezone": "Europe/berlin"}, "timezone", "is not an IANA time zone", "write Europe/Berlin"),
        ({"timezone": "../etc/passwd"}, "timezone", "is not an IANA time zone", "write"),
        ({"timezone": 5}, "timezone", "is not an IANA time zone", "write a name such as"),
        ({"reporting_currency": "eur"}, "reporting_currency", "is not an ISO 4217", "three capital letters"),
        ({"reporting_currency": "EURO"}, "reporting_currency", "is not an ISO 4217", "three capital letters"),
        ({"websites": None}, "websites", "is neither `all` nor", "write all"),
        ({"websites": []}, "websites", "is neither `all` nor", "write all"),
        ({"websites": 1}, "websites", "is neither `all` nor", "[1, 2]"),
        ({"websites": [0]}, "websites", "not the id of a website", "0 is Magento's admin"),
        ({"websites": [True]}, "websites", "not the id of a website", "whole numbers"),
        ({"websites": ["1"]}, "websites", "not the id of a website", "whole numbers"),
        ({"entities": "orders"}, "entities", "is neither `all` nor a list", "write all, or some of stores"),
        ({"entities": ["order"]}, "entities", "names an entity that cannot be synced", "write orders"),
        ({"entities": [7]}, "entities", "names an entity that cannot be synced", "write some of stores"),
        (
            {"schedules": {"order": "1h"}},
            "schedules",
            "names an entity that cannot be synced",
            "write orders",
        ),
        ({"schedules": {"orders": "soon"}}, "schedules.orders", "is not an interval", "15m, 1h or 1d"),
        ({"schedules": {"orders": "0m"}}, "schedules.orders", "is not an interval", "15m, 1h or 1d"),
        ({"schedules": {"orders": "99999999d"}}, "schedules.orders", "is not an interval", "15m, 1h or 1d"),
        (
            {"schedules": {"orders": "5m"}},
            "schedules",
            "asks for orders more often than the DAG sync_orders runs",
            "write 15m or longer",
        ),
        (
            {"schedules": {"customers": "29m"}},
            "schedules",
            "asks for customers more often than the DAG sync_customers runs",
            "write 30m or longer",
        ),
        ({"schedules": {"orders": 15}}, "schedules.orders", "is not an interval", "15m, 1h or 1d"),
        ({"schedules": "1h"}, "schedules", "is not a group of settings", "schedules: {orders: 1h}"),
        ({"sync_start_date": "2020-02-30"}, "sync_start_date", "is not a date", "2020-01-31"),
        ({"sync_start_date": "31.01.2020"}, "sync_start_date", "is not a date", "2020-01-31"),
        ({"guest_customers": "yes"}, "guest_customers", "is neither true nor false", "guest_customers: true"),
        ({"active": 1}, "active", "is neither true nor false", "active: true"),
        ({"shared_guest_emails": "a@b.de"}, "shared_guest_emails", "is not a list", "shared_guest_emails: ["),
        (
            {"shared_guest_emails": ["a@b.de", "x"]},
            "shared_guest_emails (entry 2)",
            "is not an e-mail",
            "write one",
        ),
        (
            {"account_matching": {"fields": []}},
            "account_matching.fields",
            "is an empty list",
            "fields: [first_name",
        ),
        (
            {"account_matching": {"fields": ["phone"]}},
            "account_matching.fields (entry 1)",
            "is none of",
            "fields: [",
        ),
        (
            {"account_matching": {"addresses": {}}},
            "account_matching.addresses.fields",
            "is missing",
            "add it",
        ),
        (
            {"two_way": {"priority": "crm"}},
            "two_way.priority",
            "'remote', 'local' or 'ask'",
            "priority: remote",
        ),
        ({"two_way": True}, "two_way", "is not a group of settings", "two_way: {enabled: false}"),
        ({"limits": {"concurrency": 0}}, "limits.concurrency", "is less than 1", "concurrency: 2"),
        ({"limits": {"concurrency": 2.5}}, "limits.concurrency", "is not a whole number", "concurrency: 2"),
        ({"limits": {"page_size": 5000}}, "limits.page_size", "is greater than 1000", "page_size: 100"),
        ({"limits": {"requests_per_second": 0}}, "limits.requests_per_second", "is not greater than 0", "5"),
        ({"quality": {"max_rejected_ratio": 10}}, "quality.max_rejected_ratio", "is greater than 1", "0.1"),
        ({"quality": {"max_rejected_ratio": float("nan")}}, "quality.max_rejected_ratio", "is not", "0.1"),
        ({"raw_retention_days": -1}, "raw_retention_days", "is less than 0", "raw_retention_days: 14"),
        ({"default_owner": ""}, "default_owner", "is empty", "take the line out"),
        (
            {"rfm": {"categories": {"recency_days": [30, 7]}}},
            "rfm.categories.recency_days",
            "does not rise",
            "rise",
        ),
        (
            {"rfm": {"categories": {"frequency_orders": [2, 2]}}},
            "rfm.categories.frequency_orders",
            "not fall",
            "fall",
        ),
        (
            {"rfm": {"categories": {"monetary_amount": ["x"]}}},
            "rfm.categories.monetary_amount (entry 1)",
            "is not",
            "",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_field_and_mend(
    settings: dict[str, Any], field: str, problem_text: str, mend: str
) -> None:
    found = problem(**settings)
    assert found.field == field
    assert problem_text in found.problem
    assert mend in found.mend


def test_a_wrong_value_is_never_quoted() -> None:
    for name in Channel.model_fields:
        with pytest.raises(ValidationError) as caught:
            channel(**{name: ["hunter2-s3cret!"] if name in ("name", "default_owner") else "hunter2-s3cret!"})
        for found in problems_of(caught.value):
            assert "hunter2" not in f"{found.field} {found.problem} {found.mend}"


@pytest.mark.parametrize("wrong", [None, 5, "x", [], [[]], {"a": {}}, date(2020, 1, 1), float("inf")])
def test_any_wrong_type_anywhere_is_explained_and_never_crashes(wrong: Any) -> None:
    for name in Channel.model_fields:
        for found in problems_of_any(**{name: wrong}):
            assert found.problem != "is not allowed", (name, wrong)
            assert found.mend


def problems_of_any(**settings: Any) -> list[Problem]:
    """The problems of a channel with these settings; none when they are right."""
    try:
        channel(**settings)
    except ValidationError as error:
        return problems_of(error)
    return []
