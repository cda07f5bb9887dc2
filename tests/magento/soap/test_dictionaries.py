"""Dictionaries that are not a list: given for ids only, or as one record."""

from __future__ import annotations

import pytest

from include.errors import TransientError
from include.magento.door import Everything
from include.magento.soap.reading import RecordCall, SnapshotByIds, SnapshotReading, SoapReading
from tests.magento.soap.scripted_store import Raw, record, rows

STOCK = SnapshotByIds(
    spine=SoapReading(
        spine="catalogProductList", id_field="product_id", filter_id="product_id", created_field=None
    ),
    method="catalogInventoryStockItemList",
    argument="products",
    into="stock_items",
    alias_field="sku",
)
TREE = SnapshotReading(
    records={"tree": RecordCall(method="catalogCategoryTree", arguments={"parentId": "1"})},
    required=frozenset({"tree"}),
)


class Catalogue:
    """Products by id with their SKU; a number that is asked for is taken for a SKU first, as Magento takes it."""

    def __init__(self, store, products):
        self.products = products
        self.store = store
        self.fatal = None
        store.parameters |= {
            "catalogProductList": ("sessionId", "filters"),
            "catalogInventoryStockItemList": ("sessionId", "products"),
            "catalogCategoryTree": ("sessionId", "parentId"),
        }
        store.on("catalogProductList", self.listed)
        store.on("catalogInventoryStockItemList", self.counted)

    def listed(self, asked):
        ids = asked.get("product_id in")
        least = int(asked.get("product_id gt", 0))
        found = [n for n in self.products if n > least and (ids is None or str(n) in ids.split(","))]
        if self.fatal in found:
            return Raw(b"", 500)
        return rows(*({"product_id": n, "sku": self.products[n] or ""} for n in found))

    def counted(self, asked):
        by_sku = {sku: n for n, sku in self.products.items() if sku}
        named = asked["products"].split(",")
        found = {by_sku.get(name) or int(name) for name in named} & self.products.keys()
        return rows(*({"product_id": n, "qty": f"{n}.0000"} for n in sorted(found)))

    def read(self, enter):
        (page,) = enter(self.store.address()).read(STOCK, Everything(), page_size=100)
        (whole,) = page.records
        return [row["product_id"] for row in whole["stock_items"]]


@pytest.mark.parametrize(
    "products",
    [
        {},
        {1: "mug", 2: None, 5: "cup"},
        {1: "2", 2: "3", 3: "1"},
        {41: "cup", 700: "41", 701: "700", 702: "702"},
    ],
)
def test_every_product_is_counted_once_also_where_skus_are_spelled_like_ids(store, enter, products):
    assert sorted(map(int, Catalogue(store, products).read(enter))) == sorted(products)


def test_five_hundred_are_counted_at_a_time(store, enter):
    catalogue = Catalogue(store, {n: f"sku-{n}" for n in range(1, 1201)})
    assert catalogue.read(enter) == [str(n) for n in range(1, 1201)]
    asked = [len(call["products"].split(",")) for call in store.named("catalogInventoryStockItemList")]
    assert asked == [500, 500, 200]


def test_product_that_the_list_breaks_on_is_counted_all_the_same(store, enter):
    catalogue = Catalogue(store, {1: "mug", 2: "cup", 3: "jug"})
    catalogue.fatal = 2
    assert catalogue.read(enter) == ["1", "2", "3"]


def test_count_that_cannot_be_had_is_not_taken_for_none(store, enter):
    catalogue = Catalogue(store, {1: "mug"})
    store.on("catalogInventoryStockItemList", Raw(b"", 500))
    with pytest.raises(TransientError, match="catalogInventoryStockItemList"):
        catalogue.read(enter)


def test_tree_is_one_record_and_nothing_is_no_tree(store, enter):
    Catalogue(store, {})
    store.on("catalogCategoryTree", record({"category_id": "1"}), "<tree/>")
    door = enter(store.address())
    (page,) = door.read(TREE, Everything(), page_size=1)
    assert page.records == [{"tree": {"category_id": "1"}}]
    assert store.named("catalogCategoryTree")[0]["parentId"] == "1"
    with pytest.raises(TransientError, match="catalogCategoryTree"):
        list(door.read(TREE, Everything(), page_size=1))


def test_store_without_the_calls_is_told_of(shop, door):
    assert "catalogCategoryTree" in (door.delivers(TREE) or "")
    assert "catalogInventoryStockItemList" in (door.delivers(STOCK) or "")
