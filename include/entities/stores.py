"""Websites, store views and customer groups: small dictionaries, read whole every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from include.entities.fields import ABSENT, flag, integer, text
from include.entities.model import Context, Entity, Reference, Row, Table
from include.magento.door import Record, children
from include.magento.rest.reading import RestSnapshot
from include.magento.soap.reading import SnapshotReading

ADMIN_WEBSITE = "0"
ADMIN_STORE = "0"


def _websites(record: Record, context: Context) -> Iterator[Row]:
    """The bridge's websites without the admin's own; without the bridge, what the stores tell of theirs."""
    listed = children(record, "websites") or _websites_of_stores(children(record, "stores"))
    return (row for row in listed if row.get("website_id") != ADMIN_WEBSITE)


def _websites_of_stores(stores: list[Record]) -> list[Record]:
    names: dict[str, list[str]] = {}
    for store in stores:
        website = store.get("website_id")
        if isinstance(website, str):
            names.setdefault(website, []).append(str(store.get("name") or store.get("code")))
    return [{"website_id": website, "name": ", ".join(joined)} for website, joined in names.items()]


def _stores(record: Record, context: Context) -> Iterable[Row]:
    return children(record, "stores")


def _customer_groups(record: Record, context: Context) -> Iterable[Row]:
    return children(record, "customer_groups")


def _websites_of_rest(record: Record, context: Context) -> Iterator[Row]:
    return (row for row in children(record, "websites") if row.get("id") != ADMIN_WEBSITE)


def _stores_of_rest(record: Record, context: Context) -> Iterator[Row]:
    return (row for row in children(record, "stores") if row.get("id") != ADMIN_STORE)


WEBSITES = Table(
    name="websites",
    singular="website",
    grain="One row per website of a store installation; the admin's own website is left out.",
    key=("website_id",),
    fields=(
        integer("website_id", "Magento's id of the website.", "website_id", magento2="id", is_required=True),
        text("website_code", "Short name of the website. NULL when read without the bridge.", "code"),
        text(
            "website_name", "Name of the website; without the bridge, the names of its stores joined.", "name"
        ),
        integer(
            "sort_order",
            "Position among the websites. NULL when read without the bridge.",
            "sort_order",
            magento2=ABSENT,
        ),
        integer(
            "default_group_id",
            "Store group shown first. NULL when read without the bridge.",
            "default_group_id",
        ),
        flag(
            "is_default",
            "Whether visitors land here by default. NULL when read without the bridge.",
            "is_default",
            magento2=ABSENT,
        ),
    ),
    rows={"magento1": _websites, "magento2": _websites_of_rest},
)

STORES = Table(
    name="stores",
    singular="store",
    grain="One row per store view: the place an order was made in, with its own language.",
    key=("store_id",),
    references=(
        Reference(name="website_key", table="websites", ids=("website_id",), comment="Its website."),
    ),
    fields=(
        integer("store_id", "Magento's id of the store view.", "store_id", magento2="id", is_required=True),
        text("store_code", "Short name of the store view.", "code"),
        text("store_name", "Name of the store view.", "name"),
        integer("website_id", "Magento's id of its website.", "website_id"),
        integer("group_id", "Magento's id of its store group.", "group_id", magento2="store_group_id"),
        integer("sort_order", "Position among the store views.", "sort_order", magento2=ABSENT),
        flag("is_active", "Whether the store view is open to visitors.", "is_active"),
    ),
    rows={"magento1": _stores, "magento2": _stores_of_rest},
)

CUSTOMER_GROUPS = Table(
    name="customer_groups",
    singular="customer_group",
    grain="One row per customer group; group 0 stands for visitors who are not logged in.",
    key=("customer_group_id",),
    fields=(
        integer(
            "customer_group_id",
            "Magento's id of the group.",
            "customer_group_id",
            magento2="id",
            is_required=True,
        ),
        text("customer_group_code", "Name of the group.", "customer_group_code", magento2="code"),
    ),
    rows={"magento1": _customer_groups, "magento2": _customer_groups},
    ignored=frozenset({"tax_class_id", "tax_class_name", "extension_attributes"}),
)

STORES_ENTITY = Entity(
    name="stores",
    title="Websites, stores and customer groups",
    tables=(STORES, WEBSITES, CUSTOMER_GROUPS),
    reading={
        "magento1": SnapshotReading(
            lists={
                "websites": "oroWebsiteList",
                "stores": "storeList",
                "customer_groups": "customerGroupList",
            },
            required=frozenset({"stores", "customer_groups"}),
        ),
        "magento2": RestSnapshot(
            lists={
                "websites": "store/websites",
                "stores": "store/storeViews",
                "customer_groups": "customerGroups/search",
            },
            order_by={"customer_groups": ("id", "id")},
            required=frozenset({"websites", "stores", "customer_groups"}),
            resource="Magento_Backend::store, Magento_Customer::group",
        ),
    },
    derived=("guests_of_stores", "accounts_of_guests", "lifetimes"),
    is_snapshot=True,
    not_agreeing={
        "websites.website_code": "only the bridge lists websites",
        "websites.website_name": "without the bridge it is made of the names of the stores",
        "websites.sort_order": "only the bridge lists websites",
        "websites.default_group_id": "only the bridge lists websites",
        "websites.is_default": "only the bridge lists websites",
    },
)
