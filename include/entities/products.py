"""Products with the categories they are shown in and the websites they are sold on.

Values are those of "all store views", the shop's own defaults: a store view may have a name or price of its own, which
is not read. What a newcomer would get wrong: a product that was deleted is simply not there any more, while its order
lines are; join them from the left. Stock changes without touching the product, so it is an entity of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from include.entities.attributes import attributes_by_name
from include.entities.fields import Field, Kind, flag, integer, quantity, text
from include.entities.model import Context, Entity, Expectation, Reference, Row, Severity, Table, Touch
from include.magento.door import Record, texts
from include.magento.rest.reading import RestReading
from include.magento.soap.reading import InfoCall, SoapReading

STATUSES = {"1": "enabled", "2": "disabled"}
VISIBILITIES = {"1": "not_visible", "2": "catalog", "3": "search", "4": "catalog_search"}
_ATTRIBUTES = (
    "special_price special_from_date special_to_date url_key url_path tax_class_id has_options".split()
)
_STRUCTURES = frozenset(
    """custom_attributes extension_attributes media_gallery_entries options product_links tier_prices""".split()
)
MADE_OF_OTHERS = frozenset({"bundle", "grouped"})

PRODUCT_LIST = SoapReading(
    spine="catalogProductList",
    id_field="product_id",
    filter_id="product_id",
    stock=(InfoCall(method="catalogProductInfo", argument="productId", value_field="product_id"),),
    created_field=None,  # the single call tells it in the shop's zone, the list not at all
    is_update_filter_optional=True,
)


PRODUCTS_OF_REST = RestReading(
    path="products",
    id_field="id",
    order_by="id",
    store="all",  # without it the values are those of the default store view
    resource="Magento_Catalog::products",
)


def _products(record: Record, context: Context) -> Iterable[Row]:
    special = "special_percent" if record.get("type") == "bundle" else "special_price"
    return (
        {
            **record,
            "status": _named(record.get("status"), STATUSES),
            "visibility": _named(record.get("visibility"), VISIBILITIES),
            "price": _price(record),
            "special_price": None,
            special: record.get("special_price"),
            "currency_code": context.currency_code,
        },
    )


def _products_of_rest(record: Record, context: Context) -> Iterable[Row]:
    """Most of what Magento 1 has as fields of a product are attributes among the custom ones here."""
    attributes = attributes_by_name(record)
    told = {name: attributes.get(name) for name in _ATTRIBUTES}
    rest = {name: value for name, value in record.items() if name not in _STRUCTURES}
    return _products({**rest, **told, "type": record.get("type_id")}, context)  # type: ignore[dict-item]


def _named(code: object, names: dict[str, str]) -> str | None:
    return names.get(code, code) if isinstance(code, str) else None


def _price(record: Record) -> str | None:
    """Products made of others may have no price of their own: the bridge's list says 0, the single call nothing."""
    price = record.get("price")
    is_nothing = not isinstance(price, str) or (
        record.get("type") in MADE_OF_OTHERS and not price.strip("0.")
    )
    return None if is_nothing else str(price)


def _categories(record: Record, context: Context) -> Iterator[Row]:
    return _links(record, "category_id", "category_ids", "categories")


def _categories_of_rest(record: Record, context: Context) -> Iterator[Row]:
    """As attribute; the links of the extension leave out what an index has not caught up with."""
    listed = attributes_by_name(record).get("category_ids")
    yield from _links({"product_id": record.get("id"), "ids": listed}, "category_id", "ids")  # type: ignore[dict-item]


def _websites_of_rest(record: Record, context: Context) -> Iterator[Row]:
    extension = record.get("extension_attributes")
    listed = extension.get("website_ids") if isinstance(extension, dict) else None
    yield from _links({"product_id": record.get("id"), "ids": listed}, "website_id", "ids")


def _websites(record: Record, context: Context) -> Iterator[Row]:
    return _links(record, "website_id", "website_ids", "websites")


def _links(record: Record, name: str, *lists: str) -> Iterator[Row]:
    """One row per id; the list and the single call name their lists differently, and some answers have both."""
    ids = next((found for listed in lists if (found := texts(record, listed))), [])
    for number in dict.fromkeys(ids):
        yield {"product_id": record.get("product_id"), name: number}


