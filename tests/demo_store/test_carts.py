"""Carts: most become orders and then agree with them to the cent, the others are left behind in every way."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from include.demo_store import Shop, running_store
from include.demo_store.generate import oddities
from include.demo_store.generate.carts import order_of

QUOTE_NOT_EXISTS = ("1002", "Can not make operation because quote is not exists")


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop(customers=300, orders=1000, seed=5)


def asked(cart_id: Any, store_id: Any) -> str:
    return f"<quoteId>{cart_id}</quoteId><storeId>{store_id}</storeId>"


def test_every_order_came_from_the_cart_it_names(shop: Shop) -> None:
    for order in shop.orders():
        cart = shop.cart(int(order.row["quote_id"]))
        assert cart.row["reserved_order_id"] == order.row["increment_id"]
        assert cart.row["converted_at"] == order.row["created_at"] == cart.row["updated_at"]
        assert cart.row["created_at"] <= order.row["created_at"]
        assert cart.row["quote_currency_code"] == order.row["order_currency_code"]
        for name in (
            "grand_total",
            "base_grand_total",
            "subtotal",
            "base_subtotal",
            "coupon_code",
            "gift_message",
        ):
            assert cart.row.get(name) == order.row.get(name), name
        if order.row["customer_id"]:
            assert cart.row["customer_id"] == order.row["customer_id"]


def test_the_lines_of_a_cart_become_the_lines_of_its_order(shop: Shop) -> None:
    for order in shop.orders():
        cart = shop.cart(int(order.row["quote_id"]))
        numbers = {line["item_id"]: line["quote_item_id"] for line in order.items} | {None: None}
        assert [line["item_id"] for line in cart.items] == [line["quote_item_id"] for line in order.items]
        for mine, theirs in zip(cart.items, order.items, strict=True):
            assert mine["parent_item_id"] == numbers[theirs["parent_item_id"]]
            assert (mine["sku"], mine["row_total"]) == (theirs["sku"], theirs["row_total"])
            if not mine["parent_item_id"]:
                assert mine["qty"] == theirs["qty_ordered"]


def test_top_lines_sum_to_the_subtotal_and_their_number_is_counted(shop: Shop) -> None:
    for cart in shop.carts():
        top = [line for line in cart.items if line["parent_item_id"] is None]
        assert sum(Decimal(line["row_total"]) for line in top) == Decimal(cart.row["subtotal"])
        assert str(len(top)) == cart.row["items_count"]
        assert sum(Decimal(line["qty"]) for line in top) == Decimal(cart.row["items_qty"])


def test_a_child_counts_per_piece_of_its_parent(shop: Shop) -> None:
    seen = 0
    for cart in shop.carts():
        lines = {line["item_id"]: line for line in cart.items}
        for line in cart.items:
            parent = lines.get(line["parent_item_id"])
            if parent and parent["product_type"] == "configurable":
                assert line["qty"] == "1.0000"
                seen += parent["qty"] != "1.0000"
    assert seen


def test_a_bundle_that_sums_its_parts_has_no_base_price_of_its_own(shop: Shop) -> None:
    bundles = [line for cart in shop.carts() for line in cart.items if line["product_type"] == "bundle"]
    summed = [line for line in bundles if line["tax_percent"] == "0.0000"]
    assert {line["base_price"] for line in summed} == {"0.0000"}
    assert "0.0000" not in {line["base_price"] for line in bundles if line not in summed}
    assert 0 < len(summed) < len(bundles)


def test_no_two_carts_share_a_line_or_an_address(shop: Shop) -> None:
    lines = Counter(line["item_id"] for cart in shop.carts() for line in cart.items)
    assert max(lines.values()) == 1
    cards = [c.billing_address for c in shop.carts()] + [c.shipping_address for c in shop.carts()]
    assert max(Counter(card["address_id"] for card in cards).values()) == 1


def test_every_way_to_leave_a_cart_behind_occurs(shop: Shop) -> None:
    left = [cart.row for cart in shop.carts() if not order_of(int(cart.row["entity_id"]))]
    assert {row["is_active"] for row in left} == {"0", "1"}
    assert any(row["items_count"] == "0" and row["grand_total"] == "0.0000" for row in left)
    assert any(row["updated_at"] == "0000-00-00 00:00:00" for row in left)
    assert any(row["is_multi_shipping"] == "1" for row in left)
    assert any(row["customer_is_guest"] == "1" and row["checkout_method"] == "guest" for row in left)
    assert any(row.get("customer_email") is None for row in left), "visitors who are not known yet"
    assert any(row.get("gift_message") for row in left)
    assert all(row["reserved_order_id"] is None and row["converted_at"] is None for row in left)
    stays = [cart.row for cart in shop.carts() if cart.row["converted_at"] and cart.row["is_active"] == "1"]
    assert stays, "some stay active after the order was saved"


def test_carts_stand_open_before_their_orders_are_placed() -> None:
    shop = Shop(customers=100, orders=600)
    known = len(shop.order_ids())
    waiting = [c for c in shop.carts() if order_of(int(c.row["entity_id"])) > known]
    assert waiting
    assert {cart.row["is_active"] for cart in waiting} == {"1"}
    assert {cart.row["reserved_order_id"] for cart in waiting} == {None}
    news = shop.tick(72)
    assert news.new_orders >= len(waiting)
    for cart in waiting:
        after = shop.cart(int(cart.row["entity_id"]))
        assert after.row["converted_at"] == shop.order(order_of(int(cart.row["entity_id"]))).row["created_at"]
        assert after.row["updated_at"] > cart.row["updated_at"]
        assert after.row["grand_total"] == cart.row["grand_total"]


def test_the_shop_empties_deactivates_and_deletes_carts_by_itself() -> None:
    shop = Shop(customers=100, orders=600)
    before = {cart.row["entity_id"]: cart for cart in shop.carts()}
    shop.tick(24 * 40)
    after = {cart.row["entity_id"]: cart for cart in shop.carts()}
    gone = before.keys() - after.keys()
    assert gone
    assert "0" in {before[number].row["is_active"] for number in gone}
    both = before.keys() & after.keys()
    assert any(
        before[n].row["is_active"] > after[n].row["is_active"]
        for n in both
        if not after[n].row["converted_at"]
    )


def test_shoppers_take_things_out_of_their_carts() -> None:
    shop = Shop(customers=100, orders=600)
    shrunk = []
    for _ in range(25):
        newest = len(shop.registers.carts)
        young = {number: shop.cart(number) for number in range(newest - 20, newest + 1)}
        shop.tick(24)
        now = {number: shop.cart(number) for number in young}
        smaller = [number for number in young if len(now[number].items) < len(young[number].items)]
        shrunk += smaller
        for number in smaller:
            assert now[number].row["updated_at"] > young[number].row["updated_at"]
            assert float(now[number].row["subtotal"]) < float(young[number].row["subtotal"])
    assert shrunk


def test_ids_of_carts_ascend_with_their_creation(shop: Shop) -> None:
    created = [cart.row["created_at"] for cart in shop.carts()]
    assert created == sorted(created)


def test_one_long_tick_and_many_short_ones_give_the_same_carts() -> None:
    long, short = Shop(customers=60, orders=250), Shop(customers=60, orders=250)
    assert list(short.carts()), "opened before the ticks, so that it has to follow them"
    long.tick(96)
    for _ in range(96):
        short.tick(1)
    assert [(c.row, c.items, c.shipping_address) for c in long.carts()] == [
        (c.row, c.items, c.shipping_address) for c in short.carts()
    ]


def test_the_list_gives_what_the_shop_holds_in_order_of_ids(call: Any, store: Any) -> None:
    listed = call("oroQuoteList")
    carts = list(store.shop.carts())
    assert listed.texts("entity_id") == [cart.row["entity_id"] for cart in carts]
    assert listed.texts("grand_total") == [cart.row["grand_total"] for cart in carts]
    parents = [line.findtext("parent_item_id") for line in listed.root.iterfind(".//items/item")]
    assert parents == [line["parent_item_id"] for cart in carts for line in cart.items]


def test_the_list_follows_every_tick(new_caller: Any) -> None:
    """Rendered rows and found ids must not outlive what they were made of."""
    with running_store(customers=50, orders=300) as store:
        caller = new_caller(store.url, store.user, store.key)
        for _ in range(4):
            listed = caller("oroQuoteList")
            rows = [cart.row for cart in store.shop.carts()]
            for column in ("entity_id", "updated_at", "converted_at", "is_active", "items_count"):
                assert listed.texts(column) == [row[column] for row in rows], column
            store.tick(24 * 5)


def test_carts_are_paged_and_filtered_by_id_date_store_and_state(call: Any, store: Any) -> None:
    rows = [cart.row for cart in store.shop.carts()]

    def ids(**wanted: str) -> list[str]:
        return [row["entity_id"] for row in rows if all(row[name] == value for name, value in wanted.items())]

    assert call.listed("oroQuoteList", ("is_active", "eq", "1")).texts("entity_id") == ids(is_active="1")
    assert call.listed("oroQuoteList", ("store_id", "eq", "4")).texts("entity_id") == ids(store_id="4")
    undated = call.listed("oroQuoteList", ("updated_at", "eq", "0000-00-00 00:00:00"))
    assert undated.texts("entity_id") == ids(updated_at="0000-00-00 00:00:00") != []
    third = call.listed("oroQuoteList", ("entity_id", "gt", "100"), page=3, size=10)
    assert (
        third.texts("entity_id") == [row["entity_id"] for row in rows if int(row["entity_id"]) > 100][20:30]
    )
    assert call.listed("oroQuoteList", page=9999).rows == []


def test_a_single_cart_is_found_with_its_own_store_only(call: Any, store: Any) -> None:
    cart = store.shop.cart(5)
    stores = {"1", "2", "3", "4", "5", "9", ""}
    answers = {number: call("shoppingCartInfo", asked(5, number)) for number in stores}
    found = answers.pop(cart.row["store_id"])
    assert found.root.findtext(".//quote_id") == "5"
    assert found.root.findtext(".//result/grand_total") == cart.row["grand_total"]
    assert {answer.fault for answer in answers.values()} == {QUOTE_NOT_EXISTS}


def test_carts_that_are_gone_hidden_or_never_were_are_not_found(call: Any, store: Any) -> None:
    hidden = next(c.row for c in store.shop.carts() if oddities.CART_HIDDEN.has(int(c.row["entity_id"])))
    gone = next(iter(store.shop.registers.carts.gone))
    assert call("shoppingCartInfo", asked(hidden["entity_id"], hidden["store_id"])).fault == QUOTE_NOT_EXISTS
    for number in (gone, 999999):
        faults = {call("shoppingCartInfo", asked(number, store_id)).fault for store_id in (1, 2, 3, 4, 5)}
        assert faults == {QUOTE_NOT_EXISTS}


@pytest.mark.parametrize("recorded", ["converted", "empty", "gift", "zerodate"])
def test_a_single_cart_looks_like_the_recorded_ones(
    recorded: str, call: Any, store: Any, shared_dir: Any
) -> None:
    wanted = etree.parse(
        str(shared_dir / f"magento1/envelopes/std/cart-info-{recorded}.response.xml")
    ).getroot()

    def paths(element: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for child in element.iter():
            steps = [parent.tag for parent in child.iterancestors()][::-1][3:]
            kind = child.get("{http://www.w3.org/2001/XMLSchema-instance}type")
            found["/".join([*steps, child.tag])] = kind or ""
        return found

    ours: dict[str, str] = {}
    for cart in store.shop.carts():
        if int(cart.row["entity_id"]) % 5 == 0:
            answer = call("shoppingCartInfo", asked(cart.row["entity_id"], cart.row["store_id"]))
            if b"Fault" not in answer.body:
                ours |= paths(answer.root)
    real = paths(wanted)
    assert {path: kind for path, kind in real.items() if ours.get(path) != kind} == {}
    assert not [path for path in ours if "address_id" in path and "customer_address_id" not in path]


def test_php_prints_floats_without_trailing_zeros(call: Any, store: Any) -> None:
    body = call.listed("oroQuoteList", ("entity_id", "lteq", "200")).body
    assert b'<qty xsi:type="xsd:double">1</qty>' in body
    assert b'<qty xsi:type="xsd:double">1.5</qty>' in body
    assert b'<items_qty xsi:type="xsd:string">1.0000</items_qty>' in body
