"""Lines of a cart: those taken out again keep their row, flagged by `is_removed`."""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.fields import ABSENT, Field, Kind, amount_pair, flag, integer, quantity, text
from include.entities.model import Context, Reference, Row, Table
from include.entities.records import record_in, ships_free
from include.entities.references import PRODUCT
from include.magento.door import Record, children


def _items(record: Record, context: Context) -> Iterator[Row]:
    of_cart = {
        "cart_id": record.get("entity_id"),
        "cart_currency_code": record.get("quote_currency_code"),
        "base_currency_code": record.get("base_currency_code"),
    }
    for item in children(record, "items"):
        names = [category["name"] for category in children(item, "categories") if category.get("name")]
        yield {**item, **of_cart, "category_names_json": names, "free_shipping": ships_free(item)}


def _items_of_rest(record: Record, context: Context) -> Iterator[Row]:
    """Lines of an open cart, each with its totals and its product; closed carts have none any more.

    Prices come in base currency, also where the cart has another one: then its own is not told.
    """
    currency = record_in(record, "currency")
    codes = currency.get("quote_currency_code"), currency.get("base_currency_code")
    totals = {line.get("item_id"): line for line in children(record_in(record, "totals"), "items")}
    numbers = {product.get("sku"): product.get("id") for product in children(record, "products")}
    for item in children(record, "items"):
        price = item.get("price")
        yield {
            **totals.get(item.get("item_id"), {}),
            **item,
            "cart_id": record.get("id"),
            "product_id": numbers.get(item.get("sku")),
            "cart_currency_code": codes[0],
            "base_currency_code": codes[1],
            "price": price if codes[0] == codes[1] else None,
            "base_price": price,
        }


CART_ITEMS = Table(
    name="cart_items",
    singular="cart_item",
    grain=(
        "One row per line that is or was in a cart: count those that are not is_removed. Bundles and configurable "
        "products have a parent line and child lines: count money and pieces where parent_item_key is NULL."
    ),
    key=("cart_item_id",),
    parent=Reference(name="cart_key", table="carts", ids=("cart_id",), comment="The cart."),
    references=(
        Reference(
            name="parent_item_key",
            table="cart_items",
            ids=("parent_item_id",),
            comment="The bundle or configurable line this one belongs to. NULL: it stands for itself.",
        ),
        PRODUCT,
    ),
    fields=(
        integer("cart_item_id", "Magento's id of the line.", "item_id", is_required=True),
        integer("cart_id", "Magento's id of the cart."),
        integer(
            "parent_item_id",
            "Magento's id of the parent line. NULL: the line stands for itself.",
            "parent_item_id",
            magento2=ABSENT,
        ),
        integer(
            "product_id",
            "Magento's id of the product. NULL once it was deleted.",
            "product_id",
            differs="looked up by the article number, so a configurable line has its variant's; NULL of bundles",
        ),
        text(
            "product_type",
            "simple, configurable, bundle, grouped, virtual, downloadable, ...",
            "product_type",
        ),
        text("sku", "Article number; of a configurable line the chosen variant's.", "sku"),
        text("product_name", "Name when it was put into the cart.", "name"),
        text(
            "product_description",
            "Short description, where the shop keeps one with the line.",
            "description",
            magento2=ABSENT,
        ),
        text(
            "product_url",
            "Page of the product in the shop. NULL: it has none of its own.",
            "product_url",
            magento2=ABSENT,
        ),
        text(
            "product_image_url", "Picture of the product. NULL: none.", "product_image_url", magento2=ABSENT
        ),
        Field(
            name="category_names_json",
            kind=Kind.JSON,
            comment="Names of the product's categories, as a list. NULL: none sent.",
            differs="not told",
        ),
        flag("is_virtual", "Whether nothing has to be shipped.", "is_virtual", magento2=ABSENT),
        flag("is_free_shipping", "Whether it ships free.", "free_shipping", magento2=ABSENT),
        flag(
            "is_qty_decimal",
            "Whether it is sold by measure instead of by piece.",
            "is_qty_decimal",
            magento2=ABSENT,
        ),
        flag("is_excluded_from_discount", "Whether discounts pass it by.", "no_discount", magento2=ABSENT),
        text(
            "applied_rule_ids",
            "Ids of the price rules applied, joined by commas. NULL: none.",
            "applied_rule_ids",
            magento2=ABSENT,
        ),
        integer("tax_class_id", "Magento's id of the product's tax class.", "tax_class_id", magento2=ABSENT),
        quantity("item_qty", "Pieces; of a child line, pieces for each piece of its parent.", "qty"),
        quantity("weight", "Weight of one piece in the store's unit. NULL: none.", "weight", magento2=ABSENT),
        quantity(
            "row_weight", "Weight of the line in the store's unit. NULL: none.", "row_weight", magento2=ABSENT
        ),
        text("cart_currency_code", "Currency of the amounts without prefix, ISO 4217."),
        text("base_currency_code", "Currency of the base_ amounts, ISO 4217."),
        *amount_pair(
            "price",
            "Price of one piece, before tax",
            currency="cart",
            differs="told in base currency only; in the cart's where they are the same",
        ),
        *amount_pair(
            "price_incl_tax",
            "Price of one piece with tax. NULL: a line without a price of its own",
            currency="cart",
        ),
        Field(
            name="custom_price_amount",
            kind=Kind.AMOUNT,
            comment="Price of one piece that somebody of the shop has set by hand, in cart currency. NULL: none.",
            magento1="custom_price",
            magento2=ABSENT,
        ),
        *amount_pair("row_total", "Price times pieces, before tax and discount", currency="cart"),
        *amount_pair(
            "row_total_incl_tax",
            "Price times pieces, with tax. NULL: a line without a price of its own",
            currency="cart",
        ),
        *amount_pair("tax", "Tax of the line", "tax_amount", currency="cart"),
        *amount_pair(
            "discount", "Discount of the line, zero or positive", "discount_amount", currency="cart"
        ),
        *amount_pair(
            "weee_tax",
            "Waste-disposal charge of the line",
            "weee_tax_applied_row_amount",
            currency="cart",
            magento2=ABSENT,
        ),
        Field(name="tax_pct", kind=Kind.PERCENT, comment="Tax rate, 0 to 100.", magento1="tax_percent"),
        Field(
            name="discount_pct",
            kind=Kind.PERCENT,
            comment="Discount rate, 0 to 100.",
            magento1="discount_percent",
        ),
        integer(
            "gift_message_id",
            "Magento's id of the line's own gift message. NULL: none.",
            "gift_message_id",
            magento2=ABSENT,
        ),
        text(
            "gift_message",
            "Text of the line's own gift message. NULL: none.",
            "gift_message",
            is_personal=True,
            magento2=ABSENT,
        ),
    ),
    rows={"magento1": _items, "magento2": _items_of_rest},
    created={"magento1": "created_at"},
    updated={"magento1": "updated_at"},
    gone_flag="is_removed",
    ignored=frozenset(
        """store_id categories base_cost original_custom_price row_total_with_discount additional_data
        tax_before_discount base_tax_before_discount gift_message_available weee_tax_applied weee_tax_applied_amount
        base_weee_tax_applied_amount weee_tax_disposition weee_tax_row_disposition base_weee_tax_disposition
        base_weee_tax_row_disposition quote_id product_option options extension_attributes""".split()
    ),
)
