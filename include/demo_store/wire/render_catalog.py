"""Products and categories as XML. `special_price` is nil in the list and absent in the single answer when NULL."""

from __future__ import annotations

from include.demo_store.generate.customers import Row
from include.demo_store.generate.products import CATEGORIES, CatalogueProduct, Category
from include.demo_store.wire.layout import Composite, array, strings

_LISTED = Composite("catalogProductEntity", {"special_price"})
_INFO = Composite("catalogProductReturnEntity")
_TREE, _CATEGORY = Composite("catalogCategoryTree"), Composite("catalogCategoryEntity")
_NIL_SPECIAL = '<special_price xsi:nil="true"/>\n'
_NO_TIERS = (
    '<tier_price SOAP-ENC:arrayType="ns1:catalogProductTierPriceEntity[0]" '
    'xsi:type="ns1:catalogProductTierPriceEntityArray"/>\n'
)


def listed_product(product: CatalogueProduct) -> str:
    """A row of `catalogProductList`; a bundle without a price has one of 0 here."""
    row = {**product.row, "price": product.row["price"] or "0"}
    element = _LISTED.element("item", row, {
        "category_ids": strings("category_ids", product.category_ids),
        "website_ids": strings("website_ids", product.website_ids),
    })  # fmt: skip
    special = product.row.get("special_price")
    ending = (
        _NIL_SPECIAL
        if special is None
        else f'<special_price xsi:type="xsd:string">{special}</special_price>\n'
    )
    return element.removesuffix("</item>\n") + ending + "</item>\n"


def info_product(product: CatalogueProduct, created_at: str) -> str:
    """The result of `catalogProductInfo`, its creation in the shop's zone."""
    children = {tag: strings(tag, product.category_ids) for tag in ("categories", "category_ids")}
    children |= {"websites": strings("websites", product.website_ids), "tier_price": _NO_TIERS}
    return _INFO.element(
        "info", {**product.row, "created_at": created_at}, {**children, "tier_price": _NO_TIERS}
    )


def tree(category: Category) -> str:
    """The result of `catalogCategoryTree`, from a category down."""
    return _TREE.element("tree", _row(category), {"children": _children(category)})


def _children(category: Category) -> str:
    below = [child for child in CATEGORIES if child.parent_id == category.category_id]
    items = [_CATEGORY.element("item", _row(child), {"children": _children(child)}) for child in below]
    return array("children", "catalogCategoryEntity", "ArrayOfCatalogCategoryEntities", items)


def _row(category: Category) -> Row:
    return {
        "category_id": str(category.category_id), "parent_id": str(category.parent_id), "name": category.name,
        "is_active": str(int(category.active)), "position": str(category.position), "level": str(category.level),
    }  # fmt: skip
