"""create credit memos.

Revision ID: 20261122_1300
Revises: 20261122_1240
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1300"
down_revision = "20261122_1240"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "credit_memo_comments",
        sa.Column(
            "credit_memo_comment_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:credit_memo_comment_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "credit_memo_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The memo. Key of crm.credit_memos.",
        ),
        sa.Column(
            "credit_memo_comment_id", sa.BigInteger(), nullable=True, comment="Magento's id of the comment."
        ),
        sa.Column("credit_memo_id", sa.BigInteger(), nullable=True, comment="Magento's id of the memo."),
        sa.Column("comment_text", sa.Text(), nullable=True, comment="The comment; may hold HTML."),
        sa.Column(
            "is_customer_notified", sa.Boolean(), nullable=True, comment="Whether the buyer was told by mail."
        ),
        sa.Column(
            "is_visible_on_front",
            sa.Boolean(),
            nullable=True,
            comment="Whether the buyer sees it in the shop.",
        ),
        sa.Column(
            "source_created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store made it (UTC). NULL where the store has no date.",
        ),
        sa.Column(
            "source_updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store last changed it (UTC). NULL: the store keeps none.",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it first reached the warehouse.",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its content last changed in the warehouse.",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was found gone from the store. NULL: it is there.",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that last changed it.",
        ),
        sa.Column(
            "row_hash",
            sa.BigInteger(),
            nullable=True,
            comment="Fingerprint of the content, to tell changed rows from equal ones.",
        ),
        sa.PrimaryKeyConstraint("credit_memo_comment_key", name=op.f("credit_memo_comments_pkey")),
        schema="crm",
        comment="One row per comment on a credit memo.",
    )
    op.create_index(
        op.f("credit_memo_comments_credit_memo_key_idx"),
        "credit_memo_comments",
        ["credit_memo_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "credit_memo_items",
        sa.Column(
            "credit_memo_item_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:credit_memo_item_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "credit_memo_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The memo. Key of crm.credit_memos.",
        ),
        sa.Column(
            "order_item_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The order line given back. Key of crm.order_items.",
        ),
        sa.Column(
            "product_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The product. NULL once it was deleted. Key of crm.products.",
        ),
        sa.Column("credit_memo_item_id", sa.BigInteger(), nullable=True, comment="Magento's id of the line."),
        sa.Column("credit_memo_id", sa.BigInteger(), nullable=True, comment="Magento's id of the memo."),
        sa.Column("order_item_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order line."),
        sa.Column(
            "product_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the product. NULL once it was deleted.",
        ),
        sa.Column("sku", sa.Text(), nullable=True, comment="Article number."),
        sa.Column("product_name", sa.Text(), nullable=True, comment="Name at the time of the order."),
        sa.Column(
            "refunded_qty", sa.Numeric(precision=20, scale=4), nullable=True, comment="Pieces given back."
        ),
        sa.Column(
            "order_currency_code",
            sa.Text(),
            nullable=True,
            comment="Currency of the amounts without prefix, ISO 4217.",
        ),
        sa.Column(
            "base_currency_code", sa.Text(), nullable=True, comment="Currency of the base_ amounts, ISO 4217."
        ),
        sa.Column(
            "price_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price of one piece, before tax, in order currency.",
        ),
        sa.Column(
            "base_price_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price of one piece, before tax, in base currency.",
        ),
        sa.Column(
            "price_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price of one piece with tax, in order currency.",
        ),
        sa.Column(
            "base_price_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price of one piece with tax, in base currency.",
        ),
        sa.Column(
            "row_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, in order currency. NULL: a child line without a price of its own.",
        ),
        sa.Column(
            "base_row_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, in base currency. NULL: a child line without a price of its own.",
        ),
        sa.Column(
            "row_total_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces with tax, in order currency.",
        ),
        sa.Column(
            "base_row_total_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces with tax, in base currency.",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax of the line, in order currency.",
        ),
        sa.Column(
            "base_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax of the line, in base currency.",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount of the line, positive, in order currency. NULL: none.",
        ),
        sa.Column(
            "base_discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount of the line, positive, in base currency. NULL: none.",
        ),
        sa.Column(
            "hidden_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax compensation of the line, in order currency.",
        ),
        sa.Column(
            "base_hidden_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax compensation of the line, in base currency.",
        ),
        sa.Column(
            "source_created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store made it (UTC). NULL where the store has no date.",
        ),
        sa.Column(
            "source_updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store last changed it (UTC). NULL: the store keeps none.",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it first reached the warehouse.",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its content last changed in the warehouse.",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was found gone from the store. NULL: it is there.",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that last changed it.",
        ),
        sa.Column(
            "row_hash",
            sa.BigInteger(),
            nullable=True,
            comment="Fingerprint of the content, to tell changed rows from equal ones.",
        ),
        sa.PrimaryKeyConstraint("credit_memo_item_key", name=op.f("credit_memo_items_pkey")),
        schema="crm",
        comment="One row per line of a credit memo. Lines of bundles and configurable products come with their child lines.",
    )
    op.create_index(
        op.f("credit_memo_items_credit_memo_key_idx"),
        "credit_memo_items",
        ["credit_memo_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "credit_memos",
        sa.Column(
            "credit_memo_key", sa.Text(collation="C"), nullable=False, comment="<channel>:credit_memo_id."
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "order_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The order refunded. Key of crm.orders.",
        ),
        sa.Column(
            "store_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Store view. NULL once it was deleted. Key of crm.stores.",
        ),
        sa.Column("credit_memo_id", sa.BigInteger(), nullable=True, comment="Magento's id of the memo."),
        sa.Column("credit_memo_number", sa.Text(), nullable=True, comment="Number people see."),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order."),
        sa.Column("store_id", sa.BigInteger(), nullable=True, comment="Magento's id of the store view."),
        sa.Column("state", sa.Text(), nullable=True, comment="open, refunded or canceled."),
        sa.Column(
            "order_currency_code",
            sa.Text(),
            nullable=True,
            comment="Currency of the amounts without prefix, ISO 4217.",
        ),
        sa.Column(
            "base_currency_code", sa.Text(), nullable=True, comment="Currency of the base_ amounts, ISO 4217."
        ),
        sa.Column(
            "store_currency_code",
            sa.Text(),
            nullable=True,
            comment="Default currency of the store view, ISO 4217.",
        ),
        sa.Column(
            "global_currency_code",
            sa.Text(),
            nullable=True,
            comment="Currency of the whole installation, ISO 4217.",
        ),
        sa.Column(
            "base_to_order_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="Order currency per base unit.",
        ),
        sa.Column(
            "base_to_global_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="Global currency per base unit, at the time of the order.",
        ),
        sa.Column(
            "subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Lines refunded, before tax and discount, in order currency.",
        ),
        sa.Column(
            "base_subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Lines refunded, before tax and discount, in base currency.",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount taken back with the lines, zero or negative, in order currency.",
        ),
        sa.Column(
            "base_discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount taken back with the lines, zero or negative, in base currency.",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax refunded, in order currency.",
        ),
        sa.Column(
            "base_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax refunded, in base currency.",
        ),
        sa.Column(
            "shipping_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping refunded before tax, in order currency.",
        ),
        sa.Column(
            "base_shipping_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping refunded before tax, in base currency.",
        ),
        sa.Column(
            "grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer got back, in order currency.",
        ),
        sa.Column(
            "base_grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer got back, in base currency.",
        ),
        sa.Column(
            "subtotal_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Lines refunded with tax, in order currency.",
        ),
        sa.Column(
            "base_subtotal_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Lines refunded with tax, in base currency.",
        ),
        sa.Column(
            "shipping_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping refunded with tax, in order currency.",
        ),
        sa.Column(
            "base_shipping_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping refunded with tax, in base currency.",
        ),
        sa.Column(
            "shipping_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax on shipping refunded, in order currency.",
        ),
        sa.Column(
            "base_shipping_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax on shipping refunded, in base currency.",
        ),
        sa.Column(
            "hidden_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax compensation of discounts on prices with tax, in order currency.",
        ),
        sa.Column(
            "base_hidden_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax compensation of discounts on prices with tax, in base currency.",
        ),
        sa.Column(
            "adjustment_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded beyond the lines less what was kept back, in order currency.",
        ),
        sa.Column(
            "base_adjustment_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded beyond the lines less what was kept back, in base currency.",
        ),
        sa.Column(
            "adjustment_positive_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded beyond the lines, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_adjustment_positive_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded beyond the lines, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "adjustment_negative_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Kept back, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_adjustment_negative_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Kept back, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "source_created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store made it (UTC). NULL where the store has no date.",
        ),
        sa.Column(
            "source_updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store last changed it (UTC). NULL: the store keeps none.",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it first reached the warehouse.",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its content last changed in the warehouse.",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was found gone from the store. NULL: it is there.",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that last changed it.",
        ),
        sa.Column(
            "row_hash",
            sa.BigInteger(),
            nullable=True,
            comment="Fingerprint of the content, to tell changed rows from equal ones.",
        ),
        sa.PrimaryKeyConstraint("credit_memo_key", name=op.f("credit_memos_pkey")),
        schema="crm",
        comment="One row per credit memo: money given back for an order.",
    )
    op.create_index(
        op.f("credit_memos_order_key_idx"), "credit_memos", ["order_key"], unique=False, schema="crm"
    )
    op.create_index(
        op.f("credit_memos_source_created_at_idx"),
        "credit_memos",
        ["source_created_at"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "credit_memos_history",
        sa.Column(
            "credit_memo_key", sa.Text(collation="C"), nullable=False, comment="Key of crm.credit_memos."
        ),
        sa.Column(
            "valid_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Since when these values were known.",
        ),
        sa.Column(
            "valid_to", sa.DateTime(timezone=True), nullable=False, comment="When they were superseded."
        ),
        sa.Column("state", sa.Text(), nullable=True, comment="open, refunded or canceled."),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that superseded them.",
        ),
        sa.PrimaryKeyConstraint("credit_memo_key", "valid_to", name=op.f("credit_memos_history_pkey")),
        schema="crm",
        comment="One row per superseded version of a row of crm.credit_memos; only tracked columns.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("credit_memos_history", schema="crm")
    op.drop_index(op.f("credit_memos_source_created_at_idx"), table_name="credit_memos", schema="crm")
    op.drop_index(op.f("credit_memos_order_key_idx"), table_name="credit_memos", schema="crm")
    op.drop_table("credit_memos", schema="crm")
    op.drop_index(op.f("credit_memo_items_credit_memo_key_idx"), table_name="credit_memo_items", schema="crm")
    op.drop_table("credit_memo_items", schema="crm")
    op.drop_index(
        op.f("credit_memo_comments_credit_memo_key_idx"), table_name="credit_memo_comments", schema="crm"
    )
    op.drop_table("credit_memo_comments", schema="crm")
