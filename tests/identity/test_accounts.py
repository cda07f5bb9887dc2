from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from include.privacy.erase import erase_person
from include.sync.registered import register
from tests.identity.people import (
    APRIL,
    FEBRUARY,
    JANUARY,
    MARCH,
    MAY,
    accounts,
    ada,
    alone,
    bought,
    contacts,
    of,
    together,
)
from tests.sync.records import address
from tests.sync.shop import T0, Shop

GUEST, GUEST_2 = "us guest 1 ada@example.com", "us guest 2 ada@example.com"


def test_everybody_who_matches_nobody_has_an_account_and_a_contact_of_their_own(stores: Shop) -> None:
    assert stores.load("customers", ada(1), ada(2, email="bob@example.com"))["accounts"] == {"inserted": 2}
    assert accounts(stores) == contacts(stores) == alone("us:1", "us:2")
    assert stores.rows(
        "select account_key, account_name, customer_count, has_registered_customer from crm.accounts order by 1"
    ) == [("us:1", "Ada Byron", 1, True), ("us:2", "Ada Byron", 1, True)]


def test_same_names_and_mail_on_two_websites_are_one_account_and_one_person(stores: Shop) -> None:
    stores.load("customers", ada(1, FEBRUARY), ada(2, JANUARY, website_id="2", firstname=" ADA"))
    assert accounts(stores) == contacts(stores) == together("us:1", "us:2")
    assert stores.rows("select account_key, customer_count from crm.accounts where deleted_at is null") == [
        ("us:2", 2)
    ]
    assert stores.one(
        "select customer_key, matched_customer_key, rule, is_same_person, matched_at is not null, window_id is not null"
        " from crm.account_matches"
    ) == ("us:1", "us:2", "account_matching", True, True, True)


@pytest.mark.parametrize(
    "different", [{"firstname": "Bob"}, {"lastname": "Bob"}, {"email": "bob@example.com"}]
)
def test_one_field_that_differs_keeps_customers_apart(stores: Shop, different: dict[str, str]) -> None:
    stores.load("customers", ada(1), ada(2, website_id="2", **different))
    assert accounts(stores) == alone("us:1", "us:2")


@pytest.mark.parametrize("missing", ["firstname", "lastname", "email"])
def test_empty_values_are_equal_only_where_the_channel_says_so(stores: Shop, missing: str) -> None:
    people = [ada(1, **{missing: None}), ada(2, website_id="2", **{missing: None})]
    stores.load("customers", *people)
    assert accounts(stores) == alone("us:1", "us:2")
    lenient = of(stores, code="de", account_matching={"match_empty": True})
    lenient.load("customers", *people)
    assert accounts(stores) >= together("de:1", "de:2")


def test_customers_of_whom_nothing_is_known_are_never_one(stores: Shop) -> None:
    lenient = of(stores, account_matching={"match_empty": True})
    nobody: dict[str, Any] = {"firstname": None, "lastname": None, "email": None}
    lenient.load("customers", ada(1, **nobody), ada(2, **nobody))
    assert accounts(lenient) == alone("us:1", "us:2")


def test_guest_who_registers_keeps_the_account_and_is_one_person(stores: Shop) -> None:
    stores.load("orders", bought(1, FEBRUARY, customer_firstname="A.", customer_lastname=None))
    (guest,) = stores.rows("select account_key from crm.customers")
    stores.load("customers", ada(5, MARCH))
    assert accounts(stores) == contacts(stores) == together("us:5", GUEST)
    assert stores.rows("select account_key from crm.accounts") == [guest]
    assert stores.rows("select rule from crm.account_matches") == ["same_website_email"]
    # The card shows what the person registered with.
    assert stores.one("select first_name, customer_key from crm.contacts where deleted_at is null") == (
        "Ada",
        "us:5",
    )


def test_order_of_a_guest_with_a_registered_mail_joins_that_customer_s_account(stores: Shop) -> None:
    stores.load("customers", ada(5, FEBRUARY))
    stores.load("orders", bought(1, MARCH, customer_firstname="Somebody", customer_email="ADA@example.com "))
    assert stores.rows("select account_key from crm.orders join crm.customers using (customer_key)") == [
        "us:5"
    ]


