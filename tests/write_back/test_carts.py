"""Carts over the wire to a store with a real one's oddities: built, changed, and ordered once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from include.demo_store.generate import totals
from include.demo_store.running import running_store
from include.magento.address import StoreAddress
from include.magento.soap import open_door
from include.write_back.cart_steps import COMES_TO
from include.write_back.order_question import waiting
from include.write_back.requests import RequestRefused
from include.write_back.sender import Sender, outbox_of
from tests.suppressions.addresses import KEYS
from tests.sync.shop import channel
from tests.write_back.cart_desk import (
    ADDRESS,
    BOTH_KINDS,
    EVERY_WAY,
    ITEMS,
    TERMS,
    WANTED,
    Desk,
    desk,
    kind_of,
    opened,
    served,
)
from tests.write_back.test_sender import NOON

__all__ = ["desk", "served"]


@EVERY_WAY
def test_cart_built_in_the_crm_becomes_an_order_with_its_totals_stock_and_coupon(desk: Desk) -> None:
    shop = desk.store.shop
    stock = [Decimal(shop.product(number).stock["qty"]) for number in (1, 3)]
    cart = desk.cart({**WANTED, "coupon_code": "WELCOME10"})
    status, items, total, customer = desk.crm.one(
        "select status, items_qty, grand_total_amount, customer_key from crm.carts where cart_key = :cart",
        cart=cart,
    )
    assert (status, items, customer) == ("open", 3, "us:5")
    number = desk.ask("cart_to_order", cart)
    assert desk.send() == {"done": 1}, desk.entry(number).last_error
    result = desk.entry(number).result_json
    (order,) = desk.orders(cart)
    assert order.row["increment_id"] == result["order_number"]
    assert [title for title, _ in result["totals"]][:2] == ["Subtotal", "Discount (WELCOME10)"]
    told = desk.crm.one(
        "select grand_total_amount, coupon_code, customer_key, cart_key from crm.orders where order_key = :key",
        key=result["new_key"],
    )
    assert told == (total, "WELCOME10", "us:5", cart)
    assert desk.crm.one("select status from crm.carts where cart_key = :cart", cart=cart) == "purchased"
    left = [Decimal(shop.product(number).stock["qty"]) for number in (1, 3)]
    assert [before - after for before, after in zip(stock, left, strict=True)] == [2, 1]


def test_guest_known_to_the_crm_gets_a_cart_and_one_unknown_too(desk: Desk) -> None:
    guest = next(
        o for o in desk.store.shop.orders() if o.row["customer_is_guest"] and o.row["store_id"] == "1"
    )
    desk.read("orders", int(guest.row["order_id"] or 0))
    key = desk.crm.one("select customer_key from crm.customers where is_guest")
    email = desk.crm.one("select email from crm.customers where is_guest")
    known = desk.cart(target=key)
    assert desk.crm.one("select customer_key from crm.carts where cart_key = :cart", cart=known) == key
    wanted = {**WANTED, "email": "new@b.example", "first_name": "N", "last_name": "B"}
    number = desk.ask("cart_create_for_guest", "us", wanted)
    assert desk.send() == {"done": 1}, desk.entry(number).last_error
    unknown = desk.entry(number).result_json["new_key"]
    for cart, mail in ((known, email), (unknown, "new@b.example")):
        assert desk.send() == {}
        number = desk.ask("cart_to_order", cart)
        assert desk.send() == {"done": 1}, desk.entry(number).last_error
        (order,) = desk.orders(cart)
        assert (order.row["customer_email"], order.row["customer_is_guest"]) == (mail, "1")


@EVERY_WAY
def test_change_is_merged_with_what_the_store_did_and_a_bad_coupon_leaves_the_old_one(desk: Desk) -> None:
    cart = desk.cart({**WANTED, "coupon_code": "MINUS5"})
    number = int(cart.removeprefix("us:"))
    wanted = {
        "items": [{"sku": "NW-001", "qty": 5}, {"sku": "NW-003", "qty": 0}, {"sku": "NW-004", "qty": 1}]
    }
    done = desk.ask("cart_change", cart, wanted)
    bad = desk.ask("cart_change", cart, {"coupon_code": "NOSUCH"})
    assert desk.send() == {"done": 1, "rejected": 1}
    assert desk.entry(done).result_json["written"] == ["items"]
    assert "the one it had is back" in desk.entry(bad).last_error
    lines = "select sku, item_qty from crm.cart_items where cart_key = :cart and not is_removed order by 1"
    assert desk.crm.rows(lines, cart=cart) == [("NW-001", 5), ("NW-004", 1)]
    assert desk.store.shop.cart(number).row["coupon_code"] == "MINUS5"
    desk.store.shop.checkout.set_coupon(number, "")  # the store, since the warehouse looked
    both = desk.ask("cart_change", cart, {"coupon_code": "WELCOME10"})
    assert desk.send(priority="ask") == {"conflict": 1}
    assert "both changed coupon_code" in desk.entry(both).last_error
    desk.decide(both, "crm")
    assert desk.send(priority="ask") == {"done": 1}
    assert desk.store.shop.cart(number).row["coupon_code"] == "WELCOME10"


def test_change_of_a_cart_that_has_not_left_yet_is_taken_back(desk: Desk) -> None:
    cart = desk.cart()
    for qty, city in ((5, "Rome"), (2, "Ware")):
        wanted = {"items": [{"sku": "NW-001", "qty": qty}], "billing_address": {**ADDRESS, "city": city}}
        desk.ask("cart_change", cart, wanted)
    assert desk.send() == {"done": 2}
    lines = "select item_qty from crm.cart_items where cart_key = :cart and sku = 'NW-001'"
    assert (desk.crm.rows(lines, cart=cart), billing(desk, cart)[1]) == ([2], "Ware")


def test_conflict_with_an_address_that_the_writer_told_as_an_object_is_decided_once(desk: Desk) -> None:
    cart = desk.cart()
    in_the_store(desk, cart, city="Rome")
    number = desk.ask(
        "cart_change",
        cart,
        {"billing_address": {**ADDRESS, "city": "Hertford"}},
        base={"billing_address": {"city": "Oslo"}},
    )
    assert desk.send(priority="ask") == {"conflict": 1}
    saw = "select base_value from ops.write_back_log where field_name = 'billing_address.city'"
    assert desk.crm.one(saw) == "Oslo"
    desk.decide(number, "crm")
    assert desk.send(priority="ask") == {"done": 1}
    assert billing(desk, cart)[1] == "Hertford"


def in_the_store(desk: Desk, cart: str, **fields: str | None) -> None:
    """Somebody at the shop changes both addresses of a cart, under the store's names."""
    checkout, number = desk.store.shop.checkout, int(cart.removeprefix("us:"))
    written = checkout.opened(number)
    checkout.set_addresses(
        number, {"billing": {**written.billing, **fields}, "shipping": dict(written.shipping)}
    )


