"""What became of a cart: told by the store's facts, in whatever order they arrive, and by the CRM side in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import permutations

import pytest
from sqlalchemy import text

from include.sync import ledger
from include.sync.cart_statuses import upsert_cart_statuses
from include.sync.registered import register
from tests.reports.in_order import refresh_in_order
from tests.sync.migrated_warehouse import migrated_template
from tests.sync.records import cart, cart_item, order
from tests.sync.shop import Shop, shop

__all__ = ["migrated_template", "shop"]

LATER, LATEST = "2026-03-03 12:00:00", "2026-03-04 12:00:00"


def status(shop: Shop, number: int = 1) -> object:
    return shop.one("select status from crm.carts where cart_key = :key", key=f"us:{number}")


def was(shop: Shop) -> list[object]:
    return shop.rows("select status from crm.carts_history order by valid_to")


def set_by_crm(shop: Shop, value: str) -> None:
    shop.execute("update crm.carts set status = :value", value=value)


@pytest.mark.parametrize(
    ("is_active", "expected"), [("1", "open"), ("true", "open"), (None, "open"), ("0", "expired")]
)
def test_cart_is_open_until_the_store_closes_it(shop: Shop, is_active: str | None, expected: str) -> None:
    shop.load("carts", cart(1, is_active=is_active))
    assert status(shop) == expected


@pytest.mark.parametrize("sequence", permutations(("cart", "order", "cart again")))
def test_order_makes_its_cart_purchased_whichever_arrives_first(
    shop: Shop, sequence: tuple[str, ...]
) -> None:
    for step in sequence:
        if step == "order":
            shop.load("orders", order(7, quote_id="1"))
        elif step == "cart":
            shop.load("carts", cart(1))
        else:
            shop.load("carts", cart(1, is_active="0", updated_at=LATER))
    assert status(shop) == "purchased"


def test_order_of_another_cart_changes_nothing(shop: Shop) -> None:
    shop.load("carts", cart(1))
    shop.load("orders", order(7, quote_id="11"), order(8, quote_id=None))
    assert (status(shop), was(shop)) == ("open", [])


def test_order_of_another_channel_with_the_same_cart_id_changes_nothing(shop: Shop) -> None:
    shop.load("carts", cart(1))
    shop.of(code="de").load("orders", order(7, quote_id="1"))
    assert status(shop) == "open"


@pytest.mark.parametrize("kept", ["lost", "converted_to_opportunity"])
def test_status_of_the_crm_side_stays_until_the_store_closes_the_cart(shop: Shop, kept: str) -> None:
    shop.load("carts", cart(1))
    set_by_crm(shop, kept)
    shop.load("carts", cart(1, updated_at=LATER, items_qty="3.0000"))
    assert status(shop) == kept
    shop.load("carts", cart(1, updated_at=LATEST, is_active="0"))
    assert status(shop) == "expired"


@pytest.mark.parametrize("kept", ["lost", "converted_to_opportunity"])
def test_order_wins_over_the_crm_side(shop: Shop, kept: str) -> None:
    shop.load("carts", cart(1))
    set_by_crm(shop, kept)
    shop.load("orders", order(7, quote_id="1"))
    assert (status(shop), was(shop)) == ("purchased", [kept])


def test_order_that_loads_while_its_cart_does_still_makes_it_purchased(shop: Shop) -> None:
    """Neither sees what the other has not committed: they must not judge at the same time."""
    shop.load("carts", cart(1))
    with shop.engine.begin() as loading, ThreadPoolExecutor(1) as pool:
        ledger.hold(loading, "us", "carts")
        loading.execute(
            text("update crm.carts set cart_key = 'us:2', cart_id = 2")
        )  # stands for a cart that arrives
        order_loads = pool.submit(shop.load, "orders", order(7, quote_id="2"))
        while not order_loads.done() and not _somebody_waits(shop):
            pass
        assert not order_loads.done()
        loading.commit()
        order_loads.result()
    assert status(shop, 2) == "purchased"


def _somebody_waits(shop: Shop) -> bool:
    return bool(shop.one("select count(*) from pg_locks where locktype = 'advisory' and not granted"))


def test_cart_that_becomes_active_again_is_open_again(shop: Shop) -> None:
    shop.load("carts", cart(1, is_active="0"))
    shop.load("carts", cart(1, is_active="1", updated_at=LATER))
    assert (status(shop), was(shop)) == ("open", ["expired"])


def test_superseded_statuses_tile_the_time(shop: Shop) -> None:
    shop.load("carts", cart(1))
    shop.load("carts", cart(1, is_active="0", updated_at=LATER))
    shop.load("orders", order(7, quote_id="1"))
    versions = shop.rows("select status, valid_from, valid_to from crm.carts_history order by valid_to")
    seen, changed = shop.one("select first_seen_at, changed_at from crm.carts")
    assert [name for name, _, _ in versions] == ["open", "expired"]
    assert [since for _, since, _ in versions] == [seen, versions[0][2]]
    assert versions[-1][2] == changed


def test_cart_that_is_not_touched_again_makes_no_version(shop: Shop) -> None:
    shop.load("carts", cart(1))
    shop.load("carts", cart(1, items_qty="3.0000", customer_id="5"))
    assert was(shop) == []


def test_history_keeps_each_time_a_cart_was_left_although_buying_and_closing_change_it(shop: Shop) -> None:
    shop.load("carts", cart(1), cart(2))
    shop.load("carts", cart(1, updated_at=LATER), cart(2, updated_at=LATER, is_active="0"))
    shop.load("orders", order(7, quote_id="1"))
    shop.load("carts", cart(1, updated_at=LATEST, is_active="0", converted_at=LATEST))
    versions = shop.rows(
        "select distinct cart_key, last_open_at::text from crm.carts_history where last_open_at is not null "
        "order by 1, 2"
    )
    first = f"{cart(1)['updated_at']}+00"
    assert versions == [("us:1", first), ("us:1", f"{LATER}+00"), ("us:2", first)]
    assert shop.rows("select last_open_at from crm.carts") == [None, None]


def test_cart_left_and_bought_days_later_is_recovered_by_its_own_order(shop: Shop) -> None:
    register(shop.engine, shop.channel, shop.now)
    shop.load("carts", cart(1), cart(2))
    shop.load("carts", cart(1, updated_at=LATEST, is_active="0"), cart(2, updated_at=LATEST, is_active="0"))
    shop.load("orders", order(7, quote_id="1", created_at=LATEST))
    refresh_in_order(shop.engine, ["abandoned_carts"], now=datetime(2026, 3, 5, tzinfo=UTC))
    found = shop.rows("select cart_key, status, recovered_order_key from report.abandoned_carts order by 1")
    assert found == [("us:1", "purchased", "us:7"), ("us:2", "expired", "us:7")]
    [left_at] = shop.rows("select distinct last_activity_at::text from report.abandoned_carts")
    assert left_at == f"{cart(1)['updated_at']}+00"


def test_change_by_an_order_touches_the_cart_and_its_customer(shop: Shop) -> None:
    shop.load("carts", cart(1, customer_id="5"), cart(2, customer_id="6"))
    shop.load("orders", order(7, quote_id="1", customer_id="5"))
    assert shop.touched("cart") == {"us:1"}
    assert "us:5" in shop.touched("customer")


def test_order_whose_cart_was_purchased_before_touches_no_cart(shop: Shop) -> None:
    shop.load("carts", cart(1))
    shop.load("orders", order(7, quote_id="1"))
    shop.load("orders", order(7, quote_id="1", status="complete", updated_at=LATER))
    assert shop.touched("cart") == set()


def test_same_batch_again_changes_nothing(shop: Shop) -> None:
    shop.load("carts", cart(1), cart(2, is_active="0"))
    shop.load("orders", order(7, quote_id="1"))
    before = shop.rows("select * from crm.carts order by 1")
    assert shop.load("carts", cart(1), cart(2, is_active="0"))["carts"] == {"unchanged": 2}
    assert shop.rows("select * from crm.carts order by 1") == before


def test_cart_found_gone_from_the_store_is_expired_and_a_purchased_one_stays(shop: Shop) -> None:
    shop.load("carts", cart(1), cart(2), cart(3))
    shop.load("orders", order(7, quote_id="2"))
    with shop.engine.begin() as connection:
        connection.execute(text("update crm.carts set deleted_at = now() where cart_id < 3"))
        connection.execute(
            text(
                "insert into ops.touched (window_id, channel_code, subject, touched_key)"
                " values (99, 'us', 'cart', 'us:1'), (99, 'us', 'cart', 'us:2')"
            )
        )
        outcome = upsert_cart_statuses(connection, window_id=99, channel_code="us")
    assert outcome == {"inserted": 0, "updated": 1, "deleted": 0}
    assert [status(shop, number) for number in (1, 2, 3)] == ["expired", "purchased", "open"]


def test_line_taken_out_of_the_cart_stays_and_is_flagged(shop: Shop) -> None:
    shop.load("carts", cart(1, items=[cart_item(101), cart_item(102, sku="cup")]))
    shop.load("carts", cart(1, items=[cart_item(101)], updated_at=LATER))
    flags = shop.rows(
        "select sku, is_removed, deleted_at is not null from crm.cart_items order by cart_item_id"
    )
    assert flags == [("mug", False, False), ("cup", True, True)]
    shop.load("carts", cart(1, items=[cart_item(101), cart_item(102, sku="cup")], updated_at=LATEST))
    assert shop.rows("select is_removed from crm.cart_items") == [False, False]


def test_emptied_cart_flags_every_line(shop: Shop) -> None:
    shop.load("carts", cart(1))
    shop.load("carts", cart(1, items=[], items_qty="0", updated_at=LATER))
    assert shop.rows("select is_removed from crm.cart_items") == [True]


def test_of_a_payment_only_method_type_and_last_digits_are_kept(shop: Shop) -> None:
    shop.load("carts", cart(1))
    assert shop.one("select payment_method, card_type, card_last4 from crm.carts") == ("ccsave", "VI", "1111")


def test_names_of_categories_are_kept_with_the_line(shop: Shop) -> None:
    item = cart_item(101, categories=[{"name": "Kitchen"}, {"name": "Sale"}])
    shop.load("carts", cart(1, items=[item, cart_item(102, categories=None)]))
    found = shop.rows("select category_names_json from crm.cart_items order by cart_item_id")
    assert found == [["Kitchen", "Sale"], None]
