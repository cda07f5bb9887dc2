"""The store's count against the warehouse's, range of ids by range: differences are named, explained or mended."""

from __future__ import annotations

from typing import Any

import pytest

from include.entities.catalogue import entity
from include.sync.comparison import Comparison
from include.sync.reconcile import Reconciliation
from tests.sync.records import credit_memo, customer, invoice, order, shipment
from tests.sync.shop import Shop
from tests.sync.store import Store, by_id, loaded


def reconciled(shop: Shop, name: str) -> int | None:
    """A reconciliation as the DAG does it; how many differences are left."""
    return Reconciliation(reader=by_id(shop), entity=entity(name)).run()


def counts(shop: Shop, *names: str) -> list[Any]:
    columns = ", ".join(names)
    return shop.rows(f"select {columns} from ops.reconciliations order by entity, id_low")  # noqa: S608


def test_equal_sides_have_equal_counts_and_nothing_is_read(shop: Shop) -> None:
    store = loaded(shop, orders=[order(n) for n in (1, 2, 5)])
    assert reconciled(shop, "orders") == 0
    assert counts(shop, "id_low", "id_high", "store_count", "warehouse_count", "left_count") == [
        (0, 5, 3, 3, 0)
    ]
    assert shop.rows("select * from ops.windows where kind = 'sweep'") == []
    assert len(store.of("orders")) == 3


def test_record_that_slipped_through_is_named_and_brought(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    store = loaded(shop, orders=[order(1)])
    store.of("orders").append(order(2))
    assert reconciled(shop, "orders") == 0
    assert counts(shop, "store_count", "warehouse_count", "missing_ids", "left_count") == [(2, 1, [2], 0)]
    assert shop.rows("select order_id from crm.orders order by 1") == [1, 2]
    assert "missing: 2; gone: none" in caplog.text


def test_row_that_is_gone_from_the_store_is_named_and_left_to_the_sweep(shop: Shop) -> None:
    store = loaded(shop, orders=[order(1), order(2)])
    del store.of("orders")[1]
    assert reconciled(shop, "orders") == 1
    assert counts(shop, "extra_ids", "left_count") == [([2], 1)]
    assert shop.rows("select deleted_at from crm.orders") == [None, None]


def test_change_that_moved_the_date_unseen_is_brought(shop: Shop) -> None:
    """As when the frontier was moved by hand, or the store's clock jumped back over a day of changes."""
    store = loaded(shop, orders=[order(1)])
    store.of("orders")[0] |= {"updated_at": "2026-03-02 13:00:00", "status": "complete"}
    assert reconciled(shop, "orders") == 0
    assert shop.rows("select status from crm.orders") == ["complete"]


def test_quarantine_websites_and_start_date_explain_what_is_not_there(shop: Shop) -> None:
    narrow = shop.of(websites=[1], sync_start_date="2026-01-01")
    store = loaded(narrow, customers=[customer(1)])
    store.of("customers").extend(
        [customer(2, website_id="2"), customer(3, created_at="2019-01-01 00:00:00"), customer(4)]
    )
    shop.execute(
        "insert into ops.quarantine (channel_code, entity, record_key, reasons_json) "
        "values ('us', 'customers', 'us:4', '[]')"
    )
    assert reconciled(narrow, "customers") == 0
    explained = (
        "store_count",
        "outside_count",
        "too_old_count",
        "waiting_count",
        "warehouse_count",
        "missing_count",
    )
    assert counts(shop, *explained) == [(3, 1, 1, 1, 1, 0)]


def test_latest_reconciliation_takes_the_place_of_the_one_before(shop: Shop) -> None:
    store = loaded(shop, orders=[order(1)])
    store.of("orders").append(order(7))
    reconciled(shop, "orders")
    reconciled(shop, "orders")
    assert counts(shop, "id_high", "missing_count") == [(7, 0)]


def test_ranges_cover_every_id_of_either_side_once(shop: Shop) -> None:
    store = loaded(shop, orders=[order(n) for n in (1, 4, 9)])
    del store.of("orders")[2]  # the warehouse knows the greatest id, not the store
    comparison = Comparison(reader=by_id(shop), entity=entity("orders"), ids_per_range=4)
    found = list(comparison.ranges())
    assert [(one.low, one.high) for one in found] == [(0, 4), (4, 8), (8, 9)]
    assert [(one.known, one.gone) for one in found] == [((1, 4), ()), ((), ()), ((), (9,))]


def test_record_whose_website_only_details_tell_belongs_where_its_order_is(shop: Shop) -> None:
    """The invoice list has no store: read by id, those of other websites would cost a call each, every day."""
    narrow = shop.of(websites=[1])
    store = loaded(narrow, orders=[order(1)], invoices=[])
    store.of("invoices").extend([invoice(1, order_id="1"), invoice(2, order_id="99", store_id="3")])
    assert reconciled(narrow, "invoices") == 0
    assert counts(shop, "store_count", "outside_count", "missing_ids") == [(1, 1, [1])]
    assert shop.rows("select ids from ops.windows where kind = 'sweep'") == [[1]]


def test_first_load_is_left_alone(shop: Shop) -> None:
    shop.door = Store(entities={"orders": [order(1)]})
    shop.plan("orders")
    assert reconciled(shop, "orders") is None
    assert counts(shop, "entity") == []


def test_memo_moved_to_another_order_is_seen_in_the_list(shop: Shop) -> None:
    store = loaded(shop, credit_memos=[credit_memo(1)])
    store.of("credit_memos")[0]["order_id"] = "2"
    reconciled(shop, "credit_memos")
    assert shop.rows("select order_id from crm.credit_memos") == [2]


def test_entity_whose_list_says_no_ids_is_counted_by_number(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    store = loaded(shop, shipments=[shipment(n, created_at=f"2026-03-0{n} 10:00:00") for n in (1, 2)])
    store.of("shipments")[0] = shipment(3, increment_id="US-3", created_at="2026-03-03 10:00:00")
    assert reconciled(shop, "shipments") == 1
    assert "missing: US-3; gone: 1;" in caplog.text
    assert counts(shop, "store_count", "warehouse_count", "missing_count", "extra_count", "left_count") == [
        (2, 2, 1, 1, 1)
    ]
    assert shop.rows("select shipment_number from crm.shipments order by 1") == ["1", "2", "US-3"]


def test_numbers_that_only_details_place_are_outside_a_channel_of_some_websites(shop: Shop) -> None:
    shop = shop.of(websites=[1])
    records = [shipment(1), shipment(2, store_id="3"), shipment(3)]
    loaded(shop, shipments=records)
    assert reconciled(shop, "shipments") == 0
    assert counts(shop, "store_count", "outside_count", "missing_count") == [(2, 1, 0)]


def test_number_that_waits_or_is_too_old_is_no_difference(shop: Shop) -> None:
    shop = shop.of(sync_start_date="2026-01-01")
    loaded(
        shop,
        shipments=[shipment(1), shipment(2, created_at="2025-01-01 10:00:00"), shipment(3, order_id="x")],
    )
    assert reconciled(shop, "shipments") == 0
    assert counts(shop, "store_count", "warehouse_count", "too_old_count", "waiting_count") == [(3, 1, 1, 1)]