def billing(desk: Desk, cart: str) -> list[str | None]:
    row = desk.store.shop.cart(int(cart.removeprefix("us:"))).billing_address
    return [row[name] for name in ("firstname", "city", "postcode", "telephone")]


@pytest.mark.parametrize(
    ("priority", "state", "holds"),
    [
        ("remote", "done", ["Ada", "Rome", "00100", "2"]),
        ("local", "done", ["Ada", "Hertford", "00100", "2"]),
        ("ask", "conflict", ["Ada", "Rome", "00100", "1"]),
    ],
)
def test_address_of_a_cart_is_merged_field_by_field(
    desk: Desk, priority: str, state: str, holds: list[str]
) -> None:
    cart = desk.cart()
    in_the_store(desk, cart, city="Rome", postcode="00100")
    wanted = {"billing_address": {**ADDRESS, "city": "Hertford", "telephone": "2"}}
    asked = desk.ask("cart_change", cart, wanted)
    assert desk.sender(priority="local").preview()[0][1] == [
        "billing_address.city",
        "billing_address.telephone",
    ]
    assert desk.send(priority=priority) == {state: 1}, desk.entry(asked).last_error
    assert billing(desk, cart) == holds
    log = desk.crm.rows(
        "select field_name, base_value, local_value, remote_value from ops.write_back_log"
        " where base_value is distinct from remote_value or base_value is distinct from local_value order by 1"
    )
    assert log == [
        ("billing_address.city", "Ware", "Hertford", "Rome"),
        ("billing_address.postcode", "SG12", "SG12", "00100"),
        ("billing_address.telephone", "1", "2", "1"),
    ]
    if state == "conflict":
        assert desk.entry(asked).last_error == (
            "Store and CRM both changed billing_address.city: somebody has to decide."
        )
        desk.decide(asked, "crm")
        assert desk.send(priority=priority) == {"done": 1}, desk.entry(asked).last_error
        assert billing(desk, cart) == ["Ada", "Hertford", "00100", "2"]


