"""Who is one account in the recorded shop, counted from its own answers; in whatever order they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from include.sync.windows_to_read import WindowsToRead
from tests.wire.chain import contents
from tests.wire.conftest import Fresh, Loaded, Recorded
from tests.wire.recorded import truth

Rows = Mapping[str, dict[str, object]]
Names = tuple[str | None, ...]


@pytest.fixture(scope="module")
def customers(with_bridge: Loaded) -> Rows:
    return contents(with_bridge.engine, "customers")


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_everybody_belongs_to_one_account_and_one_contact_of_it(with_bridge: Loaded, customers: Rows) -> None:
    alive = {k for k, r in contents(with_bridge.engine, "accounts").items() if r["deleted_at"] is None}
    people = {k: r for k, r in contents(with_bridge.engine, "contacts").items() if r["deleted_at"] is None}
    assert {r["account_key"] for r in customers.values()} == alive
    assert {(r["contact_key"], r["account_key"]) for r in customers.values()} == {
        (k, r["account_key"]) for k, r in people.items()
    }


@pytest.fixture(scope="module")
def names_of(with_bridge: Loaded, customers: Rows) -> Mapping[str, set[Names]]:
    """The names of each customer; of a guest all those on orders and carts, since any of them may be the newest."""
    found: dict[str, set[Names]] = {key: {folded(row)} for key, row in customers.items()}
    for table in ("orders", "carts"):
        for row in contents(with_bridge.engine, table).values():
            if row["is_guest"] and row["customer_key"] in found and row["customer_first_name"]:
                named = {n: row[f"customer_{n}"] for n in ("first_name", "last_name")}
                found[str(row["customer_key"])].add(folded(named))
    return {key: {one for one in names if None not in one} for key, names in found.items()}


def test_partition_is_the_one_that_the_rules_give_by_hand(
    customers: Rows, names_of: Mapping[str, set[Names]]
) -> None:
    """By the rules, one customer at a time from the oldest on: as OroCRM would have met them."""
    founders: dict[str, str] = {}
    undated = datetime.max.replace(tzinfo=UTC)
    for key in sorted(customers, key=lambda k: (customers[k]["source_created_at"] or undated, k)):
        older = next(matching(key, {k: customers[k] for k in (*founders, key)}, names_of), None)
        founders[key] = founders[older] if older else key
    assert {key: row["account_key"] for key, row in customers.items()} == founders
    assert len(set(founders.values())) < len(customers)


def matching(whom: str, known: Rows, names_of: Mapping[str, set[Names]]) -> Iterator[str]:
    """Customers that came before, by age; guest and registered customer of one website first."""
    row, older = known[whom], {key: one for key, one in known.items() if key != whom}
    mail = row["email_normalised"]
    if mail is None:
        return
    for key, other in older.items():
        is_one_a_guest = row["is_guest"] is not other["is_guest"]
        is_one_website = row["website_id"] == other["website_id"] is not None
        if other["email_normalised"] == mail and is_one_a_guest and is_one_website:
            yield key
    for key, other in older.items():
        if other["email_normalised"] == mail and names_of[key] & names_of[whom]:
            yield key


def folded(row: Mapping[str, object]) -> Names:
    return tuple(str(row[n]).strip().lower() if row[n] else None for n in ("first_name", "last_name"))


def test_twenty_mails_on_two_websites(customers: Rows, truth_dir: Path) -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for customer in truth(truth_dir, "customers"):
        if (customer["email"] or "NULL") != "NULL":
            places[customer["email"].lower()].add(f"us:{customer['entity_id']}")
    twice = [keys for keys in places.values() if len(keys) > 1]
    assert len(twice) == 20
    for keys in twice:
        names = {folded(customers[k]) for k in keys}
        assert len({customers[k]["account_key"] for k in keys}) == len(names)


def test_every_order_of_a_guest_or_deleted_customer_reaches_an_account(
    with_bridge: Loaded, truth_dir: Path
) -> None:
    orders, customers = (contents(with_bridge.engine, table) for table in ("orders", "customers"))
    flagged = {f"us:{o['entity_id']}" for o in truth(truth_dir, "orders") if o["customer_is_guest"] == "1"}
    unregistered = {k for k, order in orders.items() if order["is_guest"]}
    assert (len(flagged), len(unregistered - flagged)) == (84, 18)
    assert all(customers[str(orders[k]["customer_key"])]["account_key"] for k in flagged | unregistered)


def test_order_with_the_mail_of_a_registered_customer_is_in_that_customer_s_account(
    with_bridge: Loaded,
) -> None:
    query = (
        "select registered.account_key = buyers.account_key from crm.orders"
        " join crm.customers as buyers on orders.customer_key = buyers.customer_key and buyers.is_guest"
        " join crm.customers as registered on registered.email_normalised = buyers.email_normalised"
        " and registered.website_id = buyers.website_id and not registered.is_guest"
    )
    found = rows(with_bridge.engine, query)
    assert len(found) > 10
    assert set(found) == {(True,)}


def test_every_match_has_its_rule_and_its_instant(with_bridge: Loaded) -> None:
    assert rows(
        with_bridge.engine,
        "select count(*) from crm.customers full join crm.account_matches using (customer_key)"
        " where (account_key <> customer_key) <> (rule is not null and matched_at is not null)",
    ) == [(0,)]


def test_lifetime_values_add_up_to_the_orders_and_refunds_of_the_shop(
    with_bridge: Loaded, truth_dir: Path
) -> None:
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    rates = contents(with_bridge.engine, "orders")
    for row in truth(truth_dir, "orders"):
        if row["state"] != "canceled":
            order = rates[f"us:{row['entity_id']}"]
            wanted[row["base_currency_code"]] += order["base_subtotal_amount"] - abs(
                order["base_discount_amount"]
            )  # type: ignore[operator, arg-type]
    current = "from crm.account_lifetimes where valid_to is null"
    found = rows(
        with_bridge.engine,
        f"select currency_code, sum(lifetime_amount) {current} and not is_reporting_currency group by 1",
    )
    assert dict(found) == dict(wanted)  # type: ignore[arg-type]
    assert rows(
        with_bridge.engine,
        f"select sum(order_count), sum(unconverted_order_count) {current} and is_reporting_currency",
    ) == [(374, 0)]
    assert rows(
        with_bridge.engine,
        "select sum(base_subtotal_amount - abs(base_discount_amount) + coalesce(base_adjustment_amount, 0))"
        " - (select sum(refund_amount) from crm.account_lifetimes where valid_to is null and not is_reporting_currency)"
        " from crm.credit_memos",
    ) == [(0,)]


def test_an_order_that_was_given_back_whole_is_worth_nothing(with_bridge: Loaded) -> None:
    """Less than nothing where the shop paid back more than it got, as it did once."""
    query = (
        "select count(*), count(*) filter (where whole.base_grand_total_amount < refunds.base_grand_total_amount),"
        " sum(orders.base_revenue_amount - refunds.base_refunded_revenue_amount),"
        " sum(whole.base_grand_total_amount - refunds.base_grand_total_amount)"
        " from crm.refunds_that_count as refunds join crm.orders_that_count as orders using (order_key)"
        " join crm.orders as whole using (order_key) where whole.state = 'closed'"
    )
    lost = Decimal("-5.25")
    assert rows(with_bridge.engine, query) == [(19, 1, lost, lost)]


@pytest.mark.parametrize(
    "entities", [("orders", "carts", "customers", "stores"), ("customers", "stores", "carts", "orders")]
)
def test_accounts_do_not_depend_on_the_order_or_size_of_windows(
    with_bridge: Loaded,
    fresh: Fresh,
    recorded: Recorded,
    monkeypatch: pytest.MonkeyPatch,
    entities: tuple[str, ...],
) -> None:
    monkeypatch.setattr(WindowsToRead, "_ids_per_window", lambda _: 50)
    chain = replace(fresh(), arrange=lambda windows: windows[::-1])
    for entity in entities:
        chain.load(recorded(), entities=[entity])
    assert worth(chain.engine) == worth(with_bridge.engine)
    for table in ("customers", "accounts", "contacts"):
        found, wanted = (alive(engine, table) for engine in (chain.engine, with_bridge.engine))
        assert found == wanted, table


def worth(engine: Engine) -> list[tuple[object, ...]]:
    return rows(
        engine,
        "select account_key, currency_code, is_reporting_currency, order_count, lifetime_amount"
        " from crm.account_lifetimes where valid_to is null order by 1, 2, 3",
    )


def alive(engine: Engine, table: str) -> dict[str, dict[str, object]]:
    """Former names of accounts stay behind as deleted rows; which there were depends on what came first."""
    return {k: r for k, r in contents(engine, table).items() if r["deleted_at"] is None}
