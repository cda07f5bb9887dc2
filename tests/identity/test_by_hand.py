from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from include.errors import ConfigError
from include.identity import by_hand
from tests.identity.people import (
    APRIL,
    FEBRUARY,
    JANUARY,
    MARCH,
    accounts,
    ada,
    alone,
    bought,
    contacts,
    of,
    together,
)
from tests.reports.in_order import refresh_in_order
from tests.sync.prepared_shop import prepared
from tests.sync.records import dictionaries, order
from tests.sync.shop import Shop


@pytest.fixture
def us(shop: Shop) -> Shop:
    """Three records of one person by the rules, and somebody else."""
    return of(prepared(shop, load_four))


def load_four(shop: Shop) -> None:
    shop.load("stores", dictionaries())
    of(shop).load(
        "customers",
        ada(1, JANUARY),
        ada(2, FEBRUARY, website_id="2"),
        ada(3, MARCH, website_id="3"),
        ada(4, APRIL, email="bob@example.com"),
    )


@contextmanager
def writing(shop: Shop) -> Iterator[Connection]:
    with shop.engine.begin() as connection:
        yield connection


def part(shop: Shop, customer_key: str) -> str:
    with writing(shop) as connection:
        return by_hand.part(connection, customer_key, by="grace")


def join(shop: Shop, one: str, other: str, *, is_same_person: bool = False) -> str:
    with writing(shop) as connection:
        return by_hand.join(connection, one, other, by="grace", is_same_person=is_same_person)


def load_all_again(shop: Shop) -> None:
    """As a full resync does: every row is overwritten."""
    people = [
        ada(1, JANUARY, gender="Female"),
        ada(2, FEBRUARY, website_id="2", gender="Female"),
        ada(3, MARCH, website_id="3", gender="Female"),
        ada(4, APRIL, email="bob@example.com", gender="Female"),
    ]
    shop.load("customers", *people, is_forced=True)


def test_match_that_was_undone_stays_undone_over_a_resync(us: Shop) -> None:
    assert part(us, "us:2") == "us:1"
    apart = together("us:1", "us:3") | alone("us:2", "us:4")
    assert accounts(us) == contacts(us) == apart
    load_all_again(us)
    assert accounts(us) == contacts(us) == apart
    assert us.one(
        "select matched_customer_key, rule, undone_by, undone_at is not null from crm.account_matches"
        " where customer_key = 'us:2'"
    ) == ("us:1", "account_matching", "grace", True)


def test_match_that_was_undone_stays_undone_when_the_rules_change(us: Shop) -> None:
    part(us, "us:2")
    of(us, account_matching={"fields": ["last_name"]}).load("customers")
    assert accounts(us) == together("us:1", "us:3", "us:4") | alone("us:2")


def test_undone_guest_who_turns_out_to_be_older_is_not_joined_from_the_other_side(us: Shop) -> None:
    us.load("orders", bought(1, APRIL))
    (guest,) = us.rows("select customer_key from crm.customers where is_guest")
    part(us, guest)
    us.load("orders", bought(2, "2025-12-01 10:00:00"))
    assert us.rows("select account_key from crm.customers where is_guest") == [guest]
    assert us.rows("select count(*) from crm.customers where account_key = 'us:1'") == [3]


def test_whoever_joined_through_the_parted_customer_goes_along(us: Shop) -> None:
    us.load("orders", bought(1, APRIL, store_id="3", customer_firstname="A."))
    assert accounts(us) == together("us:1", "us:2", "us:3", "us guest 2 ada@example.com") | alone("us:4")
    part(us, "us:2")
    assert accounts(us) == together("us:1", "us:3") | together("us:2", "us guest 2 ada@example.com") | alone(
        "us:4"
    )


def test_newcomer_may_join_an_account_that_was_parted(us: Shop) -> None:
    part(us, "us:2")
    us.load("orders", bought(1, APRIL, store_id="3"))
    assert accounts(us) == together("us:1", "us:3") | together("us:2", "us guest 2 ada@example.com") | alone(
        "us:4"
    )


