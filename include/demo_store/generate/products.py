"""The catalogue as the product API shows it: products, categories and stock, as of an instant.

Two products that were sold are not there any more, as in any shop that is some years old. A product changes (price,
stock) every few weeks; its stock number changes without its `updated_at`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from include.demo_store.chance import mix
from include.demo_store.clock import DAY, parse_iso, sql_time
from include.demo_store.generate import catalogue
from include.demo_store.generate.catalogue import Product
from include.demo_store.generate.customers import Row
from include.demo_store.generate.money import CENT, text
from include.demo_store.stores import StoreView

GONE = frozenset((20, 21))
"""Products that were deleted after they had been ordered."""
ROOT = 1
CREATED = parse_iso("2024-02-01T08:00:00")
_DESCRIPTION = "<p>Made to last &amp; <strong>repairable</strong>.</p><ul><li>ä ö ü ß</li></ul>"


@dataclass(frozen=True, slots=True)
class Category:
    """One category; products hang below the leaves only."""

    category_id: int
    parent_id: int
    name: str
    position: int
    level: int
    active: bool = True


CATEGORIES = (
    Category(1, 0, "Root Catalog", 0, 0), Category(2, 1, "Nordwind", 1, 1), Category(3, 2, "Haus & Küche", 1, 2),
    Category(4, 2, "Kleidung <Sale>", 2, 2), Category(5, 3, "Großmutters Küche", 1, 3),
    Category(6, 3, "Garten", 2, 3), Category(7, 2, "Bücher", 3, 2), Category(8, 2, "Saison 2024", 4, 2, active=False),
)  # fmt: skip
_BY_ID = {category.category_id: category for category in CATEGORIES}
_LEAVES = (4, 5, 6, 7)


@dataclass(slots=True)
class CatalogueProduct:
    """A product as the API knows it, with the ids of its categories and websites, and what is in stock."""

    row: Row
    category_ids: list[str]
    website_ids: list[str]
    stock: Row


def category_name(product: Product) -> str | None:
    """The category a product is shown in; variants of a configurable product are in none."""
    listed = category_ids(product)
    return _BY_ID[int(listed[0])].name if listed else None


def category_ids(product: Product) -> list[str]:
    """Ids of a product's categories."""
    if product.product_id > 100:
        return []
    ids = [str(_LEAVES[product.product_id % len(_LEAVES)])]
    return [*ids, "8"] if product.product_id % 9 == 0 else ids


def page(product: Product, store: StoreView) -> str:
    """Where a shopper sees the product."""
    return f"http://127.0.0.1/index.php/{slug(product)}.html?___store={store.code}"


@lru_cache(maxsize=256)
def slug(product: Product) -> str:
    """The product's name as part of an address."""
    plain = (
        unicodedata.normalize("NFKD", product.name.replace("ß", "ss"))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return "-".join([*words, str(product.product_id)])


@lru_cache(maxsize=1)
def _sold() -> dict[int, Product]:
    found = {product.product_id: product for product in catalogue.ON_SALE}
    for product in tuple(found.values()):
        if product.kind == "configurable":
            found |= {part.product_id: part for part in product.parts}
    return {number: found[number] for number in sorted(found) if number not in GONE}


def on_sale(*, product_id: int | None = None, sku: str | None = None) -> Product | None:
    """What is put into a cart under an id or an article number; None when there is none or no more."""
    if product_id is not None:
        return _sold().get(product_id)
    return next((found for found in _sold().values() if found.sku == sku), None)


def product_ids() -> list[int]:
    """Ids of the products that exist, ascending."""
    return list(_sold())


def product(product_id: int, now: int) -> CatalogueProduct | None:
    """A product as of an instant; None when there is none or no more."""
    found = _sold().get(product_id)
    if found is None:
        return None
    row = _row(found, now)
    sites = ["1", "2", "3"] if product_id % 10 else ["1"]
    qty = 0 if found.parts else (product_id * 7919 + now // DAY * 13) % 400
    stock: Row = {
        "product_id": str(product_id), "sku": found.sku, "qty": text(qty * 10000),
        "is_in_stock": str(int(bool(qty or found.parts))),
    }  # fmt: skip
    return CatalogueProduct(row, category_ids(found), sites, stock)


def products(now: int) -> Iterator[CatalogueProduct]:
    """All products as of an instant, by id."""
    return (made for number in _sold() if (made := product(number, now)))


def _row(found: Product, now: int) -> Row:
    number = found.product_id
    created = CREATED + number * 3 * DAY + number * 61
    rhythm = (20 + mix(number) % 30) * DAY
    updated = created + max(0, (now - created) // rhythm) * rhythm
    special = number % 6 == 5 and found.price > 0
    row: Row = {
        "product_id": str(number), "sku": found.sku, "set": "4", "type": found.kind, "type_id": found.kind,
        "name": found.name, "created_at": sql_time(created), "updated_at": sql_time(updated),
        "description": _DESCRIPTION, "short_description": f"short {found.name}",
        "weight": None if found.weight is None else text(found.weight), "status": "2" if number % 17 == 16 else "1",
        "url_key": None if number % 26 == 0 else slug(found), "url_path": slug(found) + ".html",
        "visibility": "1" if number > 100 else "4",
        "has_options": str(int(bool(found.parts or found.custom_options))),
        "price": None if found.kind in ("bundle", "grouped") else text(found.price), "tax_class_id": "2",
        "options_container": "container1",
    }  # fmt: skip
    if special:
        row |= {
            "special_price": text(found.price * 8 // 10 // CENT * CENT),
            "special_from_date": sql_time(created),
        }
    return row
