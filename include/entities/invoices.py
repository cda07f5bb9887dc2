"""Invoices: what was billed of an order, with lines and comments.

The list tells a few columns of each invoice; lines, comments, amounts in base currency, store and the date of the last
change come from a call per invoice. A store that does not answer that call still gives the headers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from include.entities.fields import Field, Kind, amount_pair, flag, integer, quantity, text
from include.entities.model import (
    Context,
    Entity,
    Expectation,
    Parent,
    Person,
    Reference,
    Row,
    Scope,
    Severity,
    Table,
    Touch,
)
from include.entities.references import PRODUCT
from include.magento.door import Record, children
from include.magento.rest.reading import RestReading
from include.magento.soap.reading import InfoCall, SoapReading

STATES = {"1": "open", "2": "paid", "3": "canceled"}
_DETAIL = "NULL where the store gives headers only"


def _invoices(record: Record, context: Context) -> Iterable[Row]:
    state = record.get("state")
    return ({**record, "state": STATES.get(state, state) if isinstance(state, str) else None},)


def _children(record: Record, name: str) -> Iterator[Row]:
    codes = ("order_currency_code", "base_currency_code")
    of_invoice = {"invoice_id": record.get("invoice_id") or record.get("entity_id")} | {
        code: record.get(code) for code in codes
    }
    for row in children(record, name):
        yield {**row, **of_invoice}


def _items(record: Record, context: Context) -> Iterator[Row]:
    return _children(record, "items")


def _comments(record: Record, context: Context) -> Iterator[Row]:
    return _children(record, "comments")


INVOICES = Table(
    name="invoices",
    singular="invoice",
    grain="One row per invoice: what was billed of an order, once or in parts.",
    key=("invoice_id",),
    references=(
        Reference(name="order_key", table="orders", ids=("order_id",), comment="The order billed."),
        Reference(
            name="store_key",
            table="stores",
            ids=("store_id",),
            comment="Store view. NULL once it was deleted, and where the store gives headers only.",
        ),
    ),
    fields=(
        integer(
            "invoice_id", "Magento's id of the invoice.", "invoice_id", magento2="entity_id", is_required=True
        ),
        text("invoice_number", "Number people see.", "increment_id"),
        integer("order_id", "Magento's id of the order.", "order_id"),
        integer("store_id", f"Magento's id of the store view. {_DETAIL}.", "store_id"),
        text("state", "open (not paid yet), paid or canceled.", is_tracked=True),
        text(
            "order_currency_code", "Currency of the amounts without prefix, ISO 4217.", "order_currency_code"
        ),
        text(
            "base_currency_code", f"Currency of the base_ amounts, ISO 4217. {_DETAIL}.", "base_currency_code"
        ),
        text(
            "store_currency_code",
            f"Default currency of the store view, ISO 4217. {_DETAIL}.",
            "store_currency_code",
        ),
        text(
            "global_currency_code",
            f"Currency of the whole installation, ISO 4217. {_DETAIL}.",
            "global_currency_code",
        ),
        Field(
            name="base_to_order_rate",
            kind=Kind.RATE,
            comment=f"Order currency per base unit. {_DETAIL}.",
            magento1="base_to_order_rate",
        ),
        Field(
            name="base_to_global_rate",
            kind=Kind.RATE,
            comment=f"Global currency per base unit, at the time of the order. {_DETAIL}.",
            magento1="base_to_global_rate",
        ),
        *amount_pair("subtotal", f"Lines billed, before tax and discount. {_DETAIL}"),
        *amount_pair(
            "discount", f"Discount of the lines billed, zero or negative. {_DETAIL}", "discount_amount"
        ),
        *amount_pair("tax", f"Tax billed. {_DETAIL}", "tax_amount"),
        *amount_pair("shipping", f"Shipping billed, before tax. {_DETAIL}", "shipping_amount"),
        *amount_pair(
            "grand_total", "What the buyer has to pay. In base currency NULL where only headers come"
        ),
    ),
    rows={"magento1": _invoices, "magento2": _invoices},
    created={"magento1": "created_at", "magento2": "created_at"},
    updated={"magento1": "updated_at", "magento2": "updated_at"},
    touches=(
        Touch(subject="invoice_created", column="source_created_at"),
        Touch(subject="order", column="order_key"),
    ),
    indexes=("order_key", "source_created_at"),
    ignored=frozenset(
        """items comments parent_id is_active store_to_base_rate store_to_order_rate billing_address_id
        billing_firstname billing_middlename billing_lastname order_increment_id order_created_at attributes
        can_void_flag total_qty shipping_address_id discount_description subtotal_incl_tax base_subtotal_incl_tax
        shipping_incl_tax base_shipping_incl_tax shipping_tax_amount base_shipping_tax_amount
        discount_tax_compensation_amount base_discount_tax_compensation_amount shipping_discount_tax_compensation_amount
        base_shipping_discount_tax_compensation_amnt email_sent is_used_for_refund transaction_id base_total_refunded
        extension_attributes""".split()
    ),
)

INVOICE_ITEMS = Table(
    name="invoice_items",
    singular="invoice_item",
    grain=(
        "One row per line of an invoice; bundles and configurable products come with their child lines. Add up money "
        "over all of them, since either the parent or its children carry it, and pieces where the line in "
        "crm.order_items has no parent_item_key."
    ),
    key=("invoice_item_id",),
    parent=Reference(name="invoice_key", table="invoices", ids=("invoice_id",), comment="The invoice."),
    references=(
        Reference(
            name="order_item_key",
            table="order_items",
            ids=("order_item_id",),
            comment="The order line billed.",
        ),
        PRODUCT,
    ),
    fields=(
        integer(
            "invoice_item_id", "Magento's id of the line.", "item_id", magento2="entity_id", is_required=True
        ),
        integer("invoice_id", "Magento's id of the invoice.", "invoice_id"),
        integer("order_item_id", "Magento's id of the order line.", "order_item_id"),
        integer("product_id", "Magento's id of the product. NULL once it was deleted.", "product_id"),
        text("sku", "Article number.", "sku"),
        text("product_name", "Name at the time of the order.", "name"),
        quantity("invoiced_qty", "Pieces billed.", "qty"),
        text(
            "order_currency_code", "Currency of the amounts without prefix, ISO 4217.", "order_currency_code"
        ),
        text("base_currency_code", "Currency of the base_ amounts, ISO 4217.", "base_currency_code"),
        *amount_pair("price", "Price of one piece, before tax"),
        *amount_pair("row_total", "Price times pieces. NULL or zero: another line of the product carries it"),
        *amount_pair("tax", "Tax of the line. NULL: none", "tax_amount"),
    ),
    rows={"magento1": _items, "magento2": _items},
    ignored=frozenset(
        """parent_id increment_id is_active created_at updated_at cost weee_tax_applied weee_tax_applied_amount
        base_weee_tax_applied_amount weee_tax_applied_row_amount base_weee_tax_applied_row_amount weee_tax_disposition
        weee_tax_row_disposition base_weee_tax_disposition base_weee_tax_row_disposition attributes price_incl_tax
        base_price_incl_tax row_total_incl_tax base_row_total_incl_tax discount_amount base_discount_amount
        discount_tax_compensation_amount base_discount_tax_compensation_amount description base_cost
        extension_attributes""".split()
    ),
)

INVOICE_COMMENTS = Table(
    name="invoice_comments",
    singular="invoice_comment",
    grain="One row per comment on an invoice.",
    key=("invoice_comment_id",),
    parent=Reference(name="invoice_key", table="invoices", ids=("invoice_id",), comment="The invoice."),
    fields=(
        integer(
            "invoice_comment_id",
            "Magento's id of the comment.",
            "comment_id",
            magento2="entity_id",
            is_required=True,
        ),
        integer("invoice_id", "Magento's id of the invoice.", "invoice_id"),
        text("comment_text", "The comment; may hold HTML.", "comment", is_personal=True),
        flag("is_customer_notified", "Whether the buyer was told by mail.", "is_customer_notified"),
    ),
    rows={"magento1": _comments, "magento2": _comments},
    created={"magento1": "created_at", "magento2": "created_at"},
    ignored=frozenset(
        """parent_id increment_id is_active updated_at order_currency_code base_currency_code attributes
        is_visible_on_front extension_attributes""".split()
    ),
)

INVOICES_ENTITY = Entity(
    name="invoices",
    title="Invoices with lines and comments",
    tables=(INVOICES, INVOICE_ITEMS, INVOICE_COMMENTS),
    reading={
        "magento1": SoapReading(
            spine="salesOrderInvoiceList",
            id_field="invoice_id",
            filter_id="invoice_id",
            stock=(
                InfoCall(
                    method="salesOrderInvoiceInfo",
                    argument="invoiceIncrementId",
                    value_field="increment_id",
                    is_optional=True,
                ),
            ),
            is_update_filter_optional=True,
        ),
        "magento2": RestReading(path="invoices", resource="Magento_Sales::sales_invoice"),
    },
    scope=Scope(store_field="store_id", is_in_details=True),
    number_field="increment_id",
    person=Person(through={"order_key": "orders"}),
    parents=(Parent(entity="orders", column="order_id"),),
    trailing=timedelta(days=30),  # a comment moves no date of its invoice
    expectations=(
        Expectation(
            rule="order_is_known",
            table="invoices",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "order_key"},
            meaning="An invoice says which order it bills.",
        ),
        Expectation(
            rule="grand_total_is_not_negative",
            table="invoices",
            severity=Severity.WARN,
            type="ExpectColumnValuesToBeBetween",
            arguments={"column": "grand_total_amount", "min_value": 0},
            meaning="An invoice asks for money, it gives none back.",
        ),
    ),
)