def test_field_left_out_of_a_typed_address_is_emptied_and_one_of_the_book_is_taken_whole(desk: Desk) -> None:
    cart = desk.cart({**WANTED, "billing_address": {**ADDRESS, "company": "Mill", "region": "Herts"}})
    number = int(cart.removeprefix("us:"))
    done = desk.ask("cart_change", cart, {"billing_address": ADDRESS})
    assert desk.send() == {"done": 1}, desk.entry(done).last_error
    held = desk.store.shop.cart(number).billing_address
    assert [held["company"] or None, held["region"] or None, held["city"]] == [None, None, "Ware"]
    book = desk.crm.one(
        "select min(customer_address_id) from crm.customer_addresses where customer_key = 'us:5'"
    )
    taken = desk.ask("cart_change", cart, {"shipping_address": {"customer_address_id": book}})
    again = desk.ask("cart_change", cart, {"shipping_address": {"customer_address_id": book}})
    assert desk.send() == {"done": 2}, desk.entry(taken).last_error
    assert desk.entry(taken).result_json["written"] == ["addresses"]
    assert desk.entry(again).result_json["written"] == []
    cart_now = desk.store.shop.cart(number)
    assert cart_now.shipping_address["customer_address_id"] == str(book)
    assert cart_now.billing_address["city"] == "Ware"


def test_region_is_told_by_its_id_or_by_its_name_and_the_other_follows(desk: Desk) -> None:
    at_home = {**ADDRESS, "country_code": "US", "city": "Albany", "region_id": 43}
    cart = desk.cart({**WANTED, "billing_address": at_home})
    number = int(cart.removeprefix("us:"))
    held = desk.store.shop.cart(number).billing_address
    assert (held["region_id"], held["region"]) == ("43", "New York")
    moved = {**ADDRESS, "country_code": "US", "city": "Reno", "region_id": 32}
    named = {**moved, "region": "Nowhere"}
    named.pop("region_id")
    for wanted, state, region in (
        (moved, "done", ("32", "Nevada")),
        (named, "done", (None, "Nowhere")),
    ):
        asked = desk.ask("cart_change", cart, {"billing_address": wanted})
        assert desk.send(priority="local") == {state: 1}, desk.entry(asked).last_error
        held = desk.store.shop.cart(number).billing_address
        assert (held["region_id"] or None, held["region"]) == region


def test_address_of_the_book_is_held_against_all_that_the_store_changed(desk: Desk) -> None:
    cart = desk.cart()
    in_the_store(desk, cart, telephone="9")
    book = desk.crm.one(
        "select min(customer_address_id) from crm.customer_addresses where customer_key = 'us:5'"
    )
    asked = desk.ask("cart_change", cart, {"billing_address": {"customer_address_id": book}})
    assert desk.send(priority="ask") == {"conflict": 1}
    desk.decide(asked, "crm")
    assert desk.send(priority="ask") == {"done": 1}, desk.entry(asked).last_error
    held = desk.store.shop.cart(int(cart.removeprefix("us:"))).billing_address
    assert held["customer_address_id"] == str(book)


@BOTH_KINDS
def test_order_waits_where_the_address_is_not_the_one_that_was_looked_at(desk: Desk) -> None:
    cart = desk.cart()
    asked = desk.ask("cart_to_order", cart)
    in_the_store(desk, cart, city="Rome")
    assert desk.send() == {"conflict": 1}
    assert desk.entry(asked).last_error.endswith("looked at: billing_address.city.")
    desk.decide(asked, "crm")
    assert desk.send() == {"done": 1}, desk.entry(asked).last_error
    assert len(desk.orders(cart)) == 1


