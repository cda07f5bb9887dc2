"""Deletions and edits by hand: what a sync can only find by looking again."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from include.demo_store import RunningStore, running_store


@pytest.fixture
def shop_of_its_own() -> Iterator[RunningStore]:
    with running_store(customers=60, orders=300) as running:
        yield running


@pytest.fixture
def ask(shop_of_its_own: RunningStore, new_caller: Any) -> Any:
    return new_caller(shop_of_its_own.url, shop_of_its_own.user, shop_of_its_own.key)


def test_a_deleted_order_is_gone_from_every_list_with_its_papers(shop_of_its_own: Any, ask: Any) -> None:
    shop = shop_of_its_own.shop
    order_id = next(memo.row["order_id"] for memo in shop.credit_memos())
    order = shop.order(int(order_id))
    number = order.row["increment_id"]
    lists = ("salesOrderList", "oroOrderList", "salesOrderInvoiceList", "salesOrderCreditmemoList")
    assert all(order_id in ask(method).texts("order_id") for method in lists)
    shop.hand.delete_order(int(order_id))
    assert not any(order_id in ask(method).texts("order_id") for method in lists)
    assert ask("salesOrderInfo", f"<orderIncrementId>{number}</orderIncrementId>").fault[0] == "100"
    assert int(order_id) not in shop.order_ids()
    assert all(memo.row["order_id"] != order_id for memo in shop.credit_memos())
    assert shop.cart(int(order.row["quote_id"])).row["reserved_order_id"] == number, "the cart stays"
    with pytest.raises(ValueError, match="no such order"):
        shop.hand.delete_order(int(order_id))


def test_a_deleted_customer_leaves_orders_without_id_and_date_and_carts_with_both(
    shop_of_its_own: Any, ask: Any
) -> None:
    shop = shop_of_its_own.shop
    subscribed = {row["customer_id"] for row in shop.subscribers()}
    order = next(o for o in shop.orders() if o.row["customer_id"] in subscribed)
    customer_id, order_id = order.row["customer_id"], order.row["order_id"]
    ask("oroOrderList")
    ask("newsletterSubscriberList")
    shop.hand.delete_customer(int(customer_id))
    after = shop.order(int(order_id))
    assert (after.row["customer_id"], after.row["updated_at"]) == (None, order.row["updated_at"])
    assert customer_id not in ask("oroCustomerList").texts("customer_id")
    assert customer_id not in ask("newsletterSubscriberList").texts("customer_id")
    listed = ask.listed("oroOrderList", ("entity_id", "eq", order_id))
    assert listed.rows[0].find("customer_id") is None
    assert shop.cart(int(order.row["quote_id"])).row["customer_id"] == customer_id


def test_a_deleted_cart_is_gone_and_its_order_still_names_it(shop_of_its_own: Any, ask: Any) -> None:
    shop = shop_of_its_own.shop
    order = shop.order(10)
    assert order.row["quote_id"] in ask("oroQuoteList").texts("entity_id")
    shop.hand.delete_cart(int(order.row["quote_id"]))
    assert order.row["quote_id"] not in ask("oroQuoteList").texts("entity_id")
    assert shop.order(10).row["quote_id"] == order.row["quote_id"]


def test_an_address_edit_by_hand_moves_the_address_only(shop_of_its_own: Any, ask: Any) -> None:
    shop = shop_of_its_own.shop
    customer = next(c for c in shop.customers() if c.addresses)
    number = customer.row["customer_id"]
    ask("oroCustomerList")
    shop.tick(1)
    shop.hand.edit_address(int(number))
    after = shop.customer(int(number))
    assert after.row == customer.row
    assert [card["street"] for card in after.addresses] != [card["street"] for card in customer.addresses]
    assert max(card["updated_at"] for card in after.addresses) == "2026-11-22 07:00:00"
    shown = ask.listed("oroCustomerList", ("customer_id", "eq", number))
    streets = [card.findtext("street") for card in shown.root.iterfind(".//addresses/item")]
    assert streets == [card["street"] for card in after.addresses]


@pytest.mark.parametrize("undated", [True, False])
def test_a_subscription_changed_by_hand_gets_a_date(shop_of_its_own: Any, ask: Any, undated: bool) -> None:
    shop = shop_of_its_own.shop
    row = next(r for r in shop.subscribers() if (r["change_status_at"] is None) == undated)
    number = row["subscriber_id"]
    ask("newsletterSubscriberList")
    shop.hand.change_subscription(int(number), 3)
    after = ask.listed("newsletterSubscriberList", ("subscriber_id", "eq", number)).rows[0]
    assert after.findtext("subscriber_status") == "3"
    assert after.findtext("change_status_at") == "2026-11-22 06:00:00"
    shop.tick(24 * 30)
    assert shop.subscriber(int(number))["change_status_at"] >= "2026-11-22 06:00:00"


def test_of_two_changes_of_a_subscription_in_one_second_the_later_counts(shop_of_its_own: Any) -> None:
    shop = shop_of_its_own.shop
    for status in (3, 1):
        shop.hand.change_subscription(1, status)
        assert shop.subscriber(1)["subscriber_status"] == str(status)


def post(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=10) as answer:  # noqa: S310
        result: dict[str, Any] = json.load(answer)
        return result


def test_the_control_endpoint_does_the_same_from_outside(shop_of_its_own: Any) -> None:
    shop, root = shop_of_its_own.shop, shop_of_its_own.url.split("/index.php")[0]
    subscriber = next(shop.subscribers())["subscriber_id"]
    address = next(customer for customer in shop.customers() if customer.addresses)
    phones = [card["telephone"] for card in address.addresses]
    for path in (
        "delete?kind=order&id=7", "delete?kind=customer&id=9", "delete?kind=cart&id=5",
        f"edit-address?id={address.row['customer_id']}", f"subscription?id={subscriber}&status=2",
    ):  # fmt: skip
        assert post(f"{root}/_demo/{path}") == {"done": True}
    assert 7 not in shop.order_ids()
    assert shop.customer(9) is shop.cart(5) is None
    assert [card["telephone"] for card in shop.customer(int(address.row["customer_id"])).addresses] != phones
    assert shop.subscriber(int(subscriber))["subscriber_status"] == "2"


@pytest.mark.parametrize(
    "path",
    [
        "delete?kind=order&id=9999",
        "delete?kind=website&id=1",
        "edit-address?id=0",
        "subscription?id=1&status=7",
    ],
)
def test_the_control_endpoint_says_what_is_not_there(path: str, shop_of_its_own: Any) -> None:
    root = shop_of_its_own.url.split("/index.php")[0]
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(f"{root}/_demo/{path}")
    with refused.value as answer:
        assert answer.code == 404
        assert len(json.load(answer)["detail"]) > 20
