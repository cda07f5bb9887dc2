"""However customers, carts and orders are cut, shuffled and repeated: the same accounts, keys and reasons."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from include.magento.door import Record
from tests.identity.people import APRIL, FEBRUARY, JANUARY, MARCH, of
from tests.sync.records import address, cart, customer, order
from tests.sync.shop import Shop

Load = tuple[str, list[Record]]

EMAILS = st.sampled_from(["ada@example.com", " ADA@example.com", "bob@example.com"])
FIRST_NAMES = st.sampled_from(["Ada", "Augusta", None])
MONTHS = st.sampled_from([JANUARY, FEBRUARY, MARCH, APRIL])
TABLES = (
    "customers accounts contacts account_matches account_lifetimes carts cart_items cart_addresses "
    "orders order_items order_addresses order_comments order_payments"
).split()
OUTCOMES = (
    (
        "select customer_key, is_guest, first_name, source_created_at, account_key, contact_key, rule,"
        " matched_customer_key, is_same_person"
        " from crm.customers left join crm.account_matches using (customer_key) order by 1"
    ),
    (
        "select account_key, account_name, customer_count, has_registered_customer, source_created_at"
        " from crm.accounts where deleted_at is null order by 1"
    ),
    (
        "select contact_key, account_key, customer_key, first_name, source_created_at"
        " from crm.contacts where deleted_at is null order by 1"
    ),
    (
        "select account_key, currency_code, is_reporting_currency, order_count, lifetime_amount"
        " from crm.account_lifetimes where valid_to is null and order_count > 0 order by 1, 2, 3"
    ),
)
# Not made smaller when it fails: each example costs a second of a database, and they are small enough.
PHASES = (Phase.reuse, Phase.generate)


@st.composite
def a_person_s(draw: st.DrawFn, entity: str, number: int) -> Record:
    """One record of somebody who has few names, few addresses and any age."""
    name, email, created_at = draw(FIRST_NAMES), draw(EMAILS), draw(MONTHS)
    place = draw(st.sampled_from(["1", "3"]))  # a store view of the first or of the second website
    if entity == "customers":
        website = {"1": "1", "3": "2"}[place]
        return customer(number, email=email, firstname=name, created_at=created_at, website_id=website)
    named: dict[str, Any] = {
        "customer_email": email,
        "customer_firstname": name,
        "customer_lastname": draw(st.sampled_from(["Byron", None])),
        "store_id": place,
        "billing_address": draw(st.sampled_from([{}, address(number * 10, firstname="Augusta")])),
    }
    build = {"carts": cart, "orders": order}[entity]
    return build(number, created_at=created_at, **named)


@st.composite
def loads_in_any_order(draw: st.DrawFn) -> tuple[list[Load], list[Load]]:
    """A shop entity by entity, and the same cut into windows, shuffled, some of them twice."""
    shop: list[Load] = []
    windows: list[Load] = []
    for entity in ("customers", "carts", "orders"):
        numbers = range(1, draw(st.integers(1, 2)) + 1)
        records = [draw(a_person_s(entity, number)) for number in numbers]
        cut = draw(st.integers(0, len(records)))
        shop.append((entity, records))
        windows += [(entity, part) for part in (records[:cut], records[cut:]) if part]
    again = draw(st.lists(st.sampled_from(windows), max_size=2))
    return shop, list(draw(st.permutations(windows + again)))


@pytest.fixture
def people(stores: Shop) -> Shop:
    return of(stores)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=4, phases=PHASES
)
@given(made=loads_in_any_order())
def test_any_cut_any_order_and_any_repetition_give_the_same_accounts(
    people: Shop, made: tuple[list[Load], list[Load]]
) -> None:
    shop, windows = made

    def after(loads: list[Load]) -> list[list[Any]]:
        people.execute(f"truncate {', '.join(f'crm.{name}' for name in TABLES)}, ops.touched, ops.windows")
        for entity, records in loads:
            people.load(entity, *records)
        return [people.rows(query) for query in OUTCOMES]

    assert after(windows) == after(shop)