def test_guest_of_another_website_joins_only_by_name_too(stores: Shop) -> None:
    stores.load("customers", ada(5, FEBRUARY))
    stores.load("orders", bought(1, store_id="3"))
    assert accounts(stores) == together("us:5", GUEST_2)
    stores.load("orders", bought(1, store_id="3"), bought(2, customer_email="bob@example.com"))
    stores.load("customers", ada(6, FEBRUARY, website_id="2", email="bob@example.com", firstname="Bob"))
    assert accounts(stores) == together("us:5", GUEST_2) | alone("us:6", "us guest 1 bob@example.com")


def test_guest_is_known_by_every_name_they_ordered_under(stores: Shop) -> None:
    stores.load("customers", ada(5, JANUARY, website_id="2"))
    stores.load("orders", bought(1, MARCH, customer_firstname="Augusta"))
    assert accounts(stores) == alone("us:5", GUEST)
    stores.load("orders", bought(2, FEBRUARY))
    assert accounts(stores) == together("us:5", GUEST)


def test_guests_who_share_an_address_are_never_matched_by_it_alone(stores: Shop) -> None:
    shared = of(stores, shared_guest_emails=["ada@example.com"], account_matching={"fields": ["email"]})
    shared.load("customers", ada(5, firstname="Desk"))
    shared.load("orders", bought(1), bought(2, customer_lastname="Lovelace"))
    assert len(distinct_accounts(shared)) == 3
    by_name = of(shared, code="de", shared_guest_emails=["ada@example.com"])
    by_name.load("customers", ada(5, website_id="2"))
    by_name.load("orders", bought(1), bought(2, customer_lastname="Lovelace"))
    assert len(distinct_accounts(by_name)) == 5


def test_customers_of_two_channels_with_the_same_rule_are_one_account(stores: Shop) -> None:
    of(stores, account_matching={"fields": ["email", "last_name"]}).load("customers", ada(1, FEBRUARY))
    of(stores, code="de", account_matching={"fields": ["last_name", "email"]}).load("customers", ada(1))
    of(stores, code="uk").load("customers", ada(1))
    assert accounts(stores) == together("us:1", "de:1") | alone("uk:1")


def test_own_account_stays_whatever_a_registered_customer_changes(stores: Shop) -> None:
    stores.load("customers", ada(1, JANUARY), ada(2, FEBRUARY, website_id="2", email="bob@example.com"))
    stores.load("customers", ada(2, FEBRUARY, website_id="2"))
    assert accounts(stores) == alone("us:1", "us:2")
    stores.load("customers", ada(3, MARCH, website_id="3"))
    assert accounts(stores) == together("us:1", "us:3") | alone("us:2")


def test_match_outlives_the_values_it_was_made_by(stores: Shop) -> None:
    stores.load("customers", ada(1, JANUARY), ada(2, FEBRUARY, website_id="2"))
    stores.load("customers", ada(2, FEBRUARY, website_id="2", lastname="Lovelace", email="new@example.com"))
    assert accounts(stores) == together("us:1", "us:2")


@pytest.mark.parametrize(("strategy", "joined"), [("first", "us:1"), ("latest", "us:2")])
def test_strategy_decides_between_two_accounts_that_match(stores: Shop, strategy: str, joined: str) -> None:
    by_postcode = of(
        stores,
        account_matching={
            "fields": ["last_name"],
            "strategy": strategy,
            "addresses": {"fields": ["postal_code"]},
        },
    )
    by_postcode.load(
        "customers", *(at(n, month, n) for n, month in ((1, JANUARY), (2, FEBRUARY))), at(3, MARCH, 1, 2)
    )
    (other,) = {"us:1", "us:2"} - {joined}
    assert accounts(by_postcode) == together(joined, "us:3") | alone(other)


def distinct_accounts(shop: Shop) -> list[Any]:
    return shop.rows("select distinct account_key from crm.customers")


def at(number: int, created_at: str, *postcodes: int, **changes: Any) -> Any:
    """A customer with one address per postal code."""
    cards = [
        {"customer_address_id": f"{number}{n}", "postcode": f"{code} 0", "country_id": "GB"} | changes
        for n, code in enumerate(postcodes)
    ]
    return ada(number, created_at, email=f"{number}@example.com", addresses=cards)


