"""Credit memos: what was given back, with their lines and comments.

A memo is read twice on every store: the list knows all of them, only the single call has lines and comments. A comment
added later moves no stamp of the memo, so recent memos are read again once a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from include.entities.fields import ABSENT, Field, Kind, amount_pair, flag, integer, quantity, text
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
from include.entities.references import PRODUCT, STORE
from include.magento.door import Record, children
from include.magento.rest.reading import RestReading
from include.magento.soap.reading import InfoCall, SoapReading

STATES = {"1": "open", "2": "refunded", "3": "canceled"}


def _memos(record: Record, context: Context) -> Iterable[Row]:
    state = record.get("state")
    return ({**record, "state": STATES.get(state, state) if isinstance(state, str) else None},)


def _children(record: Record, name: str) -> Iterator[Row]:
    codes = ("order_currency_code", "base_currency_code")
    of_memo = {"creditmemo_id": record.get("creditmemo_id") or record.get("entity_id")} | {
        code: record.get(code) for code in codes
    }
    for row in children(record, name):
        yield {**row, **of_memo}


def _items(record: Record, context: Context) -> Iterator[Row]:
    return _children(record, "items")


def _comments(record: Record, context: Context) -> Iterator[Row]:
    return _children(record, "comments")


# The wire's names of the base twins are cut short.
_STORE_CREDIT = (
    Field(
        name="store_credit_amount",
        kind=Kind.AMOUNT,
        comment="Part that became store credit, in order currency. NULL: none; only Magento Enterprise has it.",
        magento1="customer_bal_total_refunded",
        magento2=ABSENT,
    ),
    Field(
        name="base_store_credit_amount",
        kind=Kind.AMOUNT,
        comment="Part that became store credit, in base currency. NULL: none; only Magento Enterprise has it.",
        magento1="bs_customer_bal_total_refunded",
        magento2=ABSENT,
    ),
    integer(
        "reward_point_count",
        "Reward points given back. NULL: none; only Magento Enterprise has them.",
        "reward_points_balance_refund",
        magento2=ABSENT,
    ),
)

CREDIT_MEMOS = Table(
    name="credit_memos",
    singular="credit_memo",
    grain="One row per credit memo: money given back for an order.",
    key=("credit_memo_id",),
    references=(
        Reference(name="order_key", table="orders", ids=("order_id",), comment="The order refunded."),
        Reference(
            name="invoice_key",
            table="invoices",
            ids=("invoice_id",),
            comment="The invoice refunded. NULL: refunded by hand, not through the payment gateway.",
        ),
        STORE,
    ),
    fields=(
        integer(
            "credit_memo_id",
            "Magento's id of the memo.",
            "creditmemo_id",
            magento2="entity_id",
            is_required=True,
        ),
        text("credit_memo_number", "Number people see.", "increment_id"),
        integer("order_id", "Magento's id of the order.", "order_id"),
        integer(
            "invoice_id",
            "Magento's id of the invoice. NULL: refunded by hand, not through the payment gateway.",
            "invoice_id",
        ),
        integer("store_id", "Magento's id of the store view.", "store_id"),
        text("state", "open, refunded or canceled.", is_tracked=True),
        text(
            "order_currency_code", "Currency of the amounts without prefix, ISO 4217.", "order_currency_code"
        ),
        text("base_currency_code", "Currency of the base_ amounts, ISO 4217.", "base_currency_code"),
        text("store_currency_code", "Default currency of the store view, ISO 4217.", "store_currency_code"),
        text("global_currency_code", "Currency of the whole installation, ISO 4217.", "global_currency_code"),
        Field(
            name="base_to_order_rate",
            kind=Kind.RATE,
            comment="Order currency per base unit.",
            magento1="base_to_order_rate",
        ),
        Field(
            name="base_to_global_rate",
            kind=Kind.RATE,
            comment="Global currency per base unit, at the time of the order.",
            magento1="base_to_global_rate",
        ),
        *amount_pair("subtotal", "Lines refunded, before tax and discount"),
        *amount_pair("discount", "Discount taken back with the lines, zero or negative", "discount_amount"),
        *amount_pair("tax", "Tax refunded", "tax_amount"),
        *amount_pair("shipping", "Shipping refunded before tax", "shipping_amount"),
        *amount_pair("grand_total", "What the buyer got back"),
        *amount_pair("subtotal_incl_tax", "Lines refunded with tax"),
        *amount_pair("shipping_incl_tax", "Shipping refunded with tax"),
        *amount_pair("shipping_tax", "Tax on shipping refunded", "shipping_tax_amount"),
        *amount_pair(
            "hidden_tax",
            "Tax compensation of discounts on prices with tax",
            "hidden_tax_amount",
            magento2="discount_tax_compensation_amount",
        ),
        *amount_pair("adjustment", "Refunded beyond the lines less what was kept back"),
        *amount_pair("adjustment_positive", "Refunded beyond the lines. NULL: nothing"),
        *amount_pair("adjustment_negative", "Kept back. NULL: nothing"),
        *_STORE_CREDIT,
        flag("is_email_sent", "Whether it was mailed to the buyer. NULL: no, or not recorded.", "email_sent"),
        text(
            "transaction_number",
            "Number of the refund at the payment gateway. NULL: none, as of refunds by hand.",
            "transaction_id",
        ),
    ),
    rows={"magento1": _memos, "magento2": _memos},
    created={"magento1": "created_at", "magento2": "created_at"},
    updated={"magento1": "updated_at", "magento2": "updated_at"},
    touches=(
        Touch(subject="credit_memo_created", column="source_created_at"),
        Touch(subject="order", column="order_key"),
    ),
    indexes=("order_key", "source_created_at"),
    ignored=frozenset(
        """items comments billing_address_id shipping_address_id store_to_base_rate store_to_order_rate
        cybersource_token attributes order_increment_id creditmemo_status discount_description extension_attributes
        shipping_discount_tax_compensation_amount base_shipping_discount_tax_compensation_amnt""".split()
    ),
)

CREDIT_MEMO_ITEMS = Table(
    name="credit_memo_items",
    singular="credit_memo_item",
    grain=(
        "One row per line of a credit memo; bundles and configurable products come with their child lines. Add up "
        "money over all of them, since either the parent or its children carry it, and pieces where the line in "
        "crm.order_items has no parent_item_key."
    ),
    key=("credit_memo_item_id",),
    parent=Reference(
        name="credit_memo_key", table="credit_memos", ids=("credit_memo_id",), comment="The memo."
    ),
    references=(
        Reference(
            name="order_item_key",
            table="order_items",
            ids=("order_item_id",),
            comment="The order line given back.",
        ),
        PRODUCT,
    ),
    fields=(
        integer(
            "credit_memo_item_id",
            "Magento's id of the line.",
            "item_id",
            magento2="entity_id",
            is_required=True,
        ),
        integer("credit_memo_id", "Magento's id of the memo.", "creditmemo_id"),
        integer("order_item_id", "Magento's id of the order line.", "order_item_id"),
        integer("product_id", "Magento's id of the product. NULL once it was deleted.", "product_id"),
        text("sku", "Article number.", "sku"),
        text("product_name", "Name at the time of the order.", "name"),
        text("product_description", "Description, where the shop keeps one with the line.", "description"),
        quantity("refunded_qty", "Pieces given back.", "qty"),
        text(
            "order_currency_code", "Currency of the amounts without prefix, ISO 4217.", "order_currency_code"
        ),
        text("base_currency_code", "Currency of the base_ amounts, ISO 4217.", "base_currency_code"),
        *amount_pair("price", "Price of one piece, before tax"),
        *amount_pair("price_incl_tax", "Price of one piece with tax"),
        *amount_pair("row_total", "Price times pieces. NULL or zero: another line of the product carries it"),
        *amount_pair("row_total_incl_tax", "Price times pieces with tax"),
        *amount_pair("tax", "Tax of the line", "tax_amount"),
        *amount_pair("discount", "Discount of the line, positive. NULL: none", "discount_amount"),
        *amount_pair(
            "hidden_tax",
            "Tax compensation of the line",
            "hidden_tax_amount",
            magento2="discount_tax_compensation_amount",
        ),
    ),
    rows={"magento1": _items, "magento2": _items},
    ignored=frozenset(
        """parent_id base_cost weee_tax_applied weee_tax_applied_amount base_weee_tax_applied_amount
        weee_tax_applied_row_amount base_weee_tax_applied_row_amount weee_tax_disposition weee_tax_row_disposition
        base_weee_tax_disposition base_weee_tax_row_disposition additional_data attributes
        base_weee_tax_applied_row_amnt extension_attributes""".split()
    ),
)

CREDIT_MEMO_COMMENTS = Table(
    name="credit_memo_comments",
    singular="credit_memo_comment",
    grain="One row per comment on a credit memo.",
    key=("credit_memo_comment_id",),
    parent=Reference(
        name="credit_memo_key", table="credit_memos", ids=("credit_memo_id",), comment="The memo."
    ),
    fields=(
        integer(
            "credit_memo_comment_id",
            "Magento's id of the comment.",
            "comment_id",
            magento2="entity_id",
            is_required=True,
        ),
        integer("credit_memo_id", "Magento's id of the memo.", "creditmemo_id"),
        text("comment_text", "The comment; may hold HTML.", "comment", is_personal=True),
        flag("is_customer_notified", "Whether the buyer was told by mail.", "is_customer_notified"),
        flag("is_visible_on_front", "Whether the buyer sees it in the shop.", "is_visible_on_front"),
    ),
    rows={"magento1": _comments, "magento2": _comments},
    created={"magento1": "created_at", "magento2": "created_at"},
    ignored=frozenset({"parent_id", "order_currency_code", "base_currency_code", "attributes"}),
)

CREDIT_MEMOS_ENTITY = Entity(
    name="credit_memos",
    title="Credit memos with lines and comments",
    tables=(CREDIT_MEMOS, CREDIT_MEMO_ITEMS, CREDIT_MEMO_COMMENTS),
    reading={
        "magento1": SoapReading(
            spine="salesOrderCreditmemoList",
            id_field="creditmemo_id",
            filter_id="creditmemo_id",
            stock=(
                InfoCall(
                    method="salesOrderCreditmemoInfo",
                    argument="creditmemoIncrementId",
                    value_field="increment_id",
                ),
            ),
        ),
        "magento2": RestReading(path="creditmemos", resource="Magento_Sales::sales_creditmemo"),
    },
    scope=Scope(store_field="store_id"),
    number_field="increment_id",
    derived=("lifetimes",),
    person=Person(through={"order_key": "orders"}),
    parents=(Parent(entity="orders", column="order_id"),),
    trailing=timedelta(days=30),  # a comment moves no date of its memo
    expectations=(
        Expectation(
            rule="order_is_known",
            table="credit_memos",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "order_key"},
            meaning="A credit memo says which order it refunds.",
        ),
        Expectation(
            rule="grand_total_is_not_negative",
            table="credit_memos",
            severity=Severity.WARN,
            type="ExpectColumnValuesToBeBetween",
            arguments={"column": "grand_total_amount", "min_value": 0},
            meaning="A credit memo gives money back, it does not take any.",
        ),
    ),
)
