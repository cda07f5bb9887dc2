"""What was not recorded of carts: WS-I, carts on which the store dies, and carts that change between two runs."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from include.demo_store.running import RunningStore, running_store
from include.magento.address import StoreAddress
from tests.wire.chain import channel, contents
from tests.wire.conftest import Fresh

SETTINGS = {"customers": 60, "orders": 60}
FATAL = (3, 10, 11, 40)


def address(store: RunningStore) -> StoreAddress:
    return StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)


def ids(engine: Engine) -> set[int]:
    return {int(str(row["cart_id"])) for row in contents(engine, "carts").values()}


def in_store(store: RunningStore) -> set[int]:
    return {int(cart.row["entity_id"] or 0) for cart in store.shop.carts()}


def waiting(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "select record_key from ops.quarantine where entity = 'carts' and resolved_at is null"
                " and reasons_json->0->>'rule' = 'store_cannot_deliver_it' order by 1"
            )
        )
        return list(found.scalars())


@pytest.mark.parametrize("wsi", [False, True], ids=["standard", "WS-I"])
def test_one_fatal_cart_costs_itself_alone_and_waits_by_its_id(fresh: Fresh, wsi: bool) -> None:
    fatal = tuple(f"cart:{number}" for number in FATAL)
    with running_store(**SETTINGS, fatal=fatal, wsi=wsi) as store:
        chain = fresh(channel=channel(limits={"page_size": 25}))
        chain.load(address(store), entities=["stores", "carts"])
        assert ids(chain.engine) == in_store(store) - set(FATAL)
        assert waiting(chain.engine) == sorted(f"us:{number}" for number in FATAL)


def test_fatal_cart_that_changed_costs_itself_alone_too(fresh: Fresh) -> None:
    with running_store(**SETTINGS, fatal=("cart:100",)) as store:
        chain = fresh(channel=channel(limits={"page_size": 25}))
        chain.load(address(store), entities=["stores", "carts"])
        before = ids(chain.engine)
        store.tick(hours=24 * 20)
        after = in_store(store)
        assert 100 in after - before
        chain.load(address(store), entities=["carts"])
        assert ids(chain.engine) == (before | after) - {100}
        assert waiting(chain.engine) == ["us:100"]
