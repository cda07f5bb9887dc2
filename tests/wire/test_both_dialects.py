"""One shop in standard and in WS-I mode: NULLs, empty and nested lists, flags and numbers mean the same in both.

WS-I was recorded in samples only; that the demo store answers as they do is proved in tests/demo_store/test_wsi.py.
"""

from __future__ import annotations

import pytest

from include.demo_store.running import running_store
from include.entities.catalogue import tables
from include.magento.address import StoreAddress
from tests.wire.chain import TABLES_OF_MAGENTO_2, contents
from tests.wire.conftest import Fresh

OF_THE_BRIDGE = {"newsletter_subscribers", "carts", "cart_items", "cart_addresses"}


@pytest.mark.parametrize("bridge", [True, False], ids=["bridge", "stock"])
def test_both_dialects_fill_the_same_warehouse(fresh: Fresh, bridge: bool) -> None:
    loaded = []
    for wsi in (False, True):
        with running_store(customers=40, orders=60, wsi=wsi, bridge=bridge) as store:
            chain = fresh()
            chain.load(StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key))
            loaded.append({table.name: contents(chain.engine, table.name) for table in tables()})
    standard, ws_i = loaded
    assert [name for name in standard if standard[name] != ws_i[name]] == []
    empty = TABLES_OF_MAGENTO_2 | (set() if bridge else OF_THE_BRIDGE)
    assert {name for name, rows in standard.items() if not rows} == empty
