"""Who looks after a row: the channel's default_owner when it arrives, and nothing the store says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from include.entities.catalogue import tables
from include.sync.registered import register, share_owner
from tests.sync.records import cart, customer, order
from tests.sync.shop import T0, Shop, channel

OWNED = ("customers", "orders", "carts")


def registered(shop: Shop, owner: str | None) -> Shop:
    """The shop under a file that names this owner."""
    after = replace(shop, channel=channel(default_owner=owner))
    register(shop.engine, after.channel, T0)
    return after


def owners(shop: Shop, table: str = "orders") -> list[Any]:
    return shop.rows(f"select owner_name from crm.{table} order by 1 nulls last")  # noqa: S608


def test_owned_tables_are_those_of_people_and_of_what_they_buy() -> None:
    assert {table.name for table in tables() if table.has_owner} == set(OWNED)


def test_everything_that_arrives_gets_the_owner_guests_included(shop: Shop) -> None:
    shop = registered(shop, "sales")
    shop.load("customers", customer(1))
    shop.load("orders", order(1, customer_id="1"), order(2))
    shop.load("carts", cart(1))
    assert owners(shop, "customers") == ["sales", "sales"]
    assert owners(shop, "orders") == ["sales", "sales"]
    assert owners(shop, "carts") == ["sales"]


def test_owner_stays_whatever_the_store_sends_and_its_rows_look_unchanged(shop: Shop) -> None:
    shop = registered(shop, "sales")
    shop.load("orders", order(1))
    shop.execute("update crm.orders set owner_name = 'ada'")
    assert shop.load("orders", order(1)) == shop.load("orders", order(1))
    assert "updated" not in shop.load("orders", order(1))["orders"]
    shop.load("orders", order(1, status="complete", updated_at="2026-05-01 00:00:00"))
    assert shop.one("select owner_name, status from crm.orders") == ("ada", "complete")


def test_first_owner_of_a_file_is_given_to_rows_that_have_none_and_touches_nothing_else(shop: Shop) -> None:
    shop = registered(shop, None)
    shop.load("orders", order(1), order(2))
    shop.execute("update crm.orders set owner_name = 'ada' where order_id = 1")
    rest = "select to_jsonb(orders) - 'owner_name' from crm.orders order by order_id"
    before = shop.rows(rest)
    shop = registered(shop, "sales")
    assert owners(shop) == ["ada", "sales"]
    assert owners(shop, "customers") == ["sales"]
    assert shop.rows(rest) == before


def test_another_owner_of_a_file_goes_to_what_arrives_from_then_on(shop: Shop) -> None:
    registered(shop, "sales").load("orders", order(1))
    shop = registered(shop, "support")
    shop.load("orders", order(1), order(2))
    assert owners(shop) == ["sales", "support"]


def test_owner_taken_out_of_the_file_is_taken_from_nobody(shop: Shop) -> None:
    registered(shop, "sales").load("orders", order(1))
    shop = registered(shop, None)
    shop.load("orders", order(1), order(2))
    assert owners(shop) == ["sales", None]


def test_rows_of_other_channels_keep_theirs(shop: Shop) -> None:
    other = shop.of(code="eu")
    register(shop.engine, other.channel, T0)
    other.load("orders", order(1))
    registered(shop, "sales")
    assert owners(shop) == [None]


def test_file_that_stays_the_same_rewrites_no_row(shop: Shop) -> None:
    shop = registered(shop, "sales")
    shop.load("orders", order(1))
    shop.execute("update crm.orders set owner_name = null")  # a person took it away
    registered(shop, "sales")
    assert owners(shop) == [None]


def test_rows_that_load_while_the_owner_changes_have_one_in_the_end(shop: Shop) -> None:
    register(shop.engine, shop.channel, T0)
    shop.load("orders", order(1))
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with ThreadPoolExecutor(1) as pool, shop.engine.connect() as loading:
        share_owner(loading, "us")  # what each window's transaction begins with
        change = pool.submit(registered, shop, "sales")
        while not shop.one(waiting):
            assert not change.done()
        loading.execute(text("update crm.orders set order_key = 'us:2'"))
        loading.commit()
        change.result(timeout=30)
    assert owners(shop) == ["sales"]


@pytest.mark.parametrize("owner", [None, "sales"])
def test_row_s_fingerprint_does_not_depend_on_the_owner(shop: Shop, owner: str | None) -> None:
    registered(shop, owner).load("orders", order(1))
    known = shop.one("select row_hash from crm.orders")
    shop.execute("delete from crm.orders")
    registered(shop, "another").load("orders", order(1))
    assert shop.one("select row_hash from crm.orders") == known
