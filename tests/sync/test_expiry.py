"""Open carts that the store dropped: expired, without taking a silent store at its word."""

from __future__ import annotations

from typing import Any

import pytest

from include.entities.catalogue import entity
from include.errors import DataError
from include.magento.door import Ids
from include.sync.expiry import Expiry
from include.sync.sweep import Sweep
from tests.sync.records import cart, order
from tests.sync.shop import Shop
from tests.sync.store import Store, by_id, loaded


@pytest.fixture
def carts(shop: Shop) -> Store:
    """Five open carts and a closed one, loaded."""
    return loaded(shop, carts=[cart(n) for n in (1, 2, 3, 4, 5)] + [cart(6, is_active="0")])


def expire(shop: Shop, *, allow_deletions: bool = False) -> list[int]:
    return Expiry(reader=by_id(shop), entity=entity("carts"), allow_deletions=allow_deletions).run()


def statuses(shop: Shop) -> dict[int, str]:
    return dict(shop.rows("select cart_id, status from crm.carts order by 1"))


def test_open_cart_gone_from_the_store_expires(shop: Shop, carts: Store) -> None:
    del carts.of("carts")[0]
    carts.asked.clear()
    assert expire(shop) == [1]
    assert statuses(shop) == {1: "expired", 6: "expired"} | dict.fromkeys((2, 3, 4, 5), "open")
    assert shop.rows("select cart_id from crm.cart_items where deleted_at is not null") == [1]
    assert carts.asked == [Ids(ids=(1, 2, 3, 4, 5))]
    assert shop.rows("select status from crm.carts_history where cart_key = 'us:1'") == ["open"]


def test_cart_that_comes_back_is_open_again(shop: Shop, carts: Store) -> None:
    back = carts.of("carts").pop(0)
    expire(shop)
    carts.of("carts").insert(0, back)
    Sweep(reader=by_id(shop), entity=entity("carts")).run()
    assert statuses(shop)[1] == "open"


def test_gone_cart_that_an_order_came_of_stays_purchased(shop: Shop) -> None:
    store = loaded(shop, carts=[cart(1), cart(2)], orders=[order(7, quote_id="1")])
    del store.of("carts")[0]
    assert expire(shop) == []  # purchased, so nobody asks for it
    Sweep(reader=by_id(shop), entity=entity("carts")).run()
    assert statuses(shop) == {1: "purchased", 2: "open"}
    assert shop.rows("select cart_id from crm.carts where deleted_at is not null") == [1]


def test_many_open_carts_gone_at_once_are_asked_about(shop: Shop, carts: Store) -> None:
    del carts.of("carts")[:4]
    with pytest.raises(DataError, match=r"4 of 6 known carts of channel us are gone .* allow_deletions"):
        expire(shop)
    assert statuses(shop)[1] == "open"
    assert expire(shop, allow_deletions=True) == [1, 2, 3, 4]


def test_store_without_any_cart_is_not_believed_whatever_a_person_says(shop: Shop, carts: Store) -> None:
    carts.of("carts").clear()
    with pytest.raises(DataError, match="lists no carts at all"):
        expire(shop, allow_deletions=True)
    assert statuses(shop)[1] == "open"


def test_last_open_cart_may_expire_while_the_store_has_others(shop: Shop) -> None:
    store: Any = loaded(shop, carts=[cart(1), cart(2, is_active="0")])
    del store.of("carts")[0]
    assert expire(shop) == [1]


def test_shop_without_open_carts_asks_nothing(shop: Shop) -> None:
    store = loaded(shop, carts=[cart(1, is_active="0")])
    store.asked.clear()
    assert (expire(shop), store.asked) == ([], [])
