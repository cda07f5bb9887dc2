"""The bridge's further attributes in both dialects: its setting is off in the recorded shop, on in the demo store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.demo_store import running_store
from include.demo_store.running import RunningStore
from include.magento.address import StoreAddress
from tests.wire.chain import Chain, changed, contents
from tests.wire.conftest import Fresh, Loaded

KEPT = ("stores", "customers", "orders")


def load(chain: Chain, store: RunningStore) -> dict[str, int]:
    address = StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)
    return changed(chain.load(address, entities=KEPT))


def attributes(chain: Chain, table: str) -> dict[str, dict[str, str | None]]:
    """By key, of every row that has any."""
    found = contents(chain.engine, table)
    return {key: row["attributes_json"] for key, row in found.items() if row["attributes_json"]}  # type: ignore[misc]


@pytest.fixture(scope="module", params=[False, True], ids=["standard", "ws_i"])
def with_attributes(request: pytest.FixtureRequest, fresh: Fresh) -> Iterator[tuple[Chain, RunningStore]]:
    with running_store(customers=12, orders=20, eav_attributes=True, wsi=request.param) as store:
        chain = fresh()
        load(chain, store)
        yield chain, store


def test_orders_have_theirs_and_no_secret(with_attributes: tuple[Chain, RunningStore]) -> None:
    chain, store = with_attributes
    found = attributes(chain, "orders")
    assert found.keys() == {f"us:{order.row['order_id']}" for order in store.shop.orders()}
    for order in store.shop.orders():
        pairs = found[f"us:{order.row['order_id']}"]
        assert len(pairs) == 86  # of 87: protect_code opens a guest's order to anybody
        assert "protect_code" not in pairs
        assert pairs["total_item_count"] == order.row["total_item_count"]
        assert pairs["customer_note"] is None


def test_customers_and_their_addresses_have_theirs(with_attributes: tuple[Chain, RunningStore]) -> None:
    chain, _ = with_attributes
    customers, cards = attributes(chain, "customers"), attributes(chain, "customer_addresses")
    registered = {k for k, r in contents(chain.engine, "customers").items() if not r["is_guest"]}
    assert customers.keys() == registered
    assert all(len(pairs) == 5 and pairs["is_active"] == "1" for pairs in customers.values())
    rows = contents(chain.engine, "customer_addresses")
    assert rows.keys() == cards.keys()
    assert all(pairs["parent_id"] == str(rows[key]["customer_id"]) for key, pairs in cards.items())


def test_reading_them_again_changes_nothing(with_attributes: tuple[Chain, RunningStore]) -> None:
    chain, store = with_attributes
    assert load(chain, store) == {}


def test_both_dialects_bring_the_same(fresh: Fresh) -> None:
    found = []
    for wsi in (False, True):
        with running_store(customers=6, orders=8, eav_attributes=True, wsi=wsi) as store:
            chain = fresh()
            load(chain, store)
        found.append([attributes(chain, t) for t in ("orders", "customers", "customer_addresses")])
    assert found[0] == found[1]


def test_setting_that_was_off_leaves_them_null(with_bridge: Loaded, without_bridge: Loaded) -> None:
    for loaded in (with_bridge, without_bridge):
        for table in ("orders", "customers", "customer_addresses"):
            assert attributes(loaded.chain, table) == {}


def test_channel_that_loses_its_bridge_does_not_forget_them(fresh: Fresh) -> None:
    chain = fresh()
    with running_store(customers=6, orders=8, eav_attributes=True) as store:
        load(chain, store)
    before = attributes(chain, "orders")
    with running_store(customers=6, orders=8, bridge=False) as store:
        load(chain, store)
    assert attributes(chain, "orders") == before != {}
