"""What is in stock, of every product: read whole every time, since a sale changes it without touching the product.

Two calls for five hundred products: one that lists them, one that counts them.
"""

from __future__ import annotations

from collections.abc import Iterable

from include.entities.fields import flag, integer, quantity, text
from include.entities.model import Context, Entity, Reference, Row, Table, Touch
from include.entities.products import PRODUCT_LIST
from include.magento.door import Record, children
from include.magento.soap.reading import SnapshotByIds


def _stock_items(record: Record, context: Context) -> Iterable[Row]:
    return children(record, "stock_items")


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
        ),
        flag("is_in_stock", "Whether it can be ordered, as the shop has set it.", "is_in_stock"),
    ),
    rows={"magento1": _stock_items},
    touches=(Touch(subject="product", column="product_key"),),
)

STOCK_ENTITY = Entity(
    name="stock",
    title="Stock of every product",
    tables=(STOCK_ITEMS,),
    reading={
        "magento1": SnapshotByIds(
            spine=PRODUCT_LIST,
            method="catalogInventoryStockItemList",
            argument="products",
            into="stock_items",
            # Magento takes a number for a SKU first: one spelled like another product's id would be counted instead.
            alias_field="sku",
        )
    },
    is_snapshot=True,
)