PRODUCTS = Table(
    name="products",
    singular="product",
    grain="One row per product, variants of configurable products among them.",
    key=("product_id",),
    fields=(
        integer("product_id", "Magento's id of the product.", "product_id", magento2="id", is_required=True),
        text("sku", "Article number. NULL where the shop gave none.", "sku"),
        text("product_name", "Name in the default store view.", "name"),
        text(
            "product_type",
            "simple, configurable, bundle, grouped, virtual, downloadable, ...",
            "type",
        ),
        integer(
            "attribute_set_id",
            "Magento's id of the set of attributes it has.",
            "set",
            magento2="attribute_set_id",
        ),
        text("status", "enabled or disabled."),
        text("visibility", "Where shoppers find it: not_visible, catalog, search or catalog_search."),
        flag("has_options", "Whether the buyer has to choose something.", "has_options"),
        quantity("weight", "Weight of one piece in the store's unit. NULL: none.", "weight"),
        integer("tax_class_id", "Magento's id of the tax class.", "tax_class_id"),
        text("currency_code", "Currency of the amounts: that of the whole installation, ISO 4217."),
        Field(
            name="price_amount",
            kind=Kind.AMOUNT,
            comment="Regular price of one piece, as entered, for all websites without one of their own. NULL: it "
            "follows from the parts.",
            magento1="price",
        ),
        Field(
            name="special_price_amount",
            kind=Kind.AMOUNT,
            comment="Reduced price. NULL: none.",
            magento1="special_price",
        ),
        Field(
            name="special_price_pct",
            kind=Kind.PERCENT,
            comment="Reduced price of a bundle in percent of the regular one, 0 to 100. NULL: none, or no bundle.",
            magento1="special_percent",
        ),
        Field(
            name="special_from_date",
            kind=Kind.DAY,
            comment="First day of the reduced price, in the store's zone. NULL: at once.",
            magento1="special_from_date",
        ),
        Field(
            name="special_to_date",
            kind=Kind.DAY,
            comment="Last day of the reduced price, in the store's zone. NULL: until changed.",
            magento1="special_to_date",
        ),
        text("url_slug", "The product's part of its address in the shop. NULL where not set.", "url_key"),
        text("url_path", "Address below the shop's own. NULL where not made yet.", "url_path"),
    ),
    rows={"magento1": _products, "magento2": _products_of_rest},
    created={"magento1": "created_at", "magento2": "created_at"},
    updated={"magento1": "updated_at", "magento2": "updated_at"},
    touches=(Touch(subject="product", column="product_key"),),
    indexes=("sku",),
    ignored=frozenset(
        """type_id category_ids categories website_ids websites tier_price description short_description meta_title
        meta_keyword meta_description custom_design custom_layout_update options_container gift_message_available
        additional_attributes""".split()
    ),
)

PRODUCT_CATEGORIES = Table(
    name="product_categories",
    singular="product_category",
    grain="One row per product and category it is assigned to; categories above that one are not listed.",
    key=("product_id", "category_id"),
    parent=Reference(name="product_key", table="products", ids=("product_id",), comment="The product."),
    references=(
        Reference(
            name="category_key",
            table="categories",
            ids=("category_id",),
            comment="A category it is shown in.",
        ),
    ),
    fields=(
        integer("product_id", "Magento's id of the product.", is_required=True),
        integer("category_id", "Magento's id of the category.", is_required=True),
    ),
    rows={"magento1": _categories, "magento2": _categories_of_rest},
    indexes=("category_key",),
)

PRODUCT_WEBSITES = Table(
    name="product_websites",
    singular="product_website",
    grain="One row per product and website it is sold on.",
    key=("product_id", "website_id"),
    parent=Reference(name="product_key", table="products", ids=("product_id",), comment="The product."),
    references=(
        Reference(
            name="website_key", table="websites", ids=("website_id",), comment="A website that sells it."
        ),
    ),
    fields=(
        integer("product_id", "Magento's id of the product.", is_required=True),
        integer("website_id", "Magento's id of the website.", is_required=True),
    ),
    rows={"magento1": _websites, "magento2": _websites_of_rest},
)

PRODUCTS_ENTITY = Entity(
    name="products",
    title="Products with their categories and websites",
    tables=(PRODUCTS, PRODUCT_CATEGORIES, PRODUCT_WEBSITES),
    reading={"magento1": PRODUCT_LIST, "magento2": PRODUCTS_OF_REST},
    created_field=None,  # what is ordered today may have been in the catalogue for years
    number_field="sku",
    is_swept_whole=True,  # assigned to a category on the category's own page, a product keeps its date
    expectations=(
        Expectation(
            rule="sku_is_present",
            table="products",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "sku"},
            meaning="A product has an article number.",
        ),
        Expectation(
            rule="product_name_is_present",
            table="products",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "product_name"},
            meaning="A product has a name.",
        ),
        Expectation(
            rule="price_is_not_negative",
            table="products",
            severity=Severity.WARN,
            type="ExpectColumnValuesToBeBetween",
            arguments={"column": "price_amount", "min_value": 0},
            meaning="A product does not cost less than nothing.",
        ),
    ),
)
