"""What the recorded shop cannot show of products: both dialects, stock that moves, and dates to ask changes by."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from include.demo_store import running_store
from include.demo_store.generate.products import CATEGORIES
from include.demo_store.running import RunningStore
from include.magento.address import StoreAddress
from tests.wire.chain import Chain, changed, contents
from tests.wire.conftest import Fresh

CATALOGUE = ("stores", "categories", "products", "stock")
WAYS = [(wsi, bridge) for wsi in (False, True) for bridge in (True, False)]


def load(chain: Chain, store: RunningStore) -> dict[str, dict[str, int]]:
    address = StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)
    return chain.load(address, entities=CATALOGUE)


@pytest.fixture(
    scope="module",
    params=WAYS,
    ids=[f"{'ws_i' if w else 'standard'}-{'bridge' if b else 'stock'}" for w, b in WAYS],
)
def loaded(request: pytest.FixtureRequest, fresh: Fresh) -> Iterator[tuple[Chain, RunningStore]]:
    wsi, bridge = request.param
    with running_store(customers=3, orders=3, wsi=wsi, bridge=bridge) as store:
        chain = fresh()
        load(chain, store)
        yield chain, store


def test_products_links_and_counts_are_the_shop_s(loaded: tuple[Chain, RunningStore]) -> None:
    chain, store = loaded
    products = {f"us:{product.row['product_id']}": product for product in store.shop.products()}
    found = contents(chain.engine, "products")
    assert found.keys() == products.keys()
    for key, product in products.items():
        row, price = found[key], product.row["price"]
        assert (row["sku"], row["product_name"]) == (product.row["sku"], product.row["name"])
        assert row["price_amount"] == (None if price is None else Decimal(price))
        assert row["status"] == {"1": "enabled", "2": "disabled"}[product.row["status"] or ""]
    links = {
        (r["product_key"], r["category_key"]) for r in contents(chain.engine, "product_categories").values()
    }
    assert links == {(key, f"us:{n}") for key, product in products.items() for n in product.category_ids}
    sites = {
        (r["product_key"], r["website_key"]) for r in contents(chain.engine, "product_websites").values()
    }
    assert sites == {(key, f"us:{n}") for key, product in products.items() for n in product.website_ids}
    counts = {r["product_key"]: r["stock_qty"] for r in contents(chain.engine, "stock_items").values()}
    assert counts == {key: Decimal(product.stock["qty"] or 0) for key, product in products.items()}


def test_tree_is_the_shop_s(loaded: tuple[Chain, RunningStore]) -> None:
    chain, _ = loaded
    found = {row["category_id"]: row for row in contents(chain.engine, "categories").values()}
    assert {
        n: (r["category_name"], r["parent_category_id"], r["level"], r["position"]) for n, r in found.items()
    } == {c.category_id: (c.name, c.parent_id or None, c.level, c.position) for c in CATEGORIES}
    assert {n for n, row in found.items() if row["is_active"] is False} == {8}
    assert found[5]["full_name"] == "Nordwind / Haus & Küche / Großmutters Küche"


def test_second_run_changes_nothing(loaded: tuple[Chain, RunningStore], fresh: Fresh) -> None:
    chain, store = loaded
    assert changed(load(fresh(like=chain), store)) == {}


def test_stock_moves_without_the_product_and_is_followed(fresh: Fresh) -> None:
    with running_store(customers=3, orders=3) as store:
        chain = fresh()
        load(chain, store)
        before = {product.row["product_id"]: product for product in store.shop.products()}
        store.tick(hours=24)
        after = {product.row["product_id"]: product for product in store.shop.products()}
        touched = {n for n in after if after[n].row["updated_at"] != before[n].row["updated_at"]}
        moved = {n for n in after if after[n].stock != before[n].stock}
        assert moved - touched
        outcomes = load(chain, store)
        assert outcomes["stock_items"]["updated"] == len(moved)
        assert outcomes["products"]["updated"] == len(touched)
        counts = {r["product_id"]: r["stock_qty"] for r in contents(chain.engine, "stock_items").values()}
    assert counts == {int(n or 0): Decimal(product.stock["qty"] or 0) for n, product in after.items()}
