"""`ops.sync_health`: one row tells whether an entity's data can be relied on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from include.entities.catalogue import ENTITIES, entity
from include.sync import ledger, parents
from include.sync.reconcile import Reconciliation
from include.sync.skipped import skip
from include.sync.sweep import Sweep
from tests.sync.records import customer, order
from tests.sync.shop import T0, Shop
from tests.sync.store import by_id, loaded


def health(shop: Shop, name: str, *columns: str) -> Any:
    listed = ", ".join(columns)
    return shop.one(f"select {listed} from ops.sync_health where entity = :name", name=name)  # noqa: S608


def test_rows_of_every_entity_are_counted(shop: Shop) -> None:
    """The table is found by the entity's name; one that is called otherwise is named in ops.row_count.sql."""
    counted = {one.name: shop.one("select ops.row_count(:entity, 'us')", entity=one.name) for one in ENTITIES}
    assert counted == dict.fromkeys(counted, 0)


def test_healthy_entity_has_rows_and_nothing_to_look_at(shop: Shop) -> None:
    loaded(shop, orders=[order(1), order(2)])
    columns = (
        "complete_until",
        "row_count",
        "rejected_count",
        "failed_window_count",
        "last_error",
        "last_success_at",
    )
    assert health(shop, "orders", *columns) == (T0, 2, 0, 0, None, T0)
    assert health(
        shop, "orders", "lag > interval '1 day'", "swept_at", "reconciled_at", "difference_count"
    ) == (
        True,
        None,
        None,
        None,
    )


def test_rows_marked_deleted_and_those_of_other_channels_do_not_count(shop: Shop) -> None:
    loaded(shop, orders=[order(1), order(2)])
    loaded(shop.of(code="de"), orders=[order(1)])
    shop.execute("update crm.orders set deleted_at = now() where order_key = 'us:2'")
    assert shop.rows("select channel_code, row_count from ops.sync_health order by 1") == [
        ("de", 1),
        ("us", 1),
    ]


def test_failed_window_tells_its_latest_sentence_until_it_is_read(shop: Shop) -> None:
    store = loaded(shop, orders=[order(1)])
    for number, hours in ((1, 1), (2, 2)):
        window = shop.planned("orders", ids=(number,))
        ledger.fail(shop.engine, window.window_id or 0, f"Sentence {number}.", T0 + timedelta(hours=hours))
    columns = ("failed_window_count", "last_error", "last_failure_at")
    assert health(shop, "orders", *columns) == (2, "Sentence 2.", T0 + timedelta(hours=2))
    shop.door = store
    shop.run("orders")
    assert health(shop, "orders", *columns) == (0, None, None)


def test_quarantine_and_orphans_are_counted(shop: Shop) -> None:
    loaded(shop, customers=[], orders=[order(n, customer_id=str(n)) for n in (1, 2)])
    shop.execute(
        "insert into ops.quarantine (channel_code, entity, record_key, reasons_json, resolved_at) "
        "values ('us', 'orders', 'us:8', '[]', null), ('us', 'orders', 'us:9', '[]', now())"
    )
    parents.fetch(by_id(shop), entity("orders"))
    assert health(shop, "orders", "rejected_count", "missing_parent_count") == (1, 2)
    shop.execute("update ops.absences set reason = 'outside_the_channel' where record_id = 1")
    assert health(shop, "orders", "missing_parent_count") == 1


def test_entity_the_store_cannot_deliver_says_why(shop: Shop) -> None:
    skip(shop.engine, "us", entity("orders"), "The store has no orders.", run_id="run", now=T0)
    assert health(shop, "orders", "skipped_reason", "complete_until", "row_count") == (
        "The store has no orders.",
        None,
        0,
    )


def test_sweep_and_reconciliation_leave_their_dates_and_what_they_found(shop: Shop) -> None:
    store = loaded(shop, customers=[customer(n) for n in (1, 2, 3)])
    del store.of("customers")[0]
    store.of("customers").append(customer(4))
    shop.now = T0 + timedelta(hours=1)
    Reconciliation(reader=by_id(shop), entity=entity("customers")).run()
    columns = ("reconciled_at", "difference_count", "difference_left_count", "swept_at")
    assert health(shop, "customers", *columns) == (shop.now, 2, 1, None)
    Sweep(reader=by_id(shop), entity=entity("customers")).run()
    assert health(shop, "customers", "swept_at") == shop.now
