"""The chain on the demo store over REST: what its database holds, whatever the store does while it is read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.demo_store.running import RunningStore, running_store
from include.demo_store.settings import ACCESS_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, TOKEN_SECRET
from include.entities import catalogue
from include.magento.rest.address import AdminLogin, BearerToken, Credentials, OAuthKeys, RestAddress
from include.settings import PROJECT_ROOT
from tests.journeys import truth
from tests.wire.chain import Chain, changed, channel
from tests.wire.conftest import Fresh

pytestmark = pytest.mark.slow(30)

SIZE: dict[str, Any] = {"kind": "magento2", "customers": 40, "orders": 90}
HOURS = 30.0
BEARER = BearerToken(token=ACCESS_TOKEN)
KEYS = OAuthKeys(
    consumer_key=CONSUMER_KEY, consumer_secret=CONSUMER_SECRET, token=ACCESS_TOKEN, token_secret=TOKEN_SECRET
)
M2 = channel(code="us", kind="magento2", limits={"page_size": 50})
ALL_AT_ONCE: dict[str, Any] = {
    "bearer": False,
    "fail_every": 11,
    "page_cap": 30,
    "last_page_repeats": True,
    "max_rows": 25,
    "slow_every": 25,
    "slow_seconds": 0.05,
    "date_skew": 300,
    "compressed": True,
}
Rows = dict[str, dict[str, object]]
Tables = dict[str, Rows]


def address(store: RunningStore, credentials: Credentials = BEARER) -> RestAddress:
    return RestAddress(url=store.url, credentials=credentials, timeout_seconds=20)


def contents(engine: Engine) -> Tables:
    """Every crm table by key, without what differs from run to run."""
    is_gone = "jsonb_build_object('is_gone', deleted_at is not null)"
    left_out = f"- 'first_seen_at' - 'changed_at' - 'window_id' - 'deleted_at' || {is_gone}"
    tables: Tables = {}
    with engine.connect() as connection:
        for table in catalogue.tables():
            query = f"select {table.key_column}, to_jsonb(t) {left_out} from crm.{table.name} as t"  # noqa: S608 - ours
            tables[table.name] = {row[0]: row[1] for row in connection.execute(text(query))}
    return tables


def two_runs(chain: Chain, credentials: Credentials = BEARER, **settings: Any) -> Tables:
    """The warehouse after the first load and, a day of the shop later, a run for what changed."""
    with running_store(**SIZE, **settings) as store:
        chain.load(address(store, credentials))
        store.tick(HOURS)
        chain.load(address(store, credentials))
    return contents(chain.engine)


def differences(found: Rows, wanted: Rows) -> dict[str, object]:
    """Rows that are not alike, by key: what is otherwise in each."""
    return {
        key: {
            name: (found.get(key, {}).get(name), wanted.get(key, {}).get(name))
            for name in {**found.get(key, {}), **wanted.get(key, {})}
            if found.get(key, {}).get(name) != wanted.get(key, {}).get(name)
        }
        for key in found.keys() | wanted.keys()
        if found.get(key) != wanted.get(key)
    }


def waiting(engine: Engine) -> set[tuple[str, str]]:
    query = text("select entity, record_key from ops.quarantine where resolved_at is null")
    with engine.connect() as connection:
        return {(row[0], row[1]) for row in connection.execute(query)}


@pytest.fixture(scope="module")
def loaded(fresh: Fresh) -> Iterator[tuple[Chain, RunningStore]]:
    """A shop with an oddity of most kinds, loaded once."""
    with running_store(kind="magento2", customers=120, orders=320) as store:
        chain = fresh(channel=M2)
        chain.load(address(store, AdminLogin(user=store.user, password=store.key)))
        yield chain, store


@pytest.fixture(scope="module")
def undisturbed(fresh: Fresh) -> Tables:
    tables = two_runs(fresh(channel=M2))
    assert not {name for name, rows in tables.items() if not rows}
    return tables


def rows(
    engine: Engine, table: str, columns: Mapping[str, str], where: str = "true"
) -> list[dict[str, str | None]]:
    """Rows of a table, values as the shop writes them, by the first column."""
    names = list(columns)
    query = f"select {', '.join(names)} from crm.{table} where {where} order by {names[0]}"  # noqa: S608 - ours
    with engine.connect() as connection:
        found = connection.execute(text(query)).all()
    return [dict(zip(names, map(truth.as_shop, row), strict=True)) for row in found]


def told(row: truth.Row, columns: Mapping[str, str]) -> dict[str, str | None]:
    """As the shop holds it: JSON carries control characters, and PostgreSQL all but one of them."""
    return {
        name: value and re.sub(r"&#(\d+);", lambda found: chr(int(found[1])).strip("\0"), value)
        for name, value in truth.told(row, columns).items()
    }


def by_id(records: list[dict[str, str | None]]) -> list[dict[str, str | None]]:
    return sorted(records, key=lambda record: int(next(iter(record.values())) or 0))


def test_people_orders_and_lines_are_the_shop_s(loaded: tuple[Chain, RunningStore]) -> None:
    chain, store = loaded
    shop, engine = store.shop, chain.engine
    people = [told(customer.row, truth.CUSTOMERS) for customer in shop.customers()]
    cards = [told(card, truth.ADDRESSES) for person in shop.customers() for card in person.addresses]
    orders = [told(order.row, truth.ORDERS) for order in shop.orders()]
    lines = [told(item, truth.ITEMS) for order in shop.orders() for item in order.items]
    assert rows(engine, "customers", truth.CUSTOMERS, "not is_guest") == by_id(people)
    assert rows(engine, "customer_addresses", truth.ADDRESSES) == by_id(cards)
    assert rows(engine, "orders", truth.ORDERS) == by_id(orders)
    assert rows(engine, "order_items", truth.ITEMS) == by_id(lines)


def test_papers_carts_and_stock_add_up_to_the_shop_s(loaded: tuple[Chain, RunningStore]) -> None:
    chain, store = loaded
    shop = store.shop
    sums = {
        "invoices": [paper.row for paper in shop.invoices()],
        "credit_memos": [paper.row for paper in shop.credit_memos()],
    }
    with chain.engine.connect() as connection:

        def value(query: str) -> Any:
            return connection.execute(text(query)).scalar_one()

        for table, papers in sums.items():
            found = value(f"select sum(base_grand_total_amount) from crm.{table}")  # noqa: S608 - ours
            assert found == sum(Decimal(row["base_grand_total"] or 0) for row in papers)
        counts = {
            "order_comments": sum(e["comment"] is not None for o in shop.orders() for e in o.history),
            "shipments": sum(1 for _ in shop.shipments()),
            "shipment_tracks": sum(len(paper.tracks) for paper in shop.shipments()),
            "carts": sum(1 for _ in shop.carts()),
            "cart_items": sum(
                item["parent_item_id"] is None
                for cart in shop.carts()
                if cart.row["is_active"] == "1"
                for item in cart.items
            ),
            "products": sum(1 for _ in shop.products()),
        }
        assert {name: value(f"select count(*) from crm.{name}") for name in counts} == counts  # noqa: S608 - ours
        carts = [cart.row for cart in shop.carts() if cart.row["is_active"] == "1" and cart.items]
        total = value("select sum(base_grand_total_amount) from crm.carts")
        assert total == sum(Decimal(row["base_grand_total"] or 0) for row in carts)
        stock = sum(Decimal(product.stock["qty"] or 0) for product in shop.products())
        assert value("select sum(stock_qty) from crm.stock_items") == stock
        subscribed = connection.execute(
            text("select email_normalised from crm.newsletter_subscribers where status = 'subscribed'")
        )
        states: dict[str, set[str | None]] = {}
        for row in shop.subscribers():
            states.setdefault((row["subscriber_email"] or "").strip().lower(), set()).add(
                row["subscriber_status"]
            )
        people = [(c.row["email"] or "").strip().lower() for c in shop.customers()]
        wanted = Counter(mail for mail in people if mail and "1" in states.get(mail, ()))
        assert Counter(mail for mail in subscribed.scalars() if mail) == wanted


def test_second_run_changes_nothing_and_nothing_waits(loaded: tuple[Chain, RunningStore]) -> None:
    chain, store = loaded
    assert changed(chain.load(address(store))) == {}
    assert waiting(chain.engine) == set()


def test_store_that_misbehaves_in_every_way_gives_what_it_would_have_given(
    fresh: Fresh, undisturbed: Tables
) -> None:
    chain = fresh(channel=M2)
    found = two_runs(chain, KEYS, **ALL_AT_ONCE)
    assert waiting(chain.engine) == set()
    for name, wanted in undisturbed.items():
        assert differences(found[name], wanted) == {}, name


def test_record_on_which_the_store_dies_waits_by_its_id_while_all_others_load(fresh: Fresh) -> None:
    chain = fresh(channel=M2)
    fatal = {"carts": ("cart:15", 15), "orders": ("order:33", 33), "customers": ("customer:8", 8)}
    with running_store(**SIZE, fatal=tuple(entry for entry, _ in fatal.values())) as store:
        chain.load(address(store), entities=["stores", *fatal])
        shop = store.shop
    there = {
        "carts": [int(cart.row["entity_id"] or 0) for cart in shop.carts()],
        "orders": list(shop.order_ids()),
        "customers": list(shop.customer_ids()),
    }
    assert waiting(chain.engine) == {(table, f"us:{number}") for table, (_, number) in fatal.items()}
    for table, (_, number) in fatal.items():
        own_id = f"{table.removesuffix('s')}_id"
        query = text(f"select {own_id} from crm.{table} where {own_id} is not null")  # noqa: S608 - ours
        with chain.engine.connect() as connection:
            assert sorted(connection.execute(query).scalars()) == sorted(set(there[table]) - {number})


def test_rows_that_change_while_they_are_paged_are_all_there_in_the_end(fresh: Fresh) -> None:
    """But for carts: one that was read while it was open keeps its totals, which a closed one does not tell."""
    compared = ("customers", "orders", "order_items", "order_comments", "invoices", "shipments")
    read = ("stores", "customers", "orders", "carts", "invoices", "shipments")
    chain, expected = fresh(channel=M2), fresh(channel=M2)
    with running_store(**SIZE, clock_step=600) as store:
        chain.load(address(store), entities=read)
        chain.load(address(store), entities=read)
    with running_store(**SIZE, shop=store.shop) as calm:
        calm.tick(1)
        chain.load(address(calm), entities=read)
        expected.load(address(calm), entities=read)
    ends, wanted = contents(chain.engine), contents(expected.engine)
    living = {
        name: {key: row for key, row in rows.items() if not row["is_gone"]} for name, rows in ends.items()
    }
    assert living["carts"].keys() == wanted["carts"].keys()
    for name in compared:
        assert differences(living[name], wanted[name]) == {}, name


def test_run_killed_between_reading_and_loading_is_finished_by_the_next(fresh: Fresh) -> None:
    chain = fresh(channel=M2)
    with running_store(**SIZE) as store:
        kill_when_extracted(chain, store)
        with chain.engine.connect() as connection:
            done = "select count(*) from ops.windows where state = 'done' and entity = 'orders'"
            assert connection.execute(text(done)).scalar_one() == 0
        chain.load(address(store), entities=["orders"])
        shop = store.shop
    orders = [told(order.row, truth.ORDERS) for order in shop.orders()]
    lines = [told(item, truth.ITEMS) for order in shop.orders() for item in order.items]
    assert rows(chain.engine, "orders", truth.ORDERS) == by_id(orders)
    assert rows(chain.engine, "order_items", truth.ITEMS) == by_id(lines)
    assert waiting(chain.engine) == set()


def kill_when_extracted(chain: Chain, store: RunningStore) -> None:
    """A run in a process of its own, killed as soon as the first window is read."""
    warehouse = chain.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.wire.chain", store.url, warehouse, str(chain.root), "orders"]
    process = subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 90
    has_come = text("select exists (select from ops.windows where entity = 'orders' and state = 'extracted')")
    try:
        with chain.engine.connect() as connection:
            while not connection.execute(has_come).scalar_one():
                connection.commit()
                assert process.poll() is None, "the run ended before it could be killed"
                assert time.monotonic() < until, "the moment never came"
                time.sleep(0.01)
    finally:
        process.kill()
        process.wait()
