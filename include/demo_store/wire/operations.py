"""What each SOAP method answers. One small function per method, found by name in `Answers`.

To add a method: its row in `schema.METHODS`, a function here, and a rendering if it has a new type.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from include.demo_store import stores
from include.demo_store.clock import ZERO, sql_epoch
from include.demo_store.generate.customers import Row
from include.demo_store.shop import Shop
from include.demo_store.wire import envelope, render, schema
from include.demo_store.wire.envelope import SoapFault
from include.demo_store.wire.fragments import Fragments
from include.demo_store.wire.request import Call
from include.demo_store.wire.tables import (
    CHEAP_COLUMNS,
    BridgeOrders,
    Customers,
    Orders,
    Selection,
    Table,
    UnknownColumn,
)

MAGENTO_VERSION = "1.9.4.5"
BRIDGE_VERSION = "1.2.19"
_RECORDS_AHEAD = 5
_LARGEST_PAGE_AHEAD = 500
_OF_CUSTOMERS = ("customerCustomerList", "oroCustomerList")
_OF_ORDERS = ("salesOrderList", "oroOrderList")


class Answers:
    """Answers calls from the shop's present state.

    Args:
        shop: whose records.
        max_rows: a core list of more rows runs the shop out of memory; 0 for a shop with enough.
    """

    def __init__(self, shop: Shop, max_rows: int = 0) -> None:
        self._shop = shop
        self._max_rows = max_rows
        self._fragments = Fragments()
        self._ahead: Iterator[bytes] = iter(())
        self._customers, self._orders, self._bridge_orders = Customers(shop), Orders(shop), BridgeOrders(shop)
        shop.on_change(self._forget)
        self.methods: dict[str, Callable[[Call], list[bytes]]] = {
            "magentoInfo": self._magento_info,
            "storeList": self._store_list,
            "customerGroupList": self._customer_group_list,
            "customerCustomerList": self._customer_list,
            "customerCustomerInfo": self._customer_info,
            "customerAddressList": self._address_list,
            "salesOrderList": self._order_list,
            "salesOrderInfo": self._order_info,
            "oroPing": self._ping,
            "oroWebsiteList": self._website_list,
            "oroCustomerList": self._bridge_customer_list,
            "oroOrderList": self._bridge_order_list,
        }

    def work_ahead(self) -> bool:
        """Renders a few records of the page that will probably be asked for next; False when there are none.

        A client pages on while it parses what it has; a shop that works meanwhile answers it from memory.
        """
        return all(next(self._ahead, None) is not None for _ in range(_RECORDS_AHEAD))

    def _forget(self, customers: set[int], orders: set[int]) -> None:
        self._ahead = iter(())
        self._fragments.forget(_OF_CUSTOMERS, customers)
        self._fragments.forget(_OF_ORDERS, orders)

    def _magento_info(self, _: Call) -> list[bytes]:
        row: Row = {"magento_version": MAGENTO_VERSION, "magento_edition": "Community"}
        return [_single("info", "magentoInfoEntity", row)]

    def _ping(self, _: Call) -> list[bytes]:
        row: Row = {
            "version": BRIDGE_VERSION, "mage_version": MAGENTO_VERSION,
            "admin_url": "http://127.0.0.1/index.php/admin/", "customer_scope": "1",
        }  # fmt: skip
        return [_single("result", "oroPingResponse", row)]

    def _store_list(self, _: Call) -> list[bytes]:
        rows: Iterator[Row] = (
            {"store_id": str(store.store_id), "code": store.code, "website_id": str(store.website.website_id),
             "group_id": str(store.website.website_id), "name": store.name, "sort_order": "0", "is_active": "1"}
            for store in sorted(stores.STORES, key=lambda store: store.name)
        )  # fmt: skip
        return _whole_list("storeList", render.plain_rows("storeEntity", rows))

    def _website_list(self, _: Call) -> list[bytes]:
        admin: Row = {"website_id": "0", "code": "admin", "name": "Admin", "sort_order": "0",
                      "default_group_id": "0", "is_default": "false"}  # fmt: skip
        rows: list[Row] = [admin] + [
            {"website_id": str(site.website_id), "code": site.code, "name": site.name, "sort_order": "0",
             "default_group_id": str(site.website_id), "is_default": str(site.is_default).lower()}
            for site in stores.WEBSITES
        ]  # fmt: skip
        return _whole_list("oroWebsiteList", render.plain_rows("oroWebsiteEntity", rows))

    def _customer_group_list(self, _: Call) -> list[bytes]:
        rows: Iterator[Row] = (
            {"customer_group_id": str(number), "customer_group_code": code} for number, code in stores.GROUPS
        )
        return _whole_list("customerGroupList", render.plain_rows("customerGroupEntity", rows))

    def _customer_list(self, call: Call) -> list[bytes]:
        return self._core_list(call, self._customers, self._make_list_customer)

    def _bridge_customer_list(self, call: Call) -> list[bytes]:
        return self._paged_list(call, self._customers, self._make_bridge_customer)

    def _make_list_customer(self, number: int) -> str:
        customer = self._shop.customer(number)
        return render.list_customer(customer) if customer else ""

    def _make_bridge_customer(self, number: int) -> str:
        customer = self._shop.customer(number)
        return render.bridge_customer(customer) if customer else ""

    def _customer_info(self, call: Call) -> list[bytes]:
        customer = self._shop.customer(call.whole_number("customerId"))
        if customer is None:
            raise envelope.CUSTOMER_NOT_EXISTS
        row = {**customer.row, "created_at": _store_zone(customer.row["created_at"] or ZERO)}
        if call.attributes:
            row = {name: value for name, value in row.items() if name in (*call.attributes, "customer_id")}
        return [render.info_customer(row).encode()]

    def _address_list(self, call: Call) -> list[bytes]:
        customer = self._shop.customer(call.whole_number("customerId"))
        if customer is None:
            raise envelope.CUSTOMER_OF_ADDRESS_NOT_EXISTS
        return _whole_list("customerAddressList", [render.address(row) for row in customer.addresses])

    def _order_list(self, call: Call) -> list[bytes]:
        return self._core_list(call, self._orders, lambda number: render.list_order(self._shop.order(number)))

    def _bridge_order_list(self, call: Call) -> list[bytes]:
        return self._paged_list(
            call, self._bridge_orders, lambda number: render.bridge_order(self._shop.order(number))
        )

    def _order_info(self, call: Call) -> list[bytes]:
        order = self._shop.order_by_number(call.text.get("orderIncrementId", ""))
        if order is None:
            raise envelope.ORDER_NOT_EXISTS
        return [render.info_order(order).encode()]

    def _core_list(self, call: Call, table: Table, make: Callable[[int], str]) -> list[bytes]:
        ids = _select(table, call).page(0, 0)
        if self._max_rows and len(ids) > self._max_rows:
            raise OutOfMemory
        return _list_of(call.method, [self._fragments.get(call.method, number, make) for number in ids])

    def _paged_list(self, call: Call, table: Table, make: Callable[[int], str]) -> list[bytes]:
        selection = _select(table, call)
        ids = selection.page(call.page, call.page_size)
        if call.page > 0 and 0 < len(ids) <= _LARGEST_PAGE_AHEAD and call.conditions.keys() <= CHEAP_COLUMNS:
            self._ahead = self._next_page(call, selection, make)
        return _list_of(call.method, [self._fragments.get(call.method, number, make) for number in ids])

    def _next_page(self, call: Call, selection: Selection, make: Callable[[int], str]) -> Iterator[bytes]:
        for number in selection.page(call.page + 1, call.page_size):
            yield self._fragments.get(call.method, number, make)


def _select(table: Table, call: Call) -> Selection:
    try:
        return table.select(call.conditions)
    except UnknownColumn as unknown:
        raise _unknown_column(call, str(unknown)) from None


class OutOfMemory(Exception):
    """PHP gives up on a list that is too large: HTTP 500 with nothing in it."""


def _single(tag: str, type_: str, row: Row) -> bytes:
    return render.entity(tag, type_, render.Layout(type_).fill(row)).encode()


def _whole_list(method: str, items: list[str]) -> list[bytes]:
    return _list_of(method, [item.encode() for item in items])


def _list_of(method: str, items: list[bytes]) -> list[bytes]:
    tag, array_type = schema.METHODS[method].result
    opening = f'<{tag} SOAP-ENC:arrayType="ns1:{schema.ARRAYS[array_type]}[{len(items)}]" xsi:type="ns1:{array_type}"'
    if not items:
        return [f"{opening}/>\n".encode()]
    return [f"{opening}>\n".encode(), *items, f"</{tag}>\n".encode()]


def _store_zone(utc: str) -> str:
    """`customerCustomerInfo` alone gives `created_at` in the shop's zone; the zero date comes out as recorded."""
    if utc == ZERO:
        return "-1-11-30T01:00:00+01:00"
    return dt.datetime.fromtimestamp(sql_epoch(utc), ZoneInfo(stores.SHOP_ZONE)).isoformat()


def _unknown_column(call: Call, column: str) -> SoapFault:
    """Customers name the attribute; orders spill the whole statement, values included."""
    if "ustomer" in call.method:
        return SoapFault("101", f"Invalid attribute name: {column}")
    value = next(iter(call.conditions[column].values()), "")
    statement = (
        "SELECT `main_table`.* FROM `sales_flat_order` AS `main_table`\n LEFT JOIN `sales_flat_order_address` AS "  # noqa: S608 - never run
        f"`billing_o_a` ON (main_table.entity_id = billing_o_a.parent_id) WHERE (`{column}` = '{value}')"
    )
    missing = f"SQLSTATE[42S22]: Column not found: 1054 Unknown column '{column}' in 'WHERE'"
    return SoapFault("1", f"{missing}, query was: {statement}")
