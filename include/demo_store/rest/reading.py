"""What can be read: lists, single records and dictionaries by path, each with the right it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from include.demo_store.generate.credit_memos import CreditMemo
from include.demo_store.generate.invoices import Invoice
from include.demo_store.generate.shipments import Shipment
from include.demo_store.registers.all import Changes
from include.demo_store.rest import carts, catalogue, dictionaries, orders, papers, tables
from include.demo_store.rest.access import OPEN
from include.demo_store.rest.customers import CustomerAnswers
from include.demo_store.rest.lists import RestList, Touched
from include.demo_store.rest.problems import no_entity, no_order
from include.demo_store.rest.selections import Selections
from include.demo_store.rest.shapes import Json
from include.demo_store.settings import StoreSettings
from include.demo_store.shop import Shop
from include.demo_store.wire import tables as wire_tables
from include.demo_store.wire.table import Table

RIGHTS = {
    "orders": "Magento_Sales::actions_view",
    "customers/search": "Magento_Customer::customer",
    "carts/search": "Magento_Cart::manage",
    "invoices": "Magento_Sales::sales_invoice",
    "shipments": "Magento_Sales::shipment",
    "creditmemos": "Magento_Sales::sales_creditmemo",
    "products": "Magento_Catalog::products",
    "categories/list": "Magento_Catalog::categories",
    "customerGroups/search": "Magento_Customer::group",
    "coupons/search": "Magento_SalesRule::quote",
    "salesRules/search": "Magento_SalesRule::quote",
    "inventory/source-items": "Magento_InventoryApi::source",
}
"""The lists, and the resource that each needs."""
DICTIONARIES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "store/websites": ("Magento_Backend::store", lambda _: dictionaries.websites()),
    "store/storeGroups": ("Magento_Backend::store", lambda _: dictionaries.groups()),
    "store/storeViews": ("Magento_Backend::store", lambda _: dictionaries.views()),
    "store/storeConfigs": ("Magento_Backend::store", dictionaries.configs),
    "modules": ("Magento_Backend::admin", lambda _: dictionaries.MODULES),
    "directory/countries": (OPEN, lambda _: dictionaries.countries()),
}
"""What is answered whole, by path: the right, and how it is made for a shop at an address."""
SINGLES = {
    "orders": "orders",
    "invoices": "invoices",
    "shipment": "shipments",
    "creditmemo": "creditmemos",
}
"""Single sales documents by the path in front of their id, and the list they are of."""


class Reading:
    """Answers questions about one shop.

    Args:
        shop: whose records.
        settings: caps and misbehaviour.
    """

    def __init__(self, shop: Shop, settings: StoreSettings) -> None:
        self._shop, self._settings = shop, settings
        self.customers = CustomerAnswers(shop)
        self.carts = carts.CartAnswers(self.customers)
        self.lists = self._sold() | self._people() | self._sales_papers() | self._fixed()
        shop.on_change(self._forget)

    def single(self, path: str, number: int) -> Json:
        """A sales document by its id."""
        found = self.lists[SINGLES[path]].row(number)
        if found is None:
            raise no_order()
        return found

    def customer(self, number: int) -> Json:
        """A customer, with their own subscription."""
        found = self.customers.single(number)
        if found is None:
            raise no_entity("customerId", number)
        return found

    def product(self, sku: str) -> Json:
        """A product by its article number."""
        for made in self._shop.products():
            if made.row["sku"] == sku:
                return catalogue.product(made)
        raise no_order()

    def work_ahead(self) -> bool:
        """Uses a quiet moment; False when there is nothing to do."""
        return any(one.work_ahead() for one in self.lists.values())

    def _forget(self, changes: Changes) -> None:
        for one in self.lists.values():
            one.forget(changes)

    def _list(
        self,
        table: Table,
        make: Callable[[int], Json],
        *,
        kind: str = "",
        touched: Touched | None = None,
        aliases: Mapping[str, str] | None = None,
        is_eav: bool = False,
        is_told: bool = True,
    ) -> RestList:
        selections = Selections(self._shop, table, aliases=aliases, is_eav=is_eav, is_told=is_told)
        return RestList(selections, make, self._settings, kind=kind, touched=touched)

    def _sold(self) -> dict[str, RestList]:
        shop = self._shop

        def product(number: int) -> Json:
            made = shop.product(number)
            return catalogue.product(made) if made else {}

        def source_item(number: int) -> Json:
            made = shop.product(number)
            return (catalogue.source_item(made) if made else None) or {}

        products, stock = wire_tables.Products(shop), tables.SourceItems(shop)
        return {
            "products": self._list(products, product, kind="product", is_eav=True, is_told=False),
            "inventory/source-items": self._list(stock, source_item, is_told=False),
        }

    def _people(self) -> dict[str, RestList]:
        shop, people = self._shop, self.customers

        def cart(number: int) -> Json:
            made = shop.cart(number)
            return self.carts.listed(made) if made else {}

        def stale(changes: Changes) -> set[int]:
            """An entry of the newsletter may be told of any customer with its address."""
            return set(shop.customer_ids()) if changes.subscribers else changes.customers

        return {
            "customers/search": self._list(
                wire_tables.Customers(shop), people.listed, kind="customer", touched=stale,
                aliases={"gender": "gender_id"}, is_eav=True,
            ),
            "carts/search": self._list(wire_tables.Carts(shop), cart, kind="cart"),
        }  # fmt: skip

    def _sales_papers(self) -> dict[str, RestList]:
        shop = self._shop

        def written(kind: str, made: Invoice | Shipment | CreditMemo | None) -> Json:
            if made is None:
                return {}
            return _PAPERS[kind](made, shop.order(int(made.row["order_id"] or 0)))

        invoices = self._papers("invoices", "salesOrderInvoiceEntity", shop.invoice, written)
        shipments = self._papers("shipments", "salesOrderShipmentEntity", shop.shipment, written)
        memos = self._papers("credit_memos", "salesOrderCreditmemoEntity", shop.credit_memo, written)
        order_list = self._list(
            wire_tables.Orders(shop), lambda number: orders.written(shop.order(number)), kind="order",
            touched=lambda changes: changes.orders,
        )  # fmt: skip
        return {
            "orders": order_list, "invoices": invoices, "shipments": shipments, "creditmemos": memos,
        }  # fmt: skip

    def _papers(
        self,
        kind: str,
        type_: str,
        paper: Callable[[int], Any],
        written: Callable[[str, Any], Json],
    ) -> RestList:
        table = wire_tables.Papers(self._shop, kind, type_, lambda number: paper(number).row)
        return self._list(table, lambda number: written(kind, paper(number)), kind=kind.removesuffix("s"))

    def _fixed(self) -> dict[str, RestList]:
        fixed: dict[str, tuple[dict[int, Json], tuple[str, ...]]] = {
            "customerGroups/search": (dictionaries.customer_groups(), ("customer_group_id", "id")),
            "coupons/search": (dictionaries.coupons(), ("coupon_id",)),
            "salesRules/search": (dictionaries.price_rules(), ("rule_id",)),
            "categories/list": (tables.categories(), ("entity_id",)),
        }
        return {
            path: self._list(tables.Numbered(self._shop, rows, *names), rows.__getitem__)
            for path, (rows, names) in fixed.items()
        }


_PAPERS: dict[str, Callable[[Any, Any], Json]] = {
    "invoices": papers.invoice,
    "shipments": papers.shipment,
    "credit_memos": papers.credit_memo,
}
