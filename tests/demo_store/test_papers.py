"""Credit memos, invoices and shipments agree with their orders to the cent, and never change."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import pytest

from include.demo_store import Shop


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop(customers=200, orders=2000, seed=11)


def sums(papers: list[Any], *names: str) -> dict[str, list[Decimal]]:
    """Sum of each column by order."""
    found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(names))
    for paper in papers:
        values = [Decimal(paper.row.get(name) or 0) for name in names]
        kept = found[paper.row["order_id"]]
        found[paper.row["order_id"]] = [old + new for old, new in zip(kept, values, strict=True)]
    return found


@pytest.mark.parametrize("prefix", ["", "base_"])
def test_the_credit_memos_of_an_order_add_up_to_what_it_refunded(shop: Shop, prefix: str) -> None:
    names = ("grand_total", "subtotal", "tax_amount", "shipping_amount", "discount_amount", "adjustment_positive",
             "adjustment_negative")  # fmt: skip
    refunded = ("total_refunded", "subtotal_refunded", "tax_refunded", "shipping_refunded", "discount_refunded",
                "adjustment_positive", "adjustment_negative")  # fmt: skip
    memos = sums(list(shop.credit_memos()), *(prefix + name for name in names))
    for order in shop.orders():
        wanted = [Decimal(order.row.get(prefix + name) or 0) for name in refunded]
        assert memos[order.row["order_id"]] == wanted, order.row["order_id"]


@pytest.mark.parametrize("prefix", ["", "base_"])
def test_the_invoices_of_an_order_add_up_to_what_it_invoiced(shop: Shop, prefix: str) -> None:
    invoices = sums(
        list(shop.invoices()), prefix + "grand_total", prefix + "subtotal", prefix + "shipping_amount"
    )
    for order in shop.orders():
        names = ("total_invoiced", "subtotal_invoiced", "shipping_invoiced")
        wanted = [Decimal(order.row.get(prefix + name) or 0) for name in names]
        assert invoices[order.row["order_id"]] == wanted


@pytest.mark.parametrize(("kind", "column"), [("credit_memos", "qty_refunded"), ("invoices", "qty_invoiced"),
                                              ("shipments", "qty_shipped")])  # fmt: skip
def test_the_lines_of_the_papers_are_the_lines_of_the_order(shop: Shop, kind: str, column: str) -> None:
    written: Counter[str | None] = Counter()
    for paper in getattr(shop, kind)():
        for line in paper.items:
            written[line["order_item_id"]] += Decimal(line["qty"])
    for order in shop.orders():
        for line in order.items:
            assert written[line["item_id"]] == Decimal(line[column]), (order.row["order_id"], line["sku"])


def test_memos_come_in_all_shapes(shop: Shop) -> None:
    memos = list(shop.credit_memos())
    assert any(not memo.items and memo.row["grand_total"] != "0.0000" for memo in memos), "an adjustment only"
    assert any("adjustment_positive" not in memo.row for memo in memos)
    assert {len(memo.comments) for memo in memos} == {0, 1}
    assert {memo.comments[0]["is_visible_on_front"] for memo in memos if memo.comments} == {"0", "1"}
    per_order = Counter(memo.row["order_id"] for memo in memos)
    assert set(per_order.values()) == {1, 2}
    assert all(Decimal(memo.row["grand_total"]) >= 0 for memo in memos)
    assert {memo.row["order_currency_code"] for memo in memos} == {"EUR", "CHF", "GBP", "USD"}


def test_papers_are_numbered_per_store_in_order_of_time(shop: Shop) -> None:
    for kind in ("credit_memos", "invoices", "shipments"):
        papers = list(getattr(shop, kind)())
        assert [paper.row["created_at"] for paper in papers] == sorted(
            paper.row["created_at"] for paper in papers
        )
        by_store: dict[str, list[str]] = defaultdict(list)
        for paper in papers:
            by_store[paper.row["store_id"]].append(paper.row["increment_id"])
        for store, numbers in by_store.items():
            assert numbers == [f"{store}{place:08d}" for place in range(1, len(numbers) + 1)]


def test_some_orders_are_billed_in_two_and_no_invoice_is_empty(shop: Shop) -> None:
    invoices = list(shop.invoices())
    assert set(Counter(invoice.row["order_id"] for invoice in invoices).values()) == {1, 2}
    assert all(invoice.items for invoice in invoices)


def test_nothing_virtual_is_shipped_and_tracks_name_their_order(shop: Shop) -> None:
    orders = {order.row["order_id"]: order for order in shop.orders()}
    shipments = list(shop.shipments())
    for shipment in shipments:
        assert orders[shipment.row["order_id"]].row["is_virtual"] == "0"
        assert {track["order_id"] for track in shipment.tracks} <= {shipment.row["order_id"]}
    assert {len(shipment.tracks) for shipment in shipments} == {0, 1, 2}
    numbers = Counter(track["track_id"] for shipment in shipments for track in shipment.tracks)
    assert max(numbers.values()) == 1


@pytest.mark.parametrize("kind", ["credit_memos", "invoices", "shipments"])
def test_time_adds_papers_and_changes_none(kind: str) -> None:
    shop, fresh = Shop(customers=60, orders=400), Shop(customers=60, orders=400)
    before = [(paper.row, paper.items) for paper in getattr(shop, kind)()]
    for _ in range(30):
        shop.tick(24)
    after = [(paper.row, paper.items) for paper in getattr(shop, kind)()]
    assert after[: len(before)] == before
    assert len(after) > len(before)
    fresh.tick(24 * 30)
    assert [(paper.row, paper.items) for paper in getattr(fresh, kind)()] == after


@pytest.mark.parametrize(
    ("list_method", "info_method", "kind", "asked"),
    [
        ("salesOrderCreditmemoList", "salesOrderCreditmemoInfo", "credit_memos", "creditmemoIncrementId"),
        ("salesOrderInvoiceList", "salesOrderInvoiceInfo", "invoices", "invoiceIncrementId"),
        ("salesOrderShipmentList", "salesOrderShipmentInfo", "shipments", "shipmentIncrementId"),
    ],
)
def test_papers_are_listed_and_shown_as_the_shop_holds_them(
    list_method: str, info_method: str, kind: str, asked: str, call: Any, store: Any
) -> None:
    papers = list(getattr(store.shop, kind)())
    listed = call(list_method)
    assert listed.texts("increment_id") == [paper.row["increment_id"] for paper in papers]
    assert not [child.tag for row in listed.rows for child in row if len(child)]
    last = papers[-1]
    shown = call(info_method, f"<{asked}>{last.row['increment_id']}</{asked}>").root[0][0][0]
    assert shown.findtext("created_at") == last.row["created_at"]
    ids = [line.findtext("order_item_id") for line in shown.iterfind("items/item")]
    assert ids == [line["order_item_id"] for line in last.items]
    window = call.listed(list_method, ("created_at", "from", last.row["created_at"]))
    assert window.texts("increment_id")[-1] == last.row["increment_id"]
    assert len(window.rows) < len(papers)
    assert call(info_method, f"<{asked}>999999999</{asked}>").fault[0] == "100"


def test_a_missing_credit_memo_faults_as_recorded(call: Any) -> None:
    answer = call("salesOrderCreditmemoInfo", "<creditmemoIncrementId>999999999</creditmemoIncrementId>")
    assert (answer.status, answer.fault) == (200, ("100", "Requested credit memo does not exist"))


def test_credit_memos_filter_by_order_and_by_both_ends_of_a_window(call: Any, store: Any) -> None:
    memos = [memo.row for memo in store.shop.credit_memos()]
    order_id = memos[5]["order_id"]
    assert call.listed("salesOrderCreditmemoList", ("order_id", "eq", order_id)).texts("order_id") == [
        row["order_id"] for row in memos if row["order_id"] == order_id
    ]
    low, high = memos[10]["created_at"], memos[20]["created_at"]
    found = call.listed("salesOrderCreditmemoList", ("updated_at", "from", low), ("updated_at", "to", high))
    assert found.texts("creditmemo_id") == [
        row["creditmemo_id"] for row in memos if low <= row["created_at"] <= high
    ]
