"""create invoices.

Revision ID: 20261122_1561
Revises: 20261122_1560
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1561"
down_revision = "20261122_1560"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "invoice_comments",
        sa.Column(
            "invoice_comment_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:invoice_comment_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "invoice_key", sa.Text(collation="C"), nullable=True, comment="The invoice. Key of crm.invoices."
        ),
        sa.Column(
            "invoice_comment_id", sa.BigInteger(), nullable=True, comment="Magento's id of the comment."
        ),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True, comment="Magento's id of the invoice."),
        sa.Column("comment_text", sa.Text(), nullable=True, comment="The comment; may hold HTML."),
        sa.Column(
            "is_customer_notified", sa.Boolean(), nullable=True, comment="Whether the buyer was told by mail."
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
        sa.PrimaryKeyConstraint("invoice_comment_key", name=op.f("invoice_comments_pkey")),
        schema="crm",
        comment="One row per comment on an invoice.",
    )
    op.create_index(
        op.f("invoice_comments_invoice_key_idx"),
        "invoice_comments",
        ["invoice_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "invoice_items",
        sa.Column(
            "invoice_item_key", sa.Text(collation="C"), nullable=False, comment="<channel>:invoice_item_id."
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "invoice_key", sa.Text(collation="C"), nullable=True, comment="The invoice. Key of crm.invoices."
        ),
        sa.Column(
            "order_item_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The order line billed. Key of crm.order_items.",
        ),
        sa.Column(
            "product_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The product. NULL once it was deleted. Key of crm.products.",
        ),
        sa.Column("invoice_item_id", sa.BigInteger(), nullable=True, comment="Magento's id of the line."),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True, comment="Magento's id of the invoice."),
        sa.Column("order_item_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order line."),
        sa.Column(
            "product_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the product. NULL once it was deleted.",
        ),
        sa.Column("sku", sa.Text(), nullable=True, comment="Article number."),
        sa.Column("product_name", sa.Text(), nullable=True, comment="Name at the time of the order."),
        sa.Column("invoiced_qty", sa.Numeric(precision=20, scale=4), nullable=True, comment="Pieces billed."),
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
            "row_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, in order currency. NULL: a line without a price of its own.",
        ),
        sa.Column(
            "base_row_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, in base currency. NULL: a line without a price of its own.",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax of the line, in order currency. NULL: none.",
        ),
        sa.Column(
            "base_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax of the line, in base currency. NULL: none.",
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
        sa.PrimaryKeyConstraint("invoice_item_key", name=op.f("invoice_items_pkey")),
        schema="crm",
        comment="One row per line of an invoice. Lines of bundles and configurable products come with their child lines.",
    )
    op.create_index(
        op.f("invoice_items_invoice_key_idx"), "invoice_items", ["invoice_key"], unique=False, schema="crm"
    )
    op.create_table(
        "invoices",
        sa.Column("invoice_key", sa.Text(collation="C"), nullable=False, comment="<channel>:invoice_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "order_key", sa.Text(collation="C"), nullable=True, comment="The order billed. Key of crm.orders."
        ),
        sa.Column(
            "store_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Store view. NULL once it was deleted, and where the store gives headers only. Key of crm.stores.",
        ),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True, comment="Magento's id of the invoice."),
        sa.Column("invoice_number", sa.Text(), nullable=True, comment="Number people see."),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order."),
        sa.Column(
            "store_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the store view. NULL where the store gives headers only.",
        ),
        sa.Column("state", sa.Text(), nullable=True, comment="open (not paid yet), paid or canceled."),
        sa.Column(
            "order_currency_code",
            sa.Text(),
            nullable=True,
            comment="Currency of the amounts without prefix, ISO 4217.",
        ),
        sa.Column(
            "base_currency_code",
            sa.Text(),
            nullable=True,
            comment="Currency of the base_ amounts, ISO 4217. NULL where the store gives headers only.",
        ),
        sa.Column(
            "store_currency_code",
            sa.Text(),
            nullable=True,
            comment="Default currency of the store view, ISO 4217. NULL where the store gives headers only.",
        ),
        sa.Column(
            "global_currency_code",
            sa.Text(),
            nullable=True,
            comment="Currency of the whole installation, ISO 4217. NULL where the store gives headers only.",
        ),
        sa.Column(
            "base_to_order_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="Order currency per base unit. NULL where the store gives headers only.",
        ),
        sa.Column(
            "base_to_global_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="Global currency per base unit, at the time of the order. NULL where the store gives headers only.",
        ),
        sa.Column(
            "subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Lines billed, before tax and discount, in order currency. NULL where the store gives headers only.",
        ),
        sa.Column(
            "base_subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Lines billed, before tax and discount, in base currency. NULL where the store gives headers only.",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount of the lines billed, zero or negative, in order currency. NULL where the store gives headers only.",
        ),
        sa.Column(
            "base_discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount of the lines billed, zero or negative, in base currency. NULL where the store gives headers only.",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax billed, in order currency. NULL where the store gives headers only.",
        ),
        sa.Column(
            "base_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax billed, in base currency. NULL where the store gives headers only.",
        ),
        sa.Column(
            "shipping_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping billed, before tax, in order currency. NULL where the store gives headers only.",
        ),
        sa.Column(
            "base_shipping_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping billed, before tax, in base currency. NULL where the store gives headers only.",
        ),
        sa.Column(
            "grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer has to pay, in order currency. In base currency NULL where only headers come.",
        ),
        sa.Column(
            "base_grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer has to pay, in base currency. In base currency NULL where only headers come.",
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
        sa.PrimaryKeyConstraint("invoice_key", name=op.f("invoices_pkey")),
        schema="crm",
        comment="One row per invoice: what was billed of an order, once or in parts.",
    )
    op.create_index(op.f("invoices_order_key_idx"), "invoices", ["order_key"], unique=False, schema="crm")
    op.create_index(
        op.f("invoices_source_created_at_idx"), "invoices", ["source_created_at"], unique=False, schema="crm"
    )
    op.create_table(
        "invoices_history",
        sa.Column("invoice_key", sa.Text(collation="C"), nullable=False, comment="Key of crm.invoices."),
        sa.Column(
            "valid_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Since when these values were known.",
        ),
        sa.Column(
            "valid_to", sa.DateTime(timezone=True), nullable=False, comment="When they were superseded."
        ),
        sa.Column("state", sa.Text(), nullable=True, comment="open (not paid yet), paid or canceled."),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that superseded them.",
        ),
        sa.PrimaryKeyConstraint("invoice_key", "valid_to", name=op.f("invoices_history_pkey")),
        schema="crm",
        comment="One row per superseded version of a row of crm.invoices; only tracked columns.",
    )
    op.add_column(
        "credit_memos",
        sa.Column(
            "invoice_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The invoice refunded. NULL: refunded by hand, not through the payment gateway. Key of crm.invoices.",
        ),
        schema="crm",
    )
    op.add_column(
        "credit_memos",
        sa.Column(
            "invoice_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the invoice. NULL: refunded by hand, not through the payment gateway.",
        ),
        schema="crm",
    )
    op.add_column(
        "windows",
        sa.Column(
            "is_partial",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Records came without what a call adds that the store does not answer; what the warehouse had of it was kept.",
        ),
        schema="ops",
    )
    op.add_column(
        "windows",
        sa.Column(
            "remarks",
            sa.Text(),
            nullable=True,
            comment="What the store could not give, in sentences. NULL: nothing was missing.",
        ),
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("windows", "remarks", schema="ops")
    op.drop_column("windows", "is_partial", schema="ops")
    op.drop_column("credit_memos", "invoice_id", schema="crm")
    op.drop_column("credit_memos", "invoice_key", schema="crm")
    op.drop_table("invoices_history", schema="crm")
    op.drop_index(op.f("invoices_source_created_at_idx"), table_name="invoices", schema="crm")
    op.drop_index(op.f("invoices_order_key_idx"), table_name="invoices", schema="crm")
    op.drop_table("invoices", schema="crm")
    op.drop_index(op.f("invoice_items_invoice_key_idx"), table_name="invoice_items", schema="crm")
    op.drop_table("invoice_items", schema="crm")
    op.drop_index(op.f("invoice_comments_invoice_key_idx"), table_name="invoice_comments", schema="crm")
    op.drop_table("invoice_comments", schema="crm")
