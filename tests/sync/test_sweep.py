"""What no date tells: deletions, address edits, records without a date; and that a broken list empties no table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from include.entities.catalogue import entity
from include.errors import DataError
from include.magento.door import IdRange, Reading, Record, Selection, Unreadable
from include.sync.sweep import Sweep, Swept
from include.sync.window import WindowKind, WindowState
from tests.sync.records import customer, order, product, subscriber
from tests.sync.shop import T0, Shop
from tests.sync.store import Store, by_id, loaded

MANY = 150
"""So many that one of them is less than a hundredth."""


def sweep(shop: Shop, name: str, *, allow_deletions: bool = False) -> Swept:
    """A sweep of an entity, as the DAG does it."""
    swept = Sweep(reader=by_id(shop), entity=entity(name), allow_deletions=allow_deletions).run()
    assert swept is not None
    return swept


@pytest.fixture
def customers(shop: Shop) -> Store:
    """Customers, loaded."""
    return loaded(shop, customers=[customer(n) for n in range(1, MANY + 1)])


@pytest.fixture
def orders(shop: Shop) -> Store:
    """Orders of guests, loaded."""
    people = (f"person{n}@example.com" for n in range(1, MANY + 1))
    return loaded(shop, orders=[order(n, customer_email=email) for n, email in enumerate(people, 1)])


def deleted(shop: Shop, table: str, column: str) -> list[Any]:
    return shop.rows(f"select {column} from crm.{table} where deleted_at is not null order by 1")  # noqa: S608


def test_record_gone_from_the_store_is_marked_with_its_children_and_stays(
    shop: Shop, customers: Store
) -> None:
    del customers.of("customers")[6]
    swept = sweep(shop, "customers")
    assert (swept.gone, swept.listed, swept.known) == ([7], MANY - 1, MANY)
    assert deleted(shop, "customers", "customer_id") == [7]
    assert deleted(shop, "customer_addresses", "customer_id") == [7]
    assert shop.one("select count(*) from crm.customers") == MANY
    window = "select kind, ids, state, outcome_json -> 'customers' ->> 'deleted' from ops.windows where kind = 'gone'"
    assert shop.rows(window) == [("gone", [7], "done", "1")]


def test_deletion_is_told_to_reports_and_guests_like_any_change(shop: Shop, orders: Store) -> None:
    del orders.of("orders")[6]
    sweep(shop, "orders")
    gone = "select max(window_id) from ops.windows where kind = 'gone'"
    subjects = shop.rows(f"select subject from ops.touched where window_id = ({gone})")  # noqa: S608
    assert {"customer", "order_created"} <= set(subjects)
    assert deleted(shop, "customers", "email") == ["person7@example.com"]


def test_record_that_comes_back_is_undeleted(shop: Shop, customers: Store) -> None:
    back = customers.of("customers").pop(6)
    sweep(shop, "customers")
    customers.of("customers").append(back)
    swept = sweep(shop, "customers")
    assert 7 in swept.wanted
    assert (
        deleted(shop, "customers", "customer_id") == deleted(shop, "customer_addresses", "customer_id") == []
    )


def test_marked_record_is_not_counted_as_gone_again(shop: Shop, customers: Store) -> None:
    del customers.of("customers")[6]
    sweep(shop, "customers")
    assert sweep(shop, "customers").gone == []
    assert shop.one("select count(*) from ops.windows where kind = 'gone'") == 1


def test_more_than_a_hundredth_gone_at_once_stops_and_asks(shop: Shop, customers: Store) -> None:
    del customers.of("customers")[:2]
    customers.of("customers").append(customer(MANY + 1))
    with pytest.raises(DataError, match=f"2 of {MANY} known customers of channel us .* allow_deletions"):
        sweep(shop, "customers")
    assert deleted(shop, "customers", "customer_id") == []
    assert shop.rows("select customer_id from crm.customers where customer_id > 150") == [MANY + 1]
    assert shop.rows("select swept_at from ops.frontiers where entity = 'customers'") == [None]
    sweep(shop, "customers", allow_deletions=True)
    assert deleted(shop, "customers", "customer_id") == [1, 2]


def test_one_record_of_a_small_table_may_go_without_asking(shop: Shop) -> None:
    store = loaded(shop, customers=[customer(n) for n in (1, 2, 3)])
    del store.of("customers")[0]
    assert sweep(shop, "customers").gone == [1]


def test_store_that_lists_nothing_never_empties_a_table(shop: Shop, customers: Store) -> None:
    customers.of("customers").clear()
    with pytest.raises(DataError, match="lists no customers at all"):
        sweep(shop, "customers", allow_deletions=True)
    assert deleted(shop, "customers", "customer_id") == []


def test_record_that_the_list_forgets_and_the_store_has_is_not_gone(
    shop: Shop, customers: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(
        self: Store, reading: Reading, selection: Selection, *, page_size: int
    ) -> Iterator[Record | Unreadable]:
        for row in complete(self, reading, selection, page_size=page_size):
            if not (isinstance(selection, IdRange) and row["customer_id"] == "7"):  # type: ignore[index]
                yield row

    complete = Store.rows
    monkeypatch.setattr(Store, "rows", rows)
    assert sweep(shop, "customers").gone == []
    assert deleted(shop, "customers", "customer_id") == []


def test_record_that_breaks_the_list_is_not_gone(shop: Shop, customers: Store) -> None:
    customers.unreadable = {7}
    assert sweep(shop, "customers").gone == []
    assert shop.rows("select record_key from ops.quarantine") == []  # its last good version is loaded


def test_record_that_waits_in_quarantine_is_neither_gone_nor_missing(shop: Shop, customers: Store) -> None:
    for key in ("us:7", f"us:{MANY + 1}"):
        shop.execute(
            "insert into ops.quarantine (channel_code, entity, record_key, reasons_json) "
            "values ('us', 'customers', :key, '[]')",
            key=key,
        )
    customers.of("customers").append(customer(MANY + 1))
    del customers.of("customers")[6]
    swept = sweep(shop, "customers")
    assert swept.gone == []
    assert not {7, MANY + 1} & set(swept.wanted)


def test_record_no_window_ever_brought_is_read(shop: Shop, orders: Store) -> None:
    orders.of("orders").append(order(MANY + 1, updated_at=None))
    swept = sweep(shop, "orders")
    assert swept.wanted == [MANY + 1]
    assert shop.one("select max(order_id) from crm.orders") == MANY + 1


def test_record_without_a_date_of_change_is_read_every_time(shop: Shop, orders: Store) -> None:
    orders.of("orders")[6] |= {"updated_at": None}
    shop.execute("update crm.orders set source_updated_at = null where order_id = 7")
    orders.of("orders")[6]["status"] = "complete"
    assert sweep(shop, "orders").wanted == [7]
    assert shop.rows("select status from crm.orders where order_id = 7") == ["complete"]


def test_subscriber_whose_state_has_no_date_is_followed(shop: Shop) -> None:
    store = loaded(shop, newsletter_subscribers=[subscriber(n, change_status_at=None) for n in (1, 2)])
    store.of("newsletter_subscribers")[0]["subscriber_status"] = "3"
    sweep(shop, "newsletter_subscribers")
    states = "select status from crm.newsletter_subscribers order by newsletter_subscriber_id"
    assert shop.rows(states) == ["unsubscribed", "subscribed"]


def test_edit_of_an_address_which_moves_no_date_is_found(shop: Shop, customers: Store) -> None:
    customers.of("customers")[6]["addresses"] = [{"customer_address_id": "70", "city": "Paris"}]
    shop.run("customers")
    assert shop.rows("select city from crm.customer_addresses where customer_id = 7") == ["London"]
    sweep(shop, "customers")
    assert shop.rows("select city from crm.customer_addresses where customer_id = 7") == ["Paris"]


def test_product_moved_to_another_category_which_moves_no_date_is_found(shop: Shop) -> None:
    store = loaded(shop, products=[product(n) for n in (1, 2, 3)])
    store.of("products")[1] = product(2, category_ids=["3", "9"])
    sweep(shop, "products")
    links = "select category_id from crm.product_categories where product_id = 2 and deleted_at is null order by 1"
    assert shop.rows(links) == [3, 9]


def test_order_whose_customer_was_deleted_is_read_again_and_kept(shop: Shop) -> None:
    store = loaded(shop, orders=[order(n, customer_id="5") for n in (1, 2)])
    store.of("orders")[0]["customer_id"] = None  # no date of the order moves
    assert sweep(shop, "orders").wanted == [1]
    rows = shop.rows("select order_id, customer_id, deleted_at from crm.orders order by 1")
    assert rows == [(1, None, None), (2, 5, None)]


def test_guests_are_no_business_of_the_customers_sweep(shop: Shop) -> None:
    store = loaded(shop, customers=[customer(1)], orders=[order(1)])
    assert shop.one("select count(*) from crm.customers where is_guest") == 1
    assert (sweep(shop, "customers").gone, len(store.of("customers"))) == ([], 1)


def test_other_websites_are_neither_missing_nor_gone(shop: Shop) -> None:
    narrow = shop.of(websites=[1])
    store = loaded(narrow, customers=[customer(1), customer(2)])
    store.of("customers").append(customer(3, website_id="2"))
    swept = sweep(narrow, "customers")
    assert (swept.gone, swept.wanted) == ([], [2, 1])


def test_record_that_moved_to_another_website_is_gone_from_this_channel(shop: Shop) -> None:
    narrow = shop.of(websites=[1])
    store = loaded(narrow, customers=[customer(1), customer(2)])
    store.of("customers")[0]["website_id"] = "2"
    assert sweep(narrow, "customers").gone == [1]
    assert deleted(shop, "customers", "customer_id") == [1]


def test_record_older_than_the_start_date_is_not_missing_and_a_known_one_not_gone(shop: Shop) -> None:
    store = loaded(shop, customers=[customer(1, created_at="2019-01-01 00:00:00"), customer(2)])
    young = shop.of(sync_start_date="2026-01-01")
    young.door = store
    store.of("customers").append(customer(3, created_at="2019-01-01 00:00:00"))
    swept = sweep(young, "customers")
    assert (swept.gone, swept.wanted) == ([], [2, 1])


def test_row_loaded_while_the_list_was_read_is_not_gone(
    shop: Shop, customers: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of a range is read first; a run that loads a new record meanwhile must not lose it again."""
    monkeypatch.setattr("include.sync.comparison.Comparison.still_listed", lambda self, ids: set())
    shop.execute("update crm.customers set changed_at = now() + interval '1 hour' where customer_id = 7")
    del customers.of("customers")[6]
    assert sweep(shop, "customers").gone == []


def test_sweep_waits_for_the_first_load(shop: Shop) -> None:
    shop.door = Store()
    shop.door.of("orders").append(order(1))
    shop.plan("orders")
    assert Sweep(reader=by_id(shop), entity=entity("orders")).run() is None


def test_finished_sweep_is_noted(shop: Shop, customers: Store) -> None:
    shop.now = T0 + timedelta(days=7)
    sweep(shop, "customers")
    assert shop.rows("select swept_at from ops.frontiers where entity = 'customers'") == [shop.now]


def test_windows_that_a_killed_sweep_left_behind_are_given_up_a_day_later(
    shop: Shop, customers: Store
) -> None:
    left, young = (shop.planned("customers", WindowKind.SWEEP, ids=(n,)) for n in (1, 2))
    shop.execute(
        "update ops.windows set planned_at = now() - interval '25 hours' where window_id = :w",
        w=left.window_id,
    )
    sweep(shop, "customers")
    assert [shop.window(w.window_id).state for w in (left, young)] == [
        WindowState.SUPERSEDED,
        WindowState.PLANNED,  # a run may be at it this very moment
    ]