def test_order_is_refused_in_words_for_what_the_store_would_refuse(desk: Desk) -> None:
    for left_out, reason in (
        ("payment_method", "the store offers checkmo, purchaseorder"),
        ("shipping_method", "the store offers flatrate_flatrate"),
        ("billing_address", "no complete address"),
    ):
        needed = () if left_out != "billing_address" else tuple(TERMS)
        wanted = {name: value for name, value in WANTED.items() if name not in (left_out, *needed)}
        number = desk.ask("cart_to_order", desk.cart(wanted))
        assert desk.send() == {"rejected": 1}
        assert reason in desk.entry(number).last_error
    unchosen = desk.cart({name: value for name, value in WANTED.items() if name not in TERMS})
    number = desk.ask("cart_to_order", unchosen, TERMS)
    assert desk.send() == {"done": 1}, desk.entry(number).last_error
    number = desk.ask("cart_create", "us:5", {**WANTED, "items": [{"sku": "NW-021", "qty": 1}]})
    assert desk.send() == {"rejected": 1}
    assert "gone, out of stock" in desk.entry(number).last_error
    assert "was made and has the rest" in desk.entry(number).last_error
    made = desk.entry(number).result_json["new_key"]
    assert desk.crm.one("select status from crm.carts where cart_key = :cart", cart=made) == "open"


@BOTH_KINDS
def test_cart_changed_since_it_was_looked_at_waits_for_a_person(desk: Desk) -> None:
    cart = desk.cart()
    number = int(cart.removeprefix("us:"))
    asked = desk.ask("cart_to_order", cart)
    desk.store.shop.checkout.set_coupon(number, "MINUS5")
    assert desk.send() == {"conflict": 1}
    assert desk.entry(asked).last_error.endswith("coupon_code, grand_total_amount.")
    assert desk.orders(cart) == []
    desk.decide(asked, "crm")
    assert desk.send() == {"done": 1}
    (order,) = desk.orders(cart)
    assert order.row["coupon_code"] == "MINUS5"


@pytest.mark.parametrize("whose", ["ours", "the shopper's too"])
def test_change_and_order_asked_for_in_one_sitting_are_no_conflict_unless_the_shopper_changed_it_too(
    desk: Desk, whose: str
) -> None:
    cart = desk.cart()
    desk.ask("cart_change", cart, {"items": [{"sku": "NW-001", "qty": 5}]})
    number = desk.ask("cart_to_order", cart)
    if whose == "the shopper's too":
        desk.store.shop.checkout.set_coupon(int(cart.removeprefix("us:")), "MINUS5")
    assert desk.send() == ({"done": 2} if whose == "ours" else {"done": 1, "conflict": 1}), desk.entry(
        number
    ).last_error
    assert len(desk.orders(cart)) == (1 if whose == "ours" else 0)


def test_person_is_asked_about_what_the_cart_comes_to_and_again_when_that_changes(desk: Desk) -> None:
    cart = desk.cart({name: value for name, value in WANTED.items() if name not in TERMS})
    asked = desk.ask("cart_to_order", cart, TERMS)
    assert desk.send(ask_before_order=True) == {"conflict": 1}
    with desk.crm.engine.connect() as connection:
        (question,) = waiting(connection)
    assert (question.outbox_id, question.cart_key) == (asked, cart)
    assert "Grand Total" in question.words
    assert "Ada" not in question.words
    desk.store.shop.checkout.set_coupon(int(cart.removeprefix("us:")), "MINUS5")
    desk.decide(asked, "crm")
    assert desk.send(ask_before_order=True) == {"conflict": 1}  # not what was said yes to
    desk.decide(asked, "crm")
    assert desk.send(ask_before_order=True) == {"conflict": 1}  # seen, and asked about anew
    desk.decide(asked, "crm")
    assert desk.send(ask_before_order=True) == {"done": 1}
    assert len(desk.orders(cart)) == 1


