from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from include.demo_store.running import RunningStore, running_store
from include.errors import TransientError
from tests.orchestration.house import House

pytestmark = pytest.mark.slow

ORPHANS = """
select count(*) from crm.orders where customer_id is not null
and not exists (select from crm.customers where customers.customer_key = orders.customer_key)
"""


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=60, orders=60) as running:
        yield running


@pytest.fixture
def without_a_customer(house: House, store: RunningStore) -> House:
    """As if a customer with orders had registered after the customers of the hour were read."""
    house.channel("demo", store)
    house.run("sync_customers")
    buyers = {order.row["customer_id"] for order in store.shop.orders()} - {None}
    house.execute(f"delete from crm.customers where customer_id = {int(max(map(int, buyers)))}")  # noqa: S608
    return house


def test_customer_of_new_orders_arrives_with_them_and_its_readers_are_told(without_a_customer: House) -> None:
    house = without_a_customer
    run, again = house.sync("orders", "orders")
    fetched = house.rows("select cardinality(ids) from ops.windows where kind = 'parents'")
    assert (run.state, fetched, house.rows(ORPHANS)) == ("success", [(1,)], [(0,)])
    assert (
        run.events["crm.customers"] == run.events["crm.customer_addresses"] == run.events["crm.orders"] == 1
    )
    assert (again.state, again.states["fetch_parents"], again.events) == ("success", "skipped", Counter())


def test_parents_that_cannot_be_read_keep_the_run_red_while_the_orders_load(
    without_a_customer: House, store: RunningStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise TransientError("The store is away: run again when it is back.")

    monkeypatch.setattr("include.sync.by_id.ById.read", refuses)
    run = without_a_customer.run("sync_orders")
    assert (run.state, run.states["fetch_parents"], run.events["crm.orders"]) == ("failed", "failed", 1)
    assert without_a_customer.ids("orders", "order_id", "demo") == set(store.shop.order_ids())
    assert run.sentences == ("Channel demo: The store is away: run again when it is back.",)


@pytest.mark.parametrize("error", [OperationalError("select 'a name'", {}, Exception()), SystemExit(1)])
def test_parents_that_fail_in_any_other_way_keep_the_run_red_too(
    without_a_customer: House, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def breaks(*_: object) -> None:
        raise error

    monkeypatch.setattr("include.sync.parents.has_pending", breaks)
    run = without_a_customer.run("sync_orders")
    assert (run.state, run.states["fetch_parents"], run.states["verdict"]) == ("failed",) * 3
    assert "a name" not in " ".join(run.sentences)