def test_join_by_hand_stays_over_a_resync_and_is_another_person_unless_said(us: Shop) -> None:
    assert join(us, "us:4", "us:3") == "us:1"
    assert accounts(us) == together("us:1", "us:2", "us:3", "us:4")
    assert contacts(us) == together("us:1", "us:2", "us:3") | alone("us:4")
    load_all_again(us)
    assert accounts(us) == together("us:1", "us:2", "us:3", "us:4")
    assert us.one(
        "select matched_customer_key, rule, matched_by from crm.account_matches where customer_key = 'us:4'"
    ) == ("us:1", "by_hand", "grace")


def test_join_of_one_person_makes_one_contact(us: Shop) -> None:
    join(us, "us:4", "us:1", is_same_person=True)
    assert contacts(us) == together("us:1", "us:2", "us:3", "us:4")


def test_parted_customer_can_be_joined_again(us: Shop) -> None:
    part(us, "us:2")
    join(us, "us:1", "us:2")
    load_all_again(us)
    assert accounts(us) == together("us:1", "us:2", "us:3") | alone("us:4")
    part(us, "us:2")
    assert accounts(us) == together("us:1", "us:3") | alone("us:2", "us:4")


def test_lifetime_value_goes_with_the_customers(us: Shop) -> None:
    us.load("orders", *(order(n, customer_id=str(n), base_subtotal=f"{n}0") for n in (1, 2, 4)))
    values = (
        "select account_key, lifetime_amount from crm.account_lifetimes"
        " where valid_to is null and not is_reporting_currency order by 1"
    )
    assert us.rows(values) == [("us:1", 30), ("us:4", 40)]
    part(us, "us:2")
    assert us.rows(values) == [("us:1", 10), ("us:2", 20), ("us:4", 40)]
    join(us, "us:2", "us:4")
    assert us.rows(values) == [("us:1", 10), ("us:2", 60)]


def test_decisions_about_nobody_are_refused_with_the_way_out(us: Shop) -> None:
    with pytest.raises(ConfigError, match=r"no customer us:9: give a customer_key of crm\.customers"):
        join(us, "us:1", "us:9")
    with pytest.raises(ConfigError, match="belong to one account already"):
        join(us, "us:1", "us:3")
    with pytest.raises(ConfigError, match=r"us:1 joined nobody's account: part those who joined theirs"):
        part(us, "us:1")


def test_command_line_decides_and_says_what_became_of_it(
    us: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = us.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("AIRFLOW_CONN_CRM_WAREHOUSE", url)
    assert by_hand.main(["part", "us:2", "--by", "grace"]) == 0
    assert capsys.readouterr().out == "us:1 was left.\n"
    assert by_hand.main(["join", "us:2", "us:1"]) == 0
    assert capsys.readouterr().out == "us:1 is one account now.\n"
    assert by_hand.main(["part", "us:1"]) == 1
    assert "joined nobody's account" in capsys.readouterr().err


def test_reports_hear_of_accounts_that_were_joined_or_parted_by_hand(us: Shop) -> None:
    us.load(
        "orders", order(1, customer_id="1", created_at=FEBRUARY), order(2, customer_id="4", created_at=MARCH)
    )
    assert orders_of_buyers(us, 1) == [("us:1", 1), ("us:4", 1)]
    join(us, "us:1", "us:4")
    assert orders_of_buyers(us, 2) == [("us:1", 2)]
    part(us, "us:4")
    assert orders_of_buyers(us, 3) == [("us:1", 1), ("us:4", 1)]


def orders_of_buyers(shop: Shop, day: int) -> list[object]:
    refresh_in_order(shop.engine, ["customer_value"], now=datetime(2026, 12, day, tzinfo=UTC))
    return shop.rows(
        "select buyer_key, order_count from report.customer_value where is_reporting_currency order by buyer_key"
    )
