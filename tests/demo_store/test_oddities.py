"""The ugly data is there, and looks on the wire as a real Magento sends it."""

from __future__ import annotations

from typing import Any

from include.demo_store import Shop
from include.demo_store.generate import oddities


def order_body(call: Any, number: str | None) -> bytes:
    body: bytes = call("salesOrderInfo", f"<orderIncrementId>{number}</orderIncrementId>").body
    return body


def number_of(store: Any, place: oddities.Place) -> str:
    order = next(order for order in store.shop.orders() if place.has(int(order.row["order_id"])))
    number: str = order.row["increment_id"]
    return number


def test_control_characters_arrive_as_literal_references(call: Any, store: Any) -> None:
    body = order_body(call, number_of(store, oddities.COMMENT_CONTROL_CHARACTERS))
    assert b"Scanner says:&amp;#11;&amp;#31; OK&amp;#7; \x7f end" in body
    listed = call("customerCustomerList").body
    assert b"Tab&amp;#11;bert" in listed
    assert b"Nul&amp;#0;stadt&amp;#2;am See" in call("oroCustomerList").body


def test_an_empty_string_arrives_as_a_line_feed(call: Any, store: Any) -> None:
    number = number_of(store, oddities.ORDER_EMAIL_EMPTY)
    assert b'<customer_email xsi:type="xsd:string">\n</customer_email>' in order_body(call, number)


def test_null_is_absent_in_core_lists_and_nil_in_the_bridges_customers(call: Any) -> None:
    core = call.listed("customerCustomerList", ("customer_id", "eq", str(oddities.CUSTOMER_EMAIL_NULL.place)))
    assert core.rows[0].find("email") is None
    bridge = call.listed("oroCustomerList", ("customer_id", "eq", str(oddities.CUSTOMER_EMAIL_NULL.place)))
    assert b'<email xsi:nil="true"/>' in bridge.body


def test_carriage_returns_and_markup_survive(call: Any, store: Any) -> None:
    body = order_body(call, number_of(store, oddities.COMMENT_MARKUP))
    assert b"&lt;p&gt;Kunde rief an &amp;amp; war" in body
    assert b"&#13;" in body
    assert b"????" in body


def test_a_comment_of_65535_bytes_arrives_whole(call: Any, store: Any) -> None:
    order = store.shop.order_by_number(number_of(store, oddities.COMMENT_HUGE))
    sizes = [len((row["comment"] or "").encode()) for row in order.history]
    assert max(sizes) == 65535
    assert order.history[0]["parent_id"] == order.row["order_id"]
    assert len(order_body(call, order.row["increment_id"])) > 65535


def test_odd_dates_are_there(store: Any) -> None:
    updated = [order.row["updated_at"] for order in store.shop.orders()]
    assert None in updated
    assert "0000-00-00 00:00:00" in updated
    assert any(at and at > "2030" for at in updated)
    assert "0000-00-00 00:00:00" in [customer.row["created_at"] for customer in store.shop.customers()]


def test_many_orders_and_customers_share_a_second(store: Any) -> None:
    updated = [order.row["updated_at"] for order in store.shop.orders()]
    assert max(updated.count(at) for at in set(updated) - {None}) >= 20
    created = [customer.row["created_at"] for customer in store.shop.customers()]
    assert max(created.count(at) for at in set(created)) >= 20


def test_numbers_carry_letters_and_edits_their_suffix(store: Any) -> None:
    numbers = [order.row["increment_id"] for order in store.shop.orders()]
    assert len(set(numbers)) == len(numbers)
    assert any(number.startswith("US-") for number in numbers)
    edited = next(order for order in store.shop.orders() if order.row["increment_id"].endswith("-1"))
    parent = store.shop.order_by_number(edited.row["relation_parent_real_id"])
    assert parent.row["relation_child_real_id"] == edited.row["increment_id"]
    assert parent.row["state"] == "canceled"
    assert edited.row["customer_id"] == parent.row["customer_id"]


def test_orders_of_deleted_customers_lose_the_id_and_keep_their_date(store: Any) -> None:
    gone = store.shop.population.customers.deleted
    buyers = store.shop.population.orders.customer
    orphans = [store.shop.order(index) for index, buyer in enumerate(buyers, start=1) if buyer in gone]
    assert orphans
    for order in orphans:
        assert order.row["customer_id"] is None
        assert order.row["customer_is_guest"] is None
    assert all(store.shop.customer(number) is None for number in gone)


def test_deleting_a_customer_does_not_move_the_orders_date() -> None:
    shop = Shop(customers=1500, orders=6000)
    orders = shop.population.orders
    quiet_since = shop.population.now - 30 * 86400
    before = list(orders.updated)
    known = set(shop.population.customers.deleted)
    shop.tick(24 * 120)
    gone = shop.population.customers.deleted - known
    orphaned = [
        index for index, at in enumerate(before) if orders.customer[index] in gone and 0 < at < quiet_since
    ]
    assert orphaned
    assert [orders.updated[index] for index in orphaned] == [before[index] for index in orphaned]
    assert all(shop.order(index + 1).row["customer_id"] is None for index in orphaned)


def test_one_mail_address_is_registered_on_two_websites(store: Any) -> None:
    seen: dict[str, set[str]] = {}
    for customer in store.shop.customers():
        seen.setdefault((customer.row["email"] or "").lower(), set()).add(customer.row["website_id"])
    assert any(mail and len(websites) > 1 for mail, websites in seen.items())


def test_history_is_newest_first_and_only_the_bridge_gives_its_ids(call: Any, store: Any) -> None:
    order = store.shop.order(1)
    info = call("salesOrderInfo", f"<orderIncrementId>{order.row['increment_id']}</orderIncrementId>").root
    times = [row.findtext("created_at") for row in info.iterfind(".//status_history/item")]
    assert times == sorted(times, reverse=True)
    assert info.find(".//status_history/item/increment_id") is None
    page = call.listed("oroOrderList", ("entity_id", "eq", "1"))
    ids = [row.findtext("increment_id") for row in page.root.iterfind(".//status_history/item")]
    assert ids == [row["entity_id"] for row in order.history]
    assert b"parent_item_id" not in page.body