ANY, TYPE, BILL, SHIP = (
    {"fields": ["last_name"], "addresses": {"fields": ["postal_code"], "strategy": strategy}}
    for strategy in ("any_of", "by_type", "billing", "shipping")
)
BILLING, SHIPPING = {"is_default_billing": "1"}, {"is_default_shipping": "1"}


@pytest.mark.parametrize(
    ("matching", "one", "other", "match"),
    [
        (ANY, {}, {}, True),
        (ANY, BILLING, SHIPPING, True),
        (TYPE, BILLING, SHIPPING, False),
        (TYPE, BILLING, BILLING, True),
        (BILL, BILLING, BILLING, True),
        (BILL, SHIPPING, SHIPPING, False),
        (SHIP, SHIPPING, SHIPPING, True),
        (SHIP, {}, {}, False),
    ],
)
def test_addresses_are_compared_as_the_channel_says(
    stores: Shop, matching: Any, one: Any, other: Any, match: bool
) -> None:
    choosy = of(stores, account_matching=matching)
    choosy.load("customers", at(1, JANUARY, 7, **one), at(2, FEBRUARY, 7, **other), at(3, MARCH, 8, **one))
    assert accounts(choosy) == (
        together("us:1", "us:2") | alone("us:3") if match else alone("us:1", "us:2", "us:3")
    )


def test_household_by_name_and_address_has_a_contact_for_each_person(stores: Shop) -> None:
    household = of(stores, account_matching=ANY)
    household.load("customers", at(1, JANUARY, 7), at(2, FEBRUARY, 7))
    assert accounts(household) == together("us:1", "us:2")
    assert contacts(household) == alone("us:1", "us:2")
    assert household.rows("select distinct account_key from crm.contacts") == ["us:1"]


def test_addresses_of_orders_speak_for_guests(stores: Shop) -> None:
    phones = of(
        stores,
        account_matching={"fields": ["last_name"], "addresses": {"fields": ["phone"], "strategy": "billing"}},
    )
    phones.load("orders", bought(1, billing_address=address(1, telephone="+44 (20) 1")))
    card = {"customer_address_id": "1", "telephone": "4420 1", "is_default_billing": "1"}
    phones.load("customers", ada(5, website_id="2", email="other@example.com", addresses=[card]))
    assert accounts(phones) == together("us:5", GUEST)


RECORDS: dict[str, Callable[[], Any]] = {
    "registered": lambda: ("customers", ada(5, MARCH)),
    "other website": lambda: ("customers", ada(6, APRIL, website_id="2")),
    "old order": lambda: ("orders", bought(1, FEBRUARY)),
    "new order": lambda: ("orders", bought(2, MAY, customer_firstname="Augusta", store_id="3")),
    "other name": lambda: ("customers", ada(7, JANUARY, website_id="3", firstname="Augusta")),
}


def test_any_order_of_loading_gives_the_same_accounts_under_the_same_keys(stores: Shop) -> None:
    seen = set()
    for arranged in [*permutations(RECORDS)][::24]:
        stores.execute(
            "truncate crm.customers, crm.accounts, crm.contacts, crm.account_matches, crm.orders, crm.order_addresses,"
            " crm.order_items, crm.order_comments, crm.order_payments"
        )
        for name in arranged:
            stores.load(*RECORDS[name]())
        seen.add(
            str(
                stores.rows(
                    "select customers.customer_key, account_key, contact_key, matched_customer_key, rule"
                    " from crm.customers left join crm.account_matches using (customer_key) order by 1"
                )
                + stores.rows(
                    "select account_key, account_name, customer_count from crm.accounts"
                    " where deleted_at is null order by 1"
                )
            )
        )
    assert len(seen) == 1


def all_rows(shop: Shop) -> list[Any]:
    tables = ("customers", "accounts", "contacts", "account_matches")
    return [shop.rows(f"select * from crm.{table} order by 1") for table in tables]  # noqa: S608 - our own names