def can_be_ordered(cart: Any) -> bool:
    row = cart.row
    is_complete = row["customer_email"] and cart.items and cart.billing_address.get("street")
    is_plain = row["is_virtual"] == row["is_multi_shipping"] == "0" and row["store_id"] in ("1", "2", "3")
    return bool(is_complete and is_plain and row["is_active"] == "1" and not row["reserved_order_id"])


def test_shoppers_own_cart_is_ordered_once_and_never_again_by_itself(desk: Desk) -> None:
    shop = desk.store.shop
    cart = next(one for one in shop.carts() if can_be_ordered(one))
    key = f"us:{cart.row['entity_id']}"
    desk.read("carts", int(cart.row["entity_id"] or 0))
    number = desk.ask("cart_to_order", key, TERMS)
    assert desk.send() == {"done": 1}, desk.entry(number).last_error
    again = desk.crm.rows("select status from crm.carts where cart_key = :cart", cart=key)
    assert again == ["purchased"]
    with pytest.raises(RequestRefused, match="not open, it is purchased"):
        desk.ask("cart_to_order", key)
    shop.tick(24 * 20)
    assert len(desk.orders(key)) == 1


@BOTH_KINDS
def test_order_that_somebody_else_placed_meanwhile_is_the_answer(desk: Desk) -> None:
    cart = desk.cart()
    number = desk.ask("cart_to_order", cart)
    placed = desk.store.shop.checkout.order(int(cart.removeprefix("us:")))
    assert desk.send() == {"done": 1}
    assert desk.entry(number).result_json["order_number"] == placed
    assert desk.entry(number).result_json["written"] == []
    assert len(desk.orders(cart)) == 1


@BOTH_KINDS
def test_same_entry_worked_on_by_two_workers_makes_one_order(desk: Desk) -> None:
    cart = desk.cart()
    for _ in range(2):
        desk.ask("cart_to_order", cart)
    counted: list[dict[str, int]] = []
    barrier = threading.Barrier(2)

    def work() -> None:
        with opened(desk.store) as door:
            settings = channel(kind=kind_of(desk.store), two_way={"enabled": True})
            outbox = outbox_of(desk.crm.engine, settings)
            sender = Sender(outbox=outbox, channel=settings, door=door, now=lambda: NOON, keys=KEYS)
            barrier.wait(timeout=10)
            counted.append(dict(sender.work_off()[0]))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sum(states.get("done", 0) for states in counted) == 2
    assert len(desk.orders(cart)) == 1


def test_worker_that_lost_its_entry_sends_nothing(desk: Desk) -> None:
    cart = desk.cart()
    desk.ask("cart_to_order", cart)
    slow = desk.sender()
    entry = slow.outbox.claim(desk.at)
    assert entry is not None
    desk.at += timedelta(minutes=16)
    assert desk.send() == {"done": 1}
    slow._sent(entry)
    assert len(desk.orders(cart)) == 1


BAD: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("cart_create", "us:5", {}, "items", "required"),
    ("cart_create", "us:5", {**WANTED, "store_id": 77}, "store_id", "no such store view"),
    ("cart_create", "us:5", {**WANTED, "items": []}, "items", "1 to 100"),
    ("cart_create", "us:5", {**WANTED, "items": [{"qty": 1}]}, "items", "entry 1: it needs either"),
    ("cart_create", "us:5", {**WANTED, "items": [{"sku": "S", "qty": 0}]}, "items", "above 0"),
    ("cart_create", "us:5", {**WANTED, "items": [{"sku": "S", "qty": "1"}]}, "items", "has to be a number"),
    ("cart_create", "us:5", {**WANTED, "items": [{"sku": "S", "qty": 1, "x": 1}]}, "items", "not known"),
    ("cart_create", "us:5", {**WANTED, "billing_address": {**ADDRESS, "city": " "}}, "billing_address", "blank"),
    ("cart_create", "us:5", {**WANTED, "billing_address": {"city": "W"}}, "billing_address", "is required"),
    ("cart_create", "us:5", {**WANTED, "billing_address": {"customer_address_id": 9}}, "billing_address", "nobody's"),
    ("cart_create", "us:5", {**WANTED, "items": [{"sku": "S", "qty": 1, "options": {"1": [2]}}]}, "items", "or number"),
    ("cart_create", "us:5", {**WANTED, "items": [{"sku": "S", "qty": 1, "links": [{}]}]}, "items", "a list of ids"),
    ("cart_create", "us:5", {**WANTED, "items": [{"sku": "S", "qty": n} for n in (1, 2)]}, "items", "entry 2: it is"),
    ("cart_create", "us:5", {**WANTED, "billing_address": {**ADDRESS, "street": "1\n2\n3\n4\n5"}}, "billing_address",
     "more than four lines"),
    ("cart_create_for_guest", "us", WANTED, "email", "required"),
    ("cart_change", "us:999", {"coupon_code": "X"}, "target", "no carts has this key"),
]  # fmt: skip


