"""Products, categories and stock of the recorded shop: every field as the wire has it, with and without the bridge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml.etree import _Element as Element
from sqlalchemy import Engine

from tests.wire.chain import contents
from tests.wire.conftest import Loaded
from tests.wire.recorded import by_id, recorded_rows, text_at

GONE = {"us:20", "us:21"}
"""Deleted after they had been ordered."""


@pytest.fixture(params=["with_bridge", "without_bridge"])
def engine(request: pytest.FixtureRequest) -> Engine:
    loaded: Loaded = request.getfixturevalue(request.param)
    return loaded.engine


def amount(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def product(info: Element) -> dict[str, object]:
    """What the warehouse should hold of a single answer."""
    special_from = text_at(info, "special_from_date")
    return {
        "sku": text_at(info, "sku"),
        "product_name": text_at(info, "name"),
        "product_type": text_at(info, "type"),
        "attribute_set_id": 4,
        "status": {"1": "enabled", "2": "disabled"}[text_at(info, "status") or ""],
        "visibility": {"1": "not_visible", "4": "catalog_search"}[text_at(info, "visibility") or ""],
        "has_options": text_at(info, "has_options") == "1",
        "weight": amount(text_at(info, "weight")),
        "tax_class_id": 2,
        "currency_code": "EUR",
        "price_amount": amount(text_at(info, "price")),
        "special_price_amount": amount(text_at(info, "special_price")),
        "special_price_pct": None,
        "special_from_date": special_from and datetime.fromisoformat(special_from).date(),
        "special_to_date": None,
        "url_slug": text_at(info, "url_key"),
        "url_path": text_at(info, "url_path"),
        "source_created_at": datetime.fromisoformat(text_at(info, "created_at") or ""),
        "source_updated_at": datetime.fromisoformat(text_at(info, "updated_at") or "").replace(tzinfo=UTC),
    }


def links(info: Element, name: str) -> Iterator[tuple[str, str]]:
    number = text_at(info, "product_id")
    return ((f"us:{number}", f"us:{item.text}") for item in info.iterfind(f"{name}/item"))


def test_every_product_is_there_with_what_the_wire_says(engine: Engine, store: Path) -> None:
    loaded = contents(engine, "products")
    infos = by_id(store, "catalogProductInfo", "product_id")
    assert loaded.keys() == {f"us:{number}" for number in infos}
    assert len(loaded) == 44
    for number, info in infos.items():
        wanted = product(info)
        assert {name: loaded[f"us:{number}"][name] for name in wanted} == wanted


def test_every_link_to_a_category_and_a_website_is_there(engine: Engine, store: Path) -> None:
    infos = by_id(store, "catalogProductInfo", "product_id").values()
    for table, key, name, count in (
        ("product_categories", "category_key", "categories", 40),
        ("product_websites", "website_key", "websites", 124),
    ):
        found = [(row["product_key"], row[key]) for row in contents(engine, table).values()]
        assert Counter(found) == Counter(link for info in infos for link in links(info, name))
        assert len(found) == count


def test_links_lead_somewhere(engine: Engine) -> None:
    categories, websites = contents(engine, "categories"), contents(engine, "websites")
    assert {
        row["category_key"] for row in contents(engine, "product_categories").values()
    } <= categories.keys()
    assert {row["website_key"] for row in contents(engine, "product_websites").values()} <= websites.keys()


def test_order_lines_lead_to_their_product_unless_it_was_deleted(engine: Engine) -> None:
    ordered = {row["product_key"] for row in contents(engine, "order_items").values()}
    assert ordered - contents(engine, "products").keys() <= GONE


def test_bundle_without_a_price_of_its_own_has_none(engine: Engine) -> None:
    (bundle,) = [row for row in contents(engine, "products").values() if row["product_type"] == "bundle"]
    assert bundle["price_amount"] is None


def test_tree_is_whole_with_the_way_to_each_category(engine: Engine) -> None:
    found = {row["category_id"]: row for row in contents(engine, "categories").values()}
    shown = ("parent_category_key", "path", "level", "position", "full_name", "is_active")
    assert {number: tuple(row[name] for name in shown) for number, row in found.items()} == {
        1: (None, "1", 0, 0, None, None),
        2: ("us:1", "1/2", 1, 1, "Default Category", True),
        3: ("us:2", "1/2/3", 2, 1, "Default Category / Shoes", True),
        4: ("us:2", "1/2/4", 2, 2, "Default Category / Books & Media", True),
        5: ("us:2", "1/2/5", 2, 3, "Default Category / Großmutters Küche", True),
        6: ("us:2", "1/2/6", 2, 4, "Default Category / T-Shirts <sale>", True),
    }


def test_every_product_is_counted(engine: Engine, store: Path) -> None:
    wanted = {
        f"us:{text_at(row, 'product_id')}": (amount(text_at(row, "qty")), text_at(row, "is_in_stock") == "1")
        for _, row in recorded_rows(store, "catalogInventoryStockItemList")
    }
    found = contents(engine, "stock_items")
    assert {row["product_key"]: (row["stock_qty"], row["is_in_stock"]) for row in found.values()} == wanted
    assert wanted.keys() == contents(engine, "products").keys()
