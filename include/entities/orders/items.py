"""Order lines: parents and children told apart, so that money and quantity can be counted once."""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.fields import ABSENT, Field, Kind, amount_pair, flag, integer, quantity, text
from include.entities.model import Context, Reference, Row, Table
from include.entities.orders.lines import parent_ids
from include.entities.records import record_in, ships_free
from include.entities.references import PRODUCT
from include.magento.door import Record, children


def _items(record: Record, context: Context) -> Iterator[Row]:
    items = children(record, "items")
    parents = parent_ids(items)
    of_order = {name: record.get(name) for name in ("order_id", "order_currency_code", "base_currency_code")}
    for item in items:
        parent = parents.get(str(item.get("item_id")))
        yield {**item, **of_order, "parent_item_id": parent, "free_shipping": ships_free(item)}


def _items_of_rest(record: Record, context: Context) -> Iterator[Row]:
    """Lines name their parent; their options are left out, which REST sends in another shape than Magento 1."""
    of_order = {"order_id": record.get("entity_id")}
    of_order |= {name: record.get(name) for name in ("order_currency_code", "base_currency_code")}
    for item in children(record, "items"):
        message = record_in(item, "extension_attributes", "gift_message")
        weee = item.get("base_weee_tax_applied_row_amnt")  # the name of this one is cut short
        own = {"gift_message": message.get("message"), "free_shipping": ships_free(item)}
        yield {**item, **of_order, **own, "base_weee_tax_applied_row_amount": weee}


ORDER_ITEMS = Table(
    name="order_items",
    singular="order_item",
    grain=(
        "One row per order line. Bundles and configurable products have a parent line and child lines: count money "
        "and pieces where parent_item_key is NULL."
    ),
    key=("order_item_id",),
    parent=Reference(name="order_key", table="orders", ids=("order_id",), comment="The order."),
    references=(
        Reference(
            name="parent_item_key",
            table="order_items",
            ids=("parent_item_id",),
            comment="The bundle or configurable line this one belongs to. NULL: it stands for itself.",
        ),
        PRODUCT,
    ),
    fields=(
        integer("order_item_id", "Magento's id of the line.", "item_id", is_required=True),
        integer("order_id", "Magento's id of the order."),
        integer("parent_item_id", "Magento's id of the parent line. NULL: the line stands for itself."),
        integer("cart_item_id", "Magento's id of the line in the cart.", "quote_item_id"),
        integer("product_id", "Magento's id of the product. NULL once it was deleted.", "product_id"),
        text(
            "product_type",
            "simple, configurable, bundle, grouped, virtual, downloadable, ...",
            "product_type",
        ),
        text("sku", "Article number; of a configurable line the chosen variant's.", "sku"),
        text("product_name", "Name at the time of the order.", "name"),
        text(
            "product_options",
            "Choices made by the buyer, in PHP's serialisation, as sent.",
            "product_options",
            magento2=ABSENT,
            is_personal=True,  # among them what is to be engraved or printed
        ),
        flag("is_virtual", "Whether nothing has to be shipped.", "is_virtual"),
        flag("is_free_shipping", "Whether it ships free.", "free_shipping"),
        flag("is_qty_decimal", "Whether it is sold by measure instead of by piece.", "is_qty_decimal"),
        flag("is_excluded_from_discount", "Whether discounts pass it by.", "no_discount"),
        text(
            "applied_rule_ids",
            "Ids of the price rules applied, joined by commas. NULL: none.",
            "applied_rule_ids",
        ),
        quantity("ordered_qty", "Pieces ordered.", "qty_ordered"),
        quantity("invoiced_qty", "Pieces invoiced so far.", "qty_invoiced"),
        quantity("shipped_qty", "Pieces shipped so far.", "qty_shipped"),
        quantity("refunded_qty", "Pieces refunded so far.", "qty_refunded"),
        quantity("canceled_qty", "Pieces cancelled.", "qty_canceled"),
        quantity("weight", "Weight of one piece in the store's unit. NULL: none.", "weight"),
        quantity("row_weight", "Weight of the line in the store's unit. NULL: none.", "row_weight"),
        text("order_currency_code", "Currency of the amounts without prefix, ISO 4217."),
        text("base_currency_code", "Currency of the base_ amounts, ISO 4217."),
        *amount_pair("price", "Price of one piece, before tax"),
        *amount_pair("original_price", "Price of one piece before price rules"),
        *amount_pair(
            "row_total",
            "Price times pieces, before tax and discount",
            differs="a coupon on the whole cart is taken off already, seen on 2.4.4",
        ),
        *amount_pair("tax", "Tax of the line", "tax_amount"),
        *amount_pair("discount", "Discount of the line, zero or positive", "discount_amount"),
        *amount_pair("row_invoiced", "Invoiced so far"),
        *amount_pair("tax_invoiced", "Tax invoiced so far"),
        *amount_pair("discount_invoiced", "Discount invoiced so far"),
        *amount_pair("refunded", "Refunded so far", "amount_refunded")[:1],
        Field(
            name="base_refunded_amount",
            kind=Kind.AMOUNT,
            comment="Refunded so far, in base currency.",
            magento1="base_amount_refunded",
        ),
        *amount_pair("weee_tax", "Waste-disposal charge of the line", "weee_tax_applied_row_amount"),
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
        ),
    ),
    rows={"magento1": _items, "magento2": _items_of_rest},
    created={"magento1": "created_at", "magento2": "created_at"},
    updated={"magento1": "updated_at", "magento2": "updated_at"},
    ignored=frozenset(
        """gift_message_available weee_tax_applied weee_tax_applied_amount base_weee_tax_applied_amount
        weee_tax_disposition weee_tax_row_disposition base_weee_tax_disposition base_weee_tax_row_disposition
        attributes product_option extension_attributes store_id description price_incl_tax base_price_incl_tax
        row_total_incl_tax base_row_total_incl_tax tax_refunded base_tax_refunded tax_canceled discount_refunded
        base_discount_refunded discount_tax_compensation_amount base_discount_tax_compensation_amount
        discount_tax_compensation_invoiced base_discount_tax_compensation_invoiced
        discount_tax_compensation_refunded base_discount_tax_compensation_refunded
        discount_tax_compensation_canceled base_cost qty_backordered locked_do_invoice locked_do_ship
        ext_order_item_id event_id tax_before_discount base_tax_before_discount base_weee_tax_applied_row_amnt
        gw_id gw_price gw_base_price gw_tax_amount gw_base_tax_amount""".split()
    ),
)
