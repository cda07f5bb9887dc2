"""keep prices by hand and ways of refunds.

Revision ID: 20261122_1900
Revises: 20261122_1650
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1900"
down_revision = "20261122_1650"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "cart_items",
        sa.Column(
            "custom_price_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price of one piece that somebody of the shop has set by hand, in cart currency. NULL: none.",
        ),
        schema="crm",
    )
    op.add_column(
        "credit_memo_items",
        sa.Column(
            "product_description",
            sa.Text(),
            nullable=True,
            comment="Description, where the shop keeps one with the line.",
        ),
        schema="crm",
    )
    op.alter_column(
        "credit_memo_items",
        "row_total_amount",
        existing_type=sa.NUMERIC(precision=20, scale=4),
        comment="Price times pieces, in order currency. NULL or zero: another line of the product carries it.",
        existing_comment="Price times pieces, in order currency. NULL: a child line without a price of its own.",
        existing_nullable=True,
        schema="crm",
    )
    op.alter_column(
        "credit_memo_items",
        "base_row_total_amount",
        existing_type=sa.NUMERIC(precision=20, scale=4),
        comment="Price times pieces, in base currency. NULL or zero: another line of the product carries it.",
        existing_comment="Price times pieces, in base currency. NULL: a child line without a price of its own.",
        existing_nullable=True,
        schema="crm",
    )
    op.create_table_comment(
        "credit_memo_items",
        "One row per line of a credit memo; bundles and configurable products come with their child lines. Add up money over all of them, since either the parent or its children carry it, and pieces where the line in crm.order_items has no parent_item_key.",
        existing_comment="One row per line of a credit memo. Lines of bundles and configurable products come with their child lines.",
        schema="crm",
    )
    op.add_column(
        "credit_memos",
        sa.Column(
            "store_credit_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Part that became store credit, in order currency. NULL: none; only Magento Enterprise has it.",
        ),
        schema="crm",
    )
    op.add_column(
        "credit_memos",
        sa.Column(
            "base_store_credit_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Part that became store credit, in base currency. NULL: none; only Magento Enterprise has it.",
        ),
        schema="crm",
    )
    op.add_column(
        "credit_memos",
        sa.Column(
            "reward_point_count",
            sa.BigInteger(),
            nullable=True,
            comment="Reward points given back. NULL: none; only Magento Enterprise has them.",
        ),
        schema="crm",
    )
    op.add_column(
        "credit_memos",
        sa.Column(
            "is_email_sent",
            sa.Boolean(),
            nullable=True,
            comment="Whether it was mailed to the buyer. NULL: no, or not recorded.",
        ),
        schema="crm",
    )
    op.add_column(
        "credit_memos",
        sa.Column(
            "transaction_number",
            sa.Text(),
            nullable=True,
            comment="Number of the refund at the payment gateway. NULL: none, as of refunds by hand.",
        ),
        schema="crm",
    )
    op.alter_column(
        "invoice_items",
        "row_total_amount",
        existing_type=sa.NUMERIC(precision=20, scale=4),
        comment="Price times pieces, in order currency. NULL or zero: another line of the product carries it.",
        existing_comment="Price times pieces, in order currency. NULL: a line without a price of its own.",
        existing_nullable=True,
        schema="crm",
    )
    op.alter_column(
        "invoice_items",
        "base_row_total_amount",
        existing_type=sa.NUMERIC(precision=20, scale=4),
        comment="Price times pieces, in base currency. NULL or zero: another line of the product carries it.",
        existing_comment="Price times pieces, in base currency. NULL: a line without a price of its own.",
        existing_nullable=True,
        schema="crm",
    )
    op.create_table_comment(
        "invoice_items",
        "One row per line of an invoice; bundles and configurable products come with their child lines. Add up money over all of them, since either the parent or its children carry it, and pieces where the line in crm.order_items has no parent_item_key.",
        existing_comment="One row per line of an invoice. Lines of bundles and configurable products come with their child lines.",
        schema="crm",
    )
    op.create_table_comment(
        "shipment_items",
        "One row per line of a shipment; bundles and configurable products may come with their child lines: count pieces where the line in crm.order_items has no parent_item_key.",
        existing_comment="One row per line of a shipment. Lines of bundles and configurable products come with their child lines.",
        schema="crm",
    )


def downgrade() -> None:
    """Take the change back."""
    op.create_table_comment(
        "shipment_items",
        "One row per line of a shipment. Lines of bundles and configurable products come with their child lines.",
        existing_comment="One row per line of a shipment; bundles and configurable products may come with their child lines: count pieces where the line in crm.order_items has no parent_item_key.",
        schema="crm",
    )
    op.create_table_comment(
        "invoice_items",
        "One row per line of an invoice. Lines of bundles and configurable products come with their child lines.",
        existing_comment="One row per line of an invoice; bundles and configurable products come with their child lines. Add up money over all of them, since either the parent or its children carry it, and pieces where the line in crm.order_items has no parent_item_key.",
        schema="crm",
    )
    op.alter_column(
        "invoice_items",
        "base_row_total_amount",
        existing_type=sa.NUMERIC(precision=20, scale=4),
        comment="Price times pieces, in base currency. NULL: a line without a price of its own.",
        existing_comment="Price times pieces, in base currency. NULL or zero: another line of the product carries it.",
        existing_nullable=True,
        schema="crm",
    )
    op.alter_column(
        "invoice_items",
        "row_total_amount",
        existing_type=sa.NUMERIC(precision=20, scale=4),
        comment="Price times pieces, in order currency. NULL: a line without a price of its own.",
        existing_comment="Price times pieces, in order currency. NULL or zero: another line of the product carries it.",
        existing_nullable=True,
        schema="crm",
    )
    op.drop_column("credit_memos", "transaction_number", schema="crm")
    op.drop_column("credit_memos", "is_email_sent", schema="crm")
    op.drop_column("credit_memos", "reward_point_count", schema="crm")
    op.drop_column("credit_memos", "base_store_credit_amount", schema="crm")
    op.drop_column("credit_memos", "store_credit_amount", schema="crm")
    op.create_table_comment(
        "credit_memo_items",
        "One row per line of a credit memo. Lines of bundles and configurable products come with their child lines.",
        existing_comment="One row per line of a credit memo; bundles and configurable products come with their child lines. Add up money over all of them, since either the parent or its children carry it, and pieces where the line in crm.order_items has no parent_item_key.",
        schema="crm",
    )
    op.alter_column(
        "credit_memo_items",
        "base_row_total_amount",
        existing_type=sa.NUMERIC(precision=20, scale=4),
        comment="Price times pieces, in base currency. NULL: a child line without a price of its own.",
        existing_comment="Price times pieces, in base currency. NULL or zero: another line of the product carries it.",
        existing_nullable=True,
        schema="crm",
    )
    op.alter_column(
        "credit_memo_items",
        "row_total_amount",
        existing_type=sa.NUMERIC(precision=20, scale=4),
        comment="Price times pieces, in order currency. NULL: a child line without a price of its own.",
        existing_comment="Price times pieces, in order currency. NULL or zero: another line of the product carries it.",
        existing_nullable=True,
        schema="crm",
    )
    op.drop_column("credit_memo_items", "product_description", schema="crm")
    op.drop_column("cart_items", "custom_price_amount", schema="crm")
