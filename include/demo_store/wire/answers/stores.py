"""What there is of the shop itself: versions, websites, store views, customer groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from include.demo_store import stores
from include.demo_store.generate.customers import Row
from include.demo_store.wire import render
from include.demo_store.wire.layout import Layout, entity
from include.demo_store.wire.lists import whole_list
from include.demo_store.wire.request import Call

MAGENTO_VERSION = "1.9.4.5"


def store_methods(bridge_version: str) -> dict[str, Callable[[Call], list[bytes]]]:
    """The methods by name."""
    return {
        "magentoInfo": _magento_info,
        "storeList": _store_list,
        "customerGroupList": _customer_group_list,
        "oroPing": lambda _: _ping(bridge_version),
        "oroWebsiteList": _website_list,
    }


def _magento_info(_: Call) -> list[bytes]:
    row: Row = {"magento_version": MAGENTO_VERSION, "magento_edition": "Community"}
    return [_single("info", "magentoInfoEntity", row)]


def _ping(version: str) -> list[bytes]:
    row: Row = {
        "version": version, "mage_version": MAGENTO_VERSION,
        "admin_url": "http://127.0.0.1/index.php/admin/", "customer_scope": "1",
    }  # fmt: skip
    return [_single("result", "oroPingResponse", row)]


def _store_list(_: Call) -> list[bytes]:
    rows: Iterator[Row] = (
        {"store_id": str(store.store_id), "code": store.code, "website_id": str(store.website.website_id),
         "group_id": str(store.website.website_id), "name": store.name, "sort_order": "0", "is_active": "1"}
        for store in sorted(stores.STORES, key=lambda store: store.name)
    )  # fmt: skip
    return whole_list("storeList", render.plain_rows("storeEntity", rows))


def _website_list(_: Call) -> list[bytes]:
    admin: Row = {"website_id": "0", "code": "admin", "name": "Admin", "sort_order": "0",
                  "default_group_id": "0", "is_default": "false"}  # fmt: skip
    rows: list[Row] = [admin] + [
        {"website_id": str(site.website_id), "code": site.code, "name": site.name, "sort_order": "0",
         "default_group_id": str(site.website_id), "is_default": str(site.is_default).lower()}
        for site in stores.WEBSITES
    ]  # fmt: skip
    return whole_list("oroWebsiteList", render.plain_rows("oroWebsiteEntity", rows))


def _customer_group_list(_: Call) -> list[bytes]:
    rows: Iterator[Row] = (
        {"customer_group_id": str(number), "customer_group_code": code} for number, code in stores.GROUPS
    )
    return whole_list("customerGroupList", render.plain_rows("customerGroupEntity", rows))


def _single(tag: str, type_: str, row: Row) -> bytes:
    return entity(tag, type_, Layout(type_).fill(row)).encode()
