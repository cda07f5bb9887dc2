from __future__ import annotations

from include.entities.catalogue import entity
from include.sync.window import WindowKind
from tests.sync.records import invoice, order
from tests.sync.shop import Shop


def test_record_that_is_refused_is_staged_with_its_reasons_and_its_rows_are_not(shop: Shop) -> None:
    records = [order(1), order(2, grand_total="a lot", subtotal="much"), order(3, order_id=None)]
    shop.door.records = records[:2]
    window = shop.staged(shop.planned("orders", WindowKind.INITIAL, id_low=0, id_high=9))
    stage = shop.stage(window)
    (refused,) = stage.refused()
    assert refused["record_key"] == "us:2"
    assert [(r["table"], r["column"], r["rule"]) for r in refused["reasons"]] == [
        ("orders", "subtotal_amount", "value_is_unreadable"),
        ("orders", "grand_total_amount", "value_is_unreadable"),
    ]
    assert refused["payload"]["increment_id"] == "100000002"
    for table in entity("orders").tables:
        (frame,) = stage.parts(table.name)
        assert set(frame["root_key"].to_pylist()) == {"us:1"}


def test_record_without_an_id_waits_under_a_question_mark(shop: Shop) -> None:
    window = shop.staged(shop.planned("orders"), [order(1), order(2, order_id=None)])
    assert [entry["record_key"] for entry in shop.stage(window).refused()] == ["us:?"]
    shop.upsert(window)
    assert shop.rows("select order_key from crm.orders") == ["us:1"]


def test_record_the_store_cannot_deliver_waits_without_a_payload(shop: Shop) -> None:
    shop.door.unreadable = {2}
    window = shop.staged(shop.planned("orders"), [order(1), order(2)])
    (refused,) = shop.stage(window).refused()
    assert (refused["record_key"], refused["payload"]) == ("us:2", None)
    assert refused["reasons"] == [{"rule": "store_cannot_deliver_it", "detail": "The store fails."}]


def test_raw_copy_holds_every_record_as_it_was_read(shop: Shop) -> None:
    records = [order(n) for n in range(1, 250)]
    records[3]["grand_total"] = "a lot"
    window = shop.staged(shop.planned("orders"), records)
    assert list(shop.stage(window).records()) == records


def test_record_whose_details_name_another_website_is_left_out_and_counted(shop: Shop) -> None:
    shop = shop.of(websites=[1])
    shop.door.records = [invoice(1), invoice(2, store_id="3"), invoice(3, store_id=None)]
    window = shop.staged(shop.planned("invoices", WindowKind.INITIAL, id_low=0, id_high=9))
    assert [record["invoice_id"] for record in shop.stage(window).records()] == ["1"]
    assert shop.rows("select read_count, skipped_count from ops.windows") == [(1, 2)]
