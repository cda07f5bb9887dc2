"""The lists of Magento 2 as filters see them: the tables of the SOAP face, and those that only REST lists."""

from __future__ import annotations

from collections.abc import Mapping

from include.demo_store.columns import DateIndex
from include.demo_store.generate.customers import Row
from include.demo_store.generate.products import CATEGORIES
from include.demo_store.rest import catalogue
from include.demo_store.rest.shapes import Json
from include.demo_store.shop import Shop
from include.demo_store.wire import tables


class SourceItems(tables.Products):
    """Stock by source: numbered by product here, which the list does not tell."""

    id_columns = frozenset(("source_item_id",))
    columns = frozenset(("sku", "source_code", "quantity", "status"))

    def exists(self, number: int) -> bool:
        product = self.shop.product(number)
        return product is not None and catalogue.source_item(product) is not None

    def value(self, number: int, column: str) -> str | None:
        product = self.shop.product(number)
        found = catalogue.source_item(product) if product else None
        return str(found[column]) if found else None


class Numbered(tables.Rows):
    """A dictionary that never changes; one of its rows may have the number 0.

    Args:
        shop: whose.
        rows: all of them by number.
        id_columns: names of the number.
    """

    def __init__(self, shop: Shop, rows: Mapping[int, Json], *id_columns: str) -> None:
        texts: dict[int, Row] = {number: _as_text(row) for number, row in rows.items()}
        super().__init__(shop, texts, id_columns[0])
        self.id_columns = frozenset(id_columns)
        self.lowest_id = min(rows)

    def indexes(self) -> dict[str, DateIndex]:
        return {}

    def value(self, number: int, column: str) -> str | None:
        return str(number) if column in self.id_columns else super().value(number, column)


def categories() -> dict[int, Json]:
    """By number."""
    return {one.category_id: catalogue.category(one) for one in CATEGORIES}


def _as_text(row: Json) -> Row:
    return {name: None if value is None else str(value) for name, value in row.items()}
