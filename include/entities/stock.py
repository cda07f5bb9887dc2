"""What is in stock, of every product: read whole every time, since a sale changes it without touching the product.

Two calls for five hundred products: one that lists them, one that counts them. Magento 2 counts by source, which is a
warehouse or a shop: `stock_items` has the sum, `stock_sources` what lies where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from include.entities.fields import flag, integer, quantity, text
from include.entities.model import Context, Entity, Reference, Row, Table, Touch
from include.entities.products import PRODUCT_LIST
from include.magento.door import Record, children
from include.magento.rest.reading import PerValue, RestSnapshot
from include.magento.soap.reading import SnapshotByIds

IN_STOCK = "1"


def _stock_items(record: Record, context: Context) -> Iterable[Row]:
    return children(record, "stock_items")


def _stock_of_sources(record: Record, context: Context) -> Iterator[Row]:
    """Magento 2 counts by article number and source; what all sources have is what the shop has."""
    numbers = {product.get("sku"): product.get("id") for product in children(record, "products")}
    sources: dict[str, list[Record]] = {}
    for source in children(record, "source_items"):
        sources.setdefault(str(source.get("sku")), []).append(source)
    for sku, held in sources.items():
        if sku in numbers:
            yield {
                "product_id": numbers[sku],
                "sku": sku,
                "qty": str(sum(Decimal(str(source.get("quantity") or 0)) for source in held)),
                "is_in_stock": "1" if any(source.get("status") == IN_STOCK for source in held) else "0",
            }


def _by_source(record: Record, context: Context) -> Iterator[Row]:
    """Magento 1 knows one stock, and no source."""
    numbers = {product.get("sku"): product.get("id") for product in children(record, "products")}
    sources = {source.get("source_code"): source for source in children(record, "sources")}
    for held in children(record, "source_items"):
        source = sources.get(held.get("source_code"), {})
        if held.get("sku") in numbers:
            yield {
                **held,
                "product_id": numbers[held.get("sku")],
                "name": source.get("name"),
                "enabled": source.get("enabled"),
            }


STOCK_ITEMS = Table(
    name="stock_items",
    singular="stock_item",
    grain="One row per product: how much of it there is, as last looked up.",
    key=("product_id",),
    references=(
        Reference(name="product_key", table="products", ids=("product_id",), comment="The product."),
    ),
    fields=(
        integer("product_id", "Magento's id of the product.", "product_id", is_required=True),
        text("sku", "Article number. NULL where the shop gave none.", "sku"),
        quantity(
            "stock_qty",
            "Pieces there are; below zero where the shop takes orders beyond its stock. Zero for products made of "
            "others.",
            "qty",
            differs="sum over all sources, orders not shipped yet not taken off; products made of others have no row",
        ),
        flag("is_in_stock", "Whether it can be ordered, as the shop has set it.", "is_in_stock"),
    ),
    rows={"magento1": _stock_items, "magento2": _stock_of_sources},
    touches=(Touch(subject="product", column="product_key"),),
)

STOCK_SOURCES = Table(
    name="stock_sources",
    singular="stock_source",
    grain="One row per product and source: how much of it there is in one place, as last looked up. Magento 2 only.",
    key=("product_id", "source_code"),
    references=(
        Reference(name="product_key", table="products", ids=("product_id",), comment="The product."),
    ),
    fields=(
        integer("product_id", "Magento's id of the product.", "product_id", is_required=True),
        text("source_code", "Code of the source: a warehouse, a shop.", "source_code", is_required=True),
        text("source_name", "Its name. NULL where the store does not tell its sources.", "name"),
        flag("is_source_enabled", "Whether it is in use. NULL where the store does not tell.", "enabled"),
        quantity("stock_qty", "Pieces there; orders not shipped yet are not taken off.", "quantity"),
        flag("is_in_stock", "Whether it can be ordered from there, as the shop has set it.", "status"),
    ),
    rows={"magento1": _by_source, "magento2": _by_source},
    ignored=frozenset({"sku", "extension_attributes"}),
)

STOCK_ENTITY = Entity(
    name="stock",
    title="Stock of every product",
    tables=(STOCK_ITEMS, STOCK_SOURCES),
    reading={
        "magento1": SnapshotByIds(
            spine=PRODUCT_LIST,
            method="catalogInventoryStockItemList",
            argument="products",
            into="stock_items",
            # Magento takes a number for a SKU first: one spelled like another product's id would be counted instead.
            alias_field="sku",
        ),
        "magento2": RestSnapshot(
            lists={
                "products": "products",
                "source_items": "inventory/source-items",
                "sources": "inventory/sources",
            },
            order_by={"products": ("id", "entity_id")},
            per_value={
                "source_items": PerValue(of="products", field="sku"),
                "sources": PerValue(of="source_items", field="source_code"),
            },
            fields={"products": "items[id,sku],total_count"},
            required=frozenset({"products", "source_items"}),
            resource="Magento_Catalog::products, Magento_InventoryApi::source",
        ),
    },
    is_snapshot=True,
)