def test_second_load_changes_nothing(stores: Shop) -> None:
    for record in RECORDS.values():
        stores.load(*record())
    everything = all_rows(stores)
    outcomes = [stores.load(*record()) for record in RECORDS.values()]
    assert not any("accounts" in outcome or "accounts_of_guests" in outcome for outcome in outcomes)
    assert everything == all_rows(stores)


def test_older_customer_who_turns_up_later_gives_the_account_its_name(stores: Shop) -> None:
    stores.load("customers", ada(2, FEBRUARY, website_id="2"))
    stores.load("customers", ada(1, JANUARY))
    assert accounts(stores) == together("us:1", "us:2")
    assert stores.rows(
        "select account_key, merged_into_account_key, deleted_at is null from crm.accounts order by 1"
    ) == [
        ("us:1", None, True),
        ("us:2", "us:1", False),
    ]
    assert stores.touched("account") == {"us:1", "us:2"}
    # A name that nobody bears any more would outlive the erasure of its person.
    assert stores.rows("select account_name from crm.accounts where account_key = 'us:2'") == [None]
    assert stores.rows("select contact_key from crm.contacts") == ["us:1"]


def test_card_follows_the_names_and_goes_with_the_last_customer(stores: Shop) -> None:
    stores.load("orders", bought(1))
    stores.load("orders", bought(1, customer_firstname="Augusta"))
    assert stores.one("select first_name from crm.contacts") == "Augusta"
    assert stores.one("select account_name from crm.accounts") == "Augusta Byron"
    stores.load("orders", bought(1, customer_id="9"))
    assert stores.one("select customer_count, deleted_at is not null from crm.accounts") == (0, True)
    assert stores.one("select deleted_at is not null from crm.contacts")
    stores.load("orders", bought(1))
    assert stores.one("select customer_count, deleted_at is null from crm.accounts") == (1, True)


def test_owner_comes_from_the_channel_and_later_ones_only_fill_what_has_none(stores: Shop) -> None:
    of(stores).load("customers", ada(1))
    assert stores.one("select owner_name from crm.accounts") is None
    of(stores, default_owner="sales").load("customers", ada(2, email="bob@example.com"))
    of(stores, default_owner="service").load(
        "customers", ada(1, lastname="King"), ada(3, email="c@example.com")
    )
    for table in ("accounts", "contacts"):
        owners = stores.rows(f"select owner_name from crm.{table} order by {table[:-1]}_key")  # noqa: S608 - our own
        assert owners == ["sales", "sales", "service"]


def test_changed_settings_look_at_everybody_again_and_part_nobody(stores: Shop) -> None:
    strict = of(stores)
    strict.load("customers", ada(1, JANUARY), ada(2, FEBRUARY, website_id="2", firstname="Augusta"))
    of(stores, account_matching={"fields": ["email"]}).load("customers")
    assert accounts(stores) == together("us:1", "us:2")
    register(strict.engine, strict.channel, T0)
    strict.load("customers")
    assert accounts(stores) == together("us:1", "us:2")


def test_warehouse_loaded_before_there_were_accounts_gets_them_with_the_next_window(stores: Shop) -> None:
    known = of(stores)
    known.load("customers", ada(1, JANUARY), ada(2, FEBRUARY, website_id="2"))
    stores.execute("truncate crm.accounts, crm.contacts, crm.account_matches")
    stores.execute("update crm.customers set account_key = customer_key, contact_key = customer_key")
    stores.execute("update ops.channels set matched_by_json = null")
    known.load("orders")
    assert accounts(stores) == together("us:1", "us:2")
    assert stores.rows("select account_key from crm.accounts where deleted_at is null") == ["us:1"]


def test_erased_person_s_account_and_contact_have_no_name_left(stores: Shop) -> None:
    stores.load("customers", ada(1))
    stores.load("orders", bought(1))
    erase_person(stores.engine, stores.keys, "us:1")
    assert stores.rows("select account_name, customer_count from crm.accounts where deleted_at is null") == [
        (None, 2)
    ]
    assert stores.rows(
        "select distinct num_nonnulls(email, email_normalised, first_name, last_name) from crm.contacts"
    ) == [0]
