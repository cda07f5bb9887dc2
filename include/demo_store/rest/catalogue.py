"""Products, categories and stock as JSON: what Magento 1 has as fields of a product is mostly an attribute here.

Stock has no product id, only article numbers; what is made of other products has none.
"""

from __future__ import annotations

from typing import Any

from include.demo_store.clock import sql_time
from include.demo_store.generate import catalogue
from include.demo_store.generate.products import CATEGORIES, CREATED, CatalogueProduct, Category
from include.demo_store.rest.shapes import Json, Shape, number

_PRODUCT = Shape(
    sources={"id": "product_id", "attribute_set_id": "set"},
    i="id attribute_set_id status visibility",
    n="price weight",
    s="sku name type_id created_at updated_at",
)
_ATTRIBUTES = """url_key url_path special_price special_from_date special_to_date has_options tax_class_id
    options_container description short_description""".split()
_MADE_OF_OTHERS = frozenset({"configurable", "bundle", "grouped"})
_SOURCE = "default"
_BY_NUMBER = {product.product_id: product for product in catalogue.ON_SALE}


def product(made: CatalogueProduct) -> Json:
    """A product with the values of all store views."""
    row = {"price": "0.0000", **{name: value for name, value in made.row.items() if value is not None}}
    found = _PRODUCT.fill({**row})
    linked: dict[str, Any] = {"website_ids": [int(number) for number in made.website_ids]}
    if made.category_ids:
        linked["category_links"] = [
            {"position": 0, "category_id": category} for category in made.category_ids
        ]
    linked |= _parts(found["id"], found["type_id"])
    attributes: list[Json] = [
        {"attribute_code": name, "value": made.row[name]} for name in _ATTRIBUTES if made.row.get(name)
    ]
    attributes += [
        {"attribute_code": "msrp_display_actual_price_type", "value": "0"},
        {"attribute_code": "required_options", "value": made.row["has_options"]},
        {"attribute_code": "category_ids", "value": made.category_ids},
    ]
    return found | {
        "extension_attributes": linked,
        "product_links": [],
        "options": [],
        "media_gallery_entries": [],
        "tier_prices": [],
        "custom_attributes": attributes,
    }


def _parts(product_id: int, kind: str) -> Json:
    if kind != "configurable":
        return {}
    return {"configurable_product_links": [part.product_id for part in _BY_NUMBER[product_id].parts]}


def source_item(made: CatalogueProduct) -> Json | None:
    """What there is of a product in the only source; None for what is made of other products."""
    if made.row["type_id"] in _MADE_OF_OTHERS:
        return None
    stock = made.stock
    status = int(stock["is_in_stock"] or 0)
    quantity = number(stock["qty"] or "0")
    return {"sku": stock["sku"], "source_code": _SOURCE, "quantity": quantity, "status": status}


def category(one: Category) -> Json:
    """A category of the list; the root says nothing about being switched on."""
    children = sorted((c for c in CATEGORIES if c.parent_id == one.category_id), key=lambda c: c.position)
    path = _path(one)
    below = sum(_path(other).startswith(f"{path}/") for other in CATEGORIES)
    found: Json = {
        "id": one.category_id,
        "parent_id": one.parent_id,
        "name": one.name,
        "position": one.position,
        "level": one.level,
        "children": ",".join(str(child.category_id) for child in children),
        "created_at": sql_time(CREATED),
        "updated_at": sql_time(CREATED),
        "path": path,
        "include_in_menu": True,
        "custom_attributes": [
            {"attribute_code": "path", "value": path},
            {"attribute_code": "children_count", "value": str(below)},
        ],
    }
    return found | ({"is_active": one.active} if one.level else {})


def _path(one: Category) -> str:
    if not one.parent_id:
        return str(one.category_id)
    parent = next(c for c in CATEGORIES if c.category_id == one.parent_id)
    return f"{_path(parent)}/{one.category_id}"