def test_bad_cart_is_refused_at_the_door_with_field_and_reason(desk: Desk) -> None:
    for kind, target, wanted, field, reason in BAD:
        with pytest.raises(RequestRefused, match=reason) as caught:
            desk.ask(kind, target, wanted)
        assert caught.value.field == field
    assert desk.crm.one("select count(*) from crm.outbox") == 0


def test_order_that_broke_in_the_store_is_placed_after_its_time_though_the_methods_changed_the_sum(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    cart = desk.cart({name: value for name, value in WANTED.items() if name not in TERMS})
    number = desk.ask("cart_to_order", cart, TERMS)
    monkeypatch.setattr(desk.store.shop.checkout, "order", lambda cart_id: 1 / 0)
    assert desk.send() == {"unknown": 1}
    monkeypatch.undo()
    desk.at += timedelta(minutes=16)
    assert desk.send() == {"done": 1}, desk.entry(number).last_error
    assert len(desk.orders(cart)) == 1


def test_cart_that_comes_to_something_else_after_our_own_methods_waits_for_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    cart = desk.cart({name: value for name, value in WANTED.items() if name not in TERMS})
    number = desk.ask("cart_to_order", cart, TERMS)
    monkeypatch.setattr(desk.store.shop.checkout, "order", lambda cart_id: 1 / 0)
    assert desk.send() == {"unknown": 1}
    monkeypatch.undo()
    ours = desk.entry(number).result_json[COMES_TO]
    flat = totals.Delivery.of.__func__  # type: ignore[attr-defined]

    def dearer(cls: type, basket: Any) -> Any:
        found = flat(cls, basket)
        return replace(found, amount=found.amount + 500_0000)

    monkeypatch.setattr(totals.Delivery, "of", classmethod(dearer))
    desk.at += timedelta(minutes=16)
    assert desk.send() == {"conflict": 1}
    assert desk.entry(number).last_error.endswith("looked at: grand_total_amount.")
    assert desk.orders(cart) == []
    log = "select remote_value from ops.write_back_log where field_name = 'grand_total_amount'"
    assert Decimal(desk.crm.one(log)) > Decimal(ours)
    desk.decide(number, "crm")
    assert desk.send() == {"done": 1}, desk.entry(number).last_error


def test_cart_that_its_shopper_changes_while_our_methods_are_set_waits_for_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    cart = desk.cart({name: value for name, value in WANTED.items() if name not in TERMS})
    number = desk.ask("cart_to_order", cart, TERMS)
    checkout = desk.store.shop.checkout
    set_payment = checkout.set_payment

    def shopper_is_faster(*arguments: Any, **more: Any) -> Any:
        checkout.set_coupon(int(cart.removeprefix("us:")), "MINUS5")
        return set_payment(*arguments, **more)

    monkeypatch.setattr(checkout, "set_payment", shopper_is_faster)
    assert desk.send() == {"conflict": 1}
    assert desk.entry(number).last_error.endswith("looked at: coupon_code.")
    desk.decide(number, "crm")
    assert desk.send() == {"done": 1}, desk.entry(number).last_error


def test_cart_that_cannot_be_ordered_is_left_as_its_shopper_has_it(desk: Desk) -> None:
    cart = desk.cart({name: value for name, value in WANTED.items() if name not in TERMS})
    for wanted in ({"shipping_method": "flatrate_flatrate"}, {**TERMS, "payment_method": "gold"}):
        desk.ask("cart_to_order", cart, wanted)
        assert desk.send() == {"rejected": 1}
    assert not desk.store.shop.cart(int(cart.removeprefix("us:"))).shipping_address.get("shipping_method")


def test_store_without_the_bridge_takes_orders_too_and_the_order_closes_the_cart(desk: Desk) -> None:
    cart = desk.cart()
    number = desk.ask("cart_to_order", cart)
    with running_store(shop=desk.store.shop, bridge=False) as stock:
        address = StoreAddress(wsdl_url=stock.url, user=stock.user, api_key=stock.key)
        with open_door(address) as door:
            assert Desk(desk.crm, stock, door).send() == {"done": 1}, desk.entry(number).last_error
    assert len(desk.orders(cart)) == 1
    assert desk.crm.one("select status from crm.carts where cart_key = :cart", cart=cart) == "purchased"


def test_cart_made_in_a_store_without_the_bridge_is_in_crm_at_once_and_can_be_ordered(desk: Desk) -> None:
    with running_store(shop=desk.store.shop, bridge=False) as stock:
        address = StoreAddress(wsdl_url=stock.url, user=stock.user, api_key=stock.key)
        with open_door(address) as door:
            there = Desk(desk.crm, stock, door)
            cart = there.cart({**WANTED, "store_id": 2})
            held = "select status, store_id, customer_key from crm.carts where cart_key = :cart"
            assert desk.crm.one(held, cart=cart) == ("open", 2, "us:5")
            changed = there.ask("cart_change", cart, {"items": [{"sku": "NW-001", "qty": 3}]})
            assert there.send() == {"done": 1}, there.entry(changed).last_error
            ordered = there.ask("cart_to_order", cart)
            assert there.send() == {"done": 1}, there.entry(ordered).last_error
    assert len(desk.orders(cart)) == 1
    assert desk.crm.one("select status from crm.carts where cart_key = :cart", cart=cart) == "purchased"


def test_preview_of_carts_tells_what_would_be_written_and_writes_nothing(desk: Desk) -> None:
    cart, other = desk.cart(), desk.cart()
    asked = {
        desk.ask("cart_create", "us:5", WANTED): sorted(WANTED),
        desk.ask("cart_change", cart, {"items": ITEMS, "coupon_code": "MINUS5"}): ["coupon_code"],
        desk.ask("cart_to_order", other, {"payment_method": "banktransfer"}): ["payment_method", "order"],
    }
    carts = sum(1 for _ in desk.store.shop.carts())
    assert {entry.outbox_id: names for entry, names in desk.sender().preview()} == asked
    assert sum(1 for _ in desk.store.shop.carts()) == carts
    assert {desk.entry(number).state for number in asked} == {"pending"}


def test_stores_time_runs_from_the_last_request_that_went_out(desk: Desk) -> None:
    desk.ask("cart_to_order", desk.cart())
    outbox = desk.sender().outbox
    entry = outbox.claim(NOON)
    assert entry is not None
    assert outbox.mark_sent(entry, NOON + timedelta(minutes=10))
    assert outbox.recover(NOON + timedelta(minutes=9), attempts=5) == 0
    assert outbox.recover(NOON + timedelta(minutes=11), attempts=5) == 1


@pytest.mark.parametrize("was_done", [True, False])
def test_attempt_that_follows_goes_on_with_the_cart_of_the_first_and_doubles_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, was_done: bool
) -> None:
    checkout, add = desk.store.shop.checkout, desk.store.shop.checkout.add

    def breaks(*arguments: Any) -> None:
        if was_done:
            add(*arguments)
        raise OSError

    monkeypatch.setattr(checkout, "add", breaks)
    number = desk.ask("cart_create", "us:5", WANTED)
    assert desk.send() == {"unknown": 1}
    made = desk.entry(number).result_json["cart_id"]
    monkeypatch.undo()
    desk.at += timedelta(minutes=16)
    assert desk.send() == {"done": 1}, desk.entry(number).last_error
    assert desk.entry(number).result_json["cart_id"] == made
    assert [item["qty"] for item in desk.store.shop.cart(made).items] == ["2.0000", "1.0000"]
