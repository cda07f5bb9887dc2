"""Products, categories and stock."""

from __future__ import annotations

from collections.abc import Callable

from include.demo_store.clock import ZERO
from include.demo_store.generate.products import CATEGORIES, ROOT, CatalogueProduct
from include.demo_store.shop import Shop
from include.demo_store.wire import render
from include.demo_store.wire import render_catalog as xml
from include.demo_store.wire.answers.customers import store_zone
from include.demo_store.wire.envelope import SoapFault
from include.demo_store.wire.lists import Lists, whole_list
from include.demo_store.wire.request import Call
from include.demo_store.wire.tables import Products

PRODUCT_NOT_EXISTS = SoapFault("101", "Product not exists.")
CATEGORY_NOT_EXISTS = SoapFault("102", "Category not exists.")


class CatalogueAnswers:
    """Methods about what the shop sells.

    Args:
        shop: whose.
        lists: answers list calls.
    """

    def __init__(self, shop: Shop, lists: Lists) -> None:
        self._shop, self._lists, self._products = shop, lists, Products(shop)

    def methods(self) -> dict[str, Callable[[Call], list[bytes]]]:
        """The methods by name."""
        return {
            "catalogProductList": self._list,
            "catalogProductInfo": self._info,
            "catalogCategoryTree": self._tree,
            "catalogInventoryStockItemList": self._stock,
        }

    def _list(self, call: Call) -> list[bytes]:
        ids = self._lists.ids(call, "product", self._products)
        found = [product for number in ids if (product := self._shop.product(number))]
        return whole_list(call.method, [xml.listed_product(product) for product in found])

    def _info(self, call: Call) -> list[bytes]:
        product = self._find(call.text.get("productId", ""), call.text.get("identifierType", ""))
        if product is None:
            raise PRODUCT_NOT_EXISTS
        self._lists.survive("product", [int(product.row["product_id"] or 0)])
        return [xml.info_product(product, store_zone(product.row["created_at"] or ZERO)).encode()]

    def _find(self, wanted: str, kind: str) -> CatalogueProduct | None:
        """By id if it looks like one and nobody said otherwise; a SKU of digits needs `identifierType`."""
        if kind != "sku" and wanted.isdecimal():
            return self._shop.product(int(wanted))
        return next((product for product in self._shop.products() if product.row["sku"] == wanted), None)

    def _tree(self, call: Call) -> list[bytes]:
        wanted = call.text.get("parentId", "").strip()
        number = int(wanted) if wanted.isdecimal() else ROOT
        category = next((category for category in CATEGORIES if category.category_id == number), None)
        if category is None:
            raise CATEGORY_NOT_EXISTS
        return [xml.tree(category).encode()]

    def _stock(self, call: Call) -> list[bytes]:
        asked = call.lists.get("products", call.lists.get("productIds", []))
        found = [product for wanted in asked if (product := self._find(wanted, ""))]
        found.sort(key=lambda product: int(product.row["product_id"] or 0))
        rows = [product.stock for product in found]
        return whole_list(call.method, render.plain_rows("catalogInventoryStockItemEntity", rows))
