"""create orders.

Revision ID: 20261122_1230
Revises: 20261122_1220
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1230"
down_revision = "20261122_1220"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "order_addresses",
        sa.Column(
            "order_address_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:order_id:address_type.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "order_key", sa.Text(collation="C"), nullable=True, comment="The order. Key of crm.orders."
        ),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order."),
        sa.Column("address_type", sa.Text(), nullable=True, comment="billing or shipping."),
        sa.Column("order_address_id", sa.BigInteger(), nullable=True, comment="Magento's id of the address."),
        sa.Column("name_prefix", sa.Text(), nullable=True, comment="Title before the name."),
        sa.Column("first_name", sa.Text(), nullable=True, comment="First name."),
        sa.Column("middle_name", sa.Text(), nullable=True, comment="Middle name."),
        sa.Column("last_name", sa.Text(), nullable=True, comment="Last name."),
        sa.Column("name_suffix", sa.Text(), nullable=True, comment="Title behind the name."),
        sa.Column("company", sa.Text(), nullable=True, comment="Company."),
        sa.Column(
            "street", sa.Text(), nullable=True, comment="Street; up to four lines, parted by line breaks."
        ),
        sa.Column("city", sa.Text(), nullable=True, comment="City."),
        sa.Column(
            "region",
            sa.Text(),
            nullable=True,
            comment="State or province as text. NULL where none was given.",
        ),
        sa.Column(
            "region_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the state or province. NULL for countries without a list.",
        ),
        sa.Column("postcode", sa.Text(), nullable=True, comment="Postal code."),
        sa.Column("country_code", sa.Text(), nullable=True, comment="Country, ISO 3166 two letters."),
        sa.Column("telephone", sa.Text(), nullable=True, comment="Telephone as entered."),
        sa.Column("fax", sa.Text(), nullable=True, comment="Fax as entered."),
        sa.Column(
            "email",
            sa.Text(),
            nullable=True,
            comment="E-mail of the address. NULL where the store does not send it.",
        ),
        sa.Column(
            "tax_number", sa.Text(), nullable=True, comment="VAT number of this address. NULL where none."
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
        sa.PrimaryKeyConstraint("order_address_key", name=op.f("order_addresses_pkey")),
        schema="crm",
        comment="One row per order and kind of address: billing, and shipping unless nothing is shipped.",
    )
    op.create_index(
        op.f("order_addresses_order_key_idx"), "order_addresses", ["order_key"], unique=False, schema="crm"
    )
    op.create_table(
        "order_comments",
        sa.Column(
            "order_comment_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:order_id:comment_number.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "order_key", sa.Text(collation="C"), nullable=True, comment="The order. Key of crm.orders."
        ),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order."),
        sa.Column(
            "comment_number", sa.BigInteger(), nullable=True, comment="Place in the history, 1 is the oldest."
        ),
        sa.Column(
            "order_comment_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the entry. NULL when read without the bridge.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Status of the order after the entry. NULL where the entry did not set one.",
        ),
        sa.Column(
            "is_customer_notified",
            sa.Boolean(),
            nullable=True,
            comment="Whether the buyer was told by mail. NULL: not applicable or not recorded.",
        ),
        sa.Column(
            "comment_text", sa.Text(), nullable=True, comment="The comment; may hold HTML. NULL: no comment."
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
        sa.PrimaryKeyConstraint("order_comment_key", name=op.f("order_comments_pkey")),
        schema="crm",
        comment="One row per entry of an order's status history; those with a text are its comments.",
    )
    op.create_index(
        op.f("order_comments_order_key_idx"), "order_comments", ["order_key"], unique=False, schema="crm"
    )
    op.create_table(
        "order_items",
        sa.Column(
            "order_item_key", sa.Text(collation="C"), nullable=False, comment="<channel>:order_item_id."
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "order_key", sa.Text(collation="C"), nullable=True, comment="The order. Key of crm.orders."
        ),
        sa.Column(
            "parent_item_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The bundle or configurable line this one belongs to. NULL: it stands for itself. Key of crm.order_items.",
        ),
        sa.Column(
            "product_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The product. NULL once it was deleted. Key of crm.products.",
        ),
        sa.Column("order_item_id", sa.BigInteger(), nullable=True, comment="Magento's id of the line."),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order."),
        sa.Column(
            "parent_item_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the parent line. NULL: the line stands for itself.",
        ),
        sa.Column(
            "cart_item_id", sa.BigInteger(), nullable=True, comment="Magento's id of the line in the cart."
        ),
        sa.Column(
            "product_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the product. NULL once it was deleted.",
        ),
        sa.Column(
            "product_type",
            sa.Text(),
            nullable=True,
            comment="simple, configurable, bundle, grouped, virtual, downloadable, ...",
        ),
        sa.Column(
            "sku",
            sa.Text(),
            nullable=True,
            comment="Article number; of a configurable line the chosen variant's.",
        ),
        sa.Column("product_name", sa.Text(), nullable=True, comment="Name at the time of the order."),
        sa.Column(
            "product_options",
            sa.Text(),
            nullable=True,
            comment="Choices made by the buyer, in PHP's serialisation, as sent.",
        ),
        sa.Column("is_virtual", sa.Boolean(), nullable=True, comment="Whether nothing has to be shipped."),
        sa.Column("is_free_shipping", sa.Boolean(), nullable=True, comment="Whether it ships free."),
        sa.Column(
            "is_qty_decimal",
            sa.Boolean(),
            nullable=True,
            comment="Whether it is sold by measure instead of by piece.",
        ),
        sa.Column(
            "is_excluded_from_discount", sa.Boolean(), nullable=True, comment="Whether discounts pass it by."
        ),
        sa.Column(
            "applied_rule_ids",
            sa.Text(),
            nullable=True,
            comment="Ids of the price rules applied, joined by commas. NULL: none.",
        ),
        sa.Column("ordered_qty", sa.Numeric(precision=20, scale=4), nullable=True, comment="Pieces ordered."),
        sa.Column(
            "invoiced_qty",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Pieces invoiced so far.",
        ),
        sa.Column(
            "shipped_qty", sa.Numeric(precision=20, scale=4), nullable=True, comment="Pieces shipped so far."
        ),
        sa.Column(
            "refunded_qty",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Pieces refunded so far.",
        ),
        sa.Column(
            "canceled_qty", sa.Numeric(precision=20, scale=4), nullable=True, comment="Pieces cancelled."
        ),
        sa.Column(
            "weight",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Weight of one piece in the store's unit. NULL: none.",
        ),
        sa.Column(
            "row_weight",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Weight of the line in the store's unit. NULL: none.",
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
            "original_price_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price of one piece before price rules, in order currency.",
        ),
        sa.Column(
            "base_original_price_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price of one piece before price rules, in base currency.",
        ),
        sa.Column(
            "row_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, before tax and discount, in order currency.",
        ),
        sa.Column(
            "base_row_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, before tax and discount, in base currency.",
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
            comment="Discount of the line, zero or positive, in order currency.",
        ),
        sa.Column(
            "base_discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount of the line, zero or positive, in base currency.",
        ),
        sa.Column(
            "row_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Invoiced so far, in order currency.",
        ),
        sa.Column(
            "base_row_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Invoiced so far, in base currency.",
        ),
        sa.Column(
            "tax_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax invoiced so far, in order currency.",
        ),
        sa.Column(
            "base_tax_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax invoiced so far, in base currency.",
        ),
        sa.Column(
            "discount_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount invoiced so far, in order currency.",
        ),
        sa.Column(
            "base_discount_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount invoiced so far, in base currency.",
        ),
        sa.Column(
            "refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded so far, in order currency.",
        ),
        sa.Column(
            "base_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded so far, in base currency.",
        ),
        sa.Column(
            "weee_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Waste-disposal charge of the line, in order currency.",
        ),
        sa.Column(
            "base_weee_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Waste-disposal charge of the line, in base currency.",
        ),
        sa.Column("tax_pct", sa.Numeric(precision=12, scale=4), nullable=True, comment="Tax rate, 0 to 100."),
        sa.Column(
            "discount_pct",
            sa.Numeric(precision=12, scale=4),
            nullable=True,
            comment="Discount rate, 0 to 100.",
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
        sa.PrimaryKeyConstraint("order_item_key", name=op.f("order_items_pkey")),
        schema="crm",
        comment="One row per order line. Bundles and configurable products have a parent line and child lines: count money and pieces where parent_item_key is NULL.",
    )
    op.create_index(
        op.f("order_items_order_key_idx"), "order_items", ["order_key"], unique=False, schema="crm"
    )
    op.create_table(
        "order_payments",
        sa.Column("order_payment_key", sa.Text(collation="C"), nullable=False, comment="<channel>:order_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "order_key", sa.Text(collation="C"), nullable=True, comment="The order. Key of crm.orders."
        ),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order."),
        sa.Column(
            "payment_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the payment. NULL when read with the bridge.",
        ),
        sa.Column(
            "payment_method",
            sa.Text(),
            nullable=True,
            comment="Code of the method, e.g. checkmo, banktransfer.",
        ),
        sa.Column(
            "purchase_order_number",
            sa.Text(),
            nullable=True,
            comment="The buyer's own order number. NULL: none.",
        ),
        sa.Column("card_type", sa.Text(), nullable=True, comment="Kind of card. NULL: none."),
        sa.Column(
            "card_last4", sa.Text(), nullable=True, comment="Last four digits of the card. NULL: none."
        ),
        sa.Column(
            "last_transaction_number",
            sa.Text(),
            nullable=True,
            comment="Number of the last transaction at the gateway. NULL: none.",
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
            "ordered_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="To be paid, in order currency.",
        ),
        sa.Column(
            "base_ordered_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="To be paid, in base currency.",
        ),
        sa.Column(
            "paid_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Paid, in order currency. NULL: nothing recorded.",
        ),
        sa.Column(
            "base_paid_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Paid, in base currency. NULL: nothing recorded.",
        ),
        sa.Column(
            "refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded, in order currency. NULL: nothing recorded.",
        ),
        sa.Column(
            "base_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded, in base currency. NULL: nothing recorded.",
        ),
        sa.Column(
            "canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Cancelled, in order currency. NULL: nothing recorded.",
        ),
        sa.Column(
            "base_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Cancelled, in base currency. NULL: nothing recorded.",
        ),
        sa.Column(
            "shipping_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping, in order currency.",
        ),
        sa.Column(
            "base_shipping_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping, in base currency.",
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
        sa.PrimaryKeyConstraint("order_payment_key", name=op.f("order_payments_pkey")),
        schema="crm",
        comment="One row per order: how it is paid.",
    )
    op.create_table(
        "orders",
        sa.Column("order_key", sa.Text(collation="C"), nullable=False, comment="<channel>:order_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "store_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Store view. NULL once it was deleted. Key of crm.stores.",
        ),
        sa.Column(
            "customer_group_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Price group. Key of crm.customer_groups.",
        ),
        sa.Column(
            "cart_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The cart it came from. Key of crm.carts.",
        ),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order."),
        sa.Column(
            "order_number",
            sa.Text(),
            nullable=True,
            comment="Number people see; may hold letters and a -1 suffix.",
        ),
        sa.Column(
            "customer_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The buyer: a registered customer or a guest. NULL where the order has neither id nor e-mail.",
        ),
        sa.Column(
            "customer_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the registered buyer. NULL for guests and deleted customers.",
        ),
        sa.Column(
            "is_guest",
            sa.Boolean(),
            nullable=True,
            comment="Whether the order has no registered customer (any more).",
        ),
        sa.Column(
            "store_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the store view. NULL once the view was deleted.",
        ),
        sa.Column(
            "store_name",
            sa.Text(),
            nullable=True,
            comment="Website, store and view at the time of the order, a line each.",
        ),
        sa.Column(
            "cart_id", sa.BigInteger(), nullable=True, comment="Magento's id of the cart the order came from."
        ),
        sa.Column(
            "state",
            sa.Text(),
            nullable=True,
            comment="Magento's processing state, e.g. new, processing, complete, closed, canceled.",
        ),
        sa.Column(
            "status", sa.Text(), nullable=True, comment="The shop's own name of a step within the state."
        ),
        sa.Column("is_virtual", sa.Boolean(), nullable=True, comment="Whether nothing has to be shipped."),
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
            "store_to_base_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="As the store sends it.",
        ),
        sa.Column(
            "store_to_order_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="As the store sends it.",
        ),
        sa.Column(
            "subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Sum of the lines without a parent line, before tax and discount, in order currency.",
        ),
        sa.Column(
            "base_subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Sum of the lines without a parent line, before tax and discount, in base currency.",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount of the whole order, zero or negative, in order currency.",
        ),
        sa.Column(
            "base_discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount of the whole order, zero or negative, in base currency.",
        ),
        sa.Column(
            "tax_amount", sa.Numeric(precision=20, scale=4), nullable=True, comment="Tax, in order currency."
        ),
        sa.Column(
            "base_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax, in base currency.",
        ),
        sa.Column(
            "shipping_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping before tax, in order currency.",
        ),
        sa.Column(
            "base_shipping_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping before tax, in base currency.",
        ),
        sa.Column(
            "grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer owes for the whole order, in order currency.",
        ),
        sa.Column(
            "base_grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer owes for the whole order, in base currency.",
        ),
        sa.Column(
            "subtotal_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal with tax, in order currency. NULL where the store does not keep it.",
        ),
        sa.Column(
            "base_subtotal_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal with tax, in base currency. NULL where the store does not keep it.",
        ),
        sa.Column(
            "shipping_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping with tax, in order currency. NULL where the store does not keep it.",
        ),
        sa.Column(
            "base_shipping_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping with tax, in base currency. NULL where the store does not keep it.",
        ),
        sa.Column(
            "shipping_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax on shipping, in order currency.",
        ),
        sa.Column(
            "base_shipping_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax on shipping, in base currency.",
        ),
        sa.Column(
            "shipping_discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount on shipping, zero or positive, in order currency.",
        ),
        sa.Column(
            "base_shipping_discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount on shipping, zero or positive, in base currency.",
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
            "total_due_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Still to be paid, in order currency. NULL where nothing is.",
        ),
        sa.Column(
            "base_total_due_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Still to be paid, in base currency. NULL where nothing is.",
        ),
        sa.Column(
            "total_paid_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Paid so far, in order currency. NULL: nothing yet.",
        ),
        sa.Column(
            "base_total_paid_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Paid so far, in base currency. NULL: nothing yet.",
        ),
        sa.Column(
            "total_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Invoiced so far, in order currency. NULL: nothing yet.",
        ),
        sa.Column(
            "base_total_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Invoiced so far, in base currency. NULL: nothing yet.",
        ),
        sa.Column(
            "subtotal_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal invoiced so far, in order currency. NULL: nothing yet.",
        ),
        sa.Column(
            "base_subtotal_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal invoiced so far, in base currency. NULL: nothing yet.",
        ),
        sa.Column(
            "tax_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax invoiced so far, in order currency. NULL: nothing yet.",
        ),
        sa.Column(
            "base_tax_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax invoiced so far, in base currency. NULL: nothing yet.",
        ),
        sa.Column(
            "shipping_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping invoiced so far, in order currency. NULL: nothing yet.",
        ),
        sa.Column(
            "base_shipping_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping invoiced so far, in base currency. NULL: nothing yet.",
        ),
        sa.Column(
            "discount_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount invoiced so far, negative, in order currency. NULL: nothing yet.",
        ),
        sa.Column(
            "base_discount_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount invoiced so far, negative, in base currency. NULL: nothing yet.",
        ),
        sa.Column(
            "hidden_tax_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Hidden tax invoiced so far, in order currency. NULL: nothing yet.",
        ),
        sa.Column(
            "base_hidden_tax_invoiced_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Hidden tax invoiced so far, in base currency. NULL: nothing yet.",
        ),
        sa.Column(
            "total_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Cancelled, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_total_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Cancelled, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "subtotal_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal cancelled, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_subtotal_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal cancelled, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "tax_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax cancelled, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_tax_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax cancelled, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "shipping_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping cancelled, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_shipping_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping cancelled, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "discount_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount cancelled, positive, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_discount_canceled_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount cancelled, positive, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "total_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded so far, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_total_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded so far, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "total_offline_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded outside the payment gateway, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_total_offline_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded outside the payment gateway, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "subtotal_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal refunded, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_subtotal_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal refunded, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "tax_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax refunded, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_tax_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax refunded, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "shipping_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping refunded, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_shipping_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Shipping refunded, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "shipping_tax_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax on shipping refunded, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_shipping_tax_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax on shipping refunded, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "discount_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount refunded, negative, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_discount_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount refunded, negative, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "hidden_tax_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Hidden tax refunded, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_hidden_tax_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Hidden tax refunded, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "adjustment_positive_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded beyond the lines, in order currency. NULL: no refund.",
        ),
        sa.Column(
            "base_adjustment_positive_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded beyond the lines, in base currency. NULL: no refund.",
        ),
        sa.Column(
            "adjustment_negative_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Kept back from refunds, in order currency. NULL: no refund.",
        ),
        sa.Column(
            "base_adjustment_negative_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Kept back from refunds, in base currency. NULL: no refund.",
        ),
        sa.Column(
            "ordered_qty",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Pieces ordered, parent lines counted once.",
        ),
        sa.Column("item_count", sa.BigInteger(), nullable=True, comment="Lines without a parent line."),
        sa.Column(
            "weight",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Weight of the order in the store's unit.",
        ),
        sa.Column(
            "customer_email",
            sa.Text(),
            nullable=True,
            comment="E-mail given with the order. NULL where none.",
        ),
        sa.Column(
            "customer_email_normalised",
            sa.Text(),
            nullable=True,
            comment="That address trimmed and in lower case, to compare by. NULL where there is none.",
        ),
        sa.Column("customer_prefix", sa.Text(), nullable=True, comment="Title before the buyer's name."),
        sa.Column(
            "customer_first_name",
            sa.Text(),
            nullable=True,
            comment="Buyer's first name. NULL for most guests.",
        ),
        sa.Column("customer_middle_name", sa.Text(), nullable=True, comment="Buyer's middle name."),
        sa.Column(
            "customer_last_name", sa.Text(), nullable=True, comment="Buyer's last name. NULL for most guests."
        ),
        sa.Column("customer_suffix", sa.Text(), nullable=True, comment="Title behind the buyer's name."),
        sa.Column(
            "customer_birth_date",
            sa.Date(),
            nullable=True,
            comment="Buyer's day of birth as given with the order.",
        ),
        sa.Column(
            "customer_gender_code",
            sa.BigInteger(),
            nullable=True,
            comment="1 male, 2 female, as given with the order.",
        ),
        sa.Column(
            "customer_tax_number", sa.Text(), nullable=True, comment="VAT number given with the order."
        ),
        sa.Column(
            "customer_group_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the price group the order was made in.",
        ),
        sa.Column(
            "remote_ip",
            sa.Text(),
            nullable=True,
            comment="Address the order came from. NULL for orders made by the shop.",
        ),
        sa.Column("customer_note", sa.Text(), nullable=True, comment="What the buyer wrote with the order."),
        sa.Column(
            "is_customer_note_notified",
            sa.Boolean(),
            nullable=True,
            comment="Whether the note was mailed. NULL: no note.",
        ),
        sa.Column("coupon_code", sa.Text(), nullable=True, comment="Coupon used. NULL: none."),
        sa.Column(
            "discount_description",
            sa.Text(),
            nullable=True,
            comment="Name of the discount shown to the buyer. NULL: none.",
        ),
        sa.Column(
            "applied_rule_ids",
            sa.Text(),
            nullable=True,
            comment="Ids of the price rules applied, joined by commas. NULL: none.",
        ),
        sa.Column(
            "shipping_method", sa.Text(), nullable=True, comment="Carrier and method. NULL: nothing to ship."
        ),
        sa.Column(
            "shipping_description",
            sa.Text(),
            nullable=True,
            comment="Name of the shipping method shown to the buyer.",
        ),
        sa.Column(
            "gift_message_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the gift message. NULL: none.",
        ),
        sa.Column("gift_message", sa.Text(), nullable=True, comment="Text of the gift message. NULL: none."),
        sa.Column(
            "hold_before_state",
            sa.Text(),
            nullable=True,
            comment="State to return to when the hold ends. NULL: not held.",
        ),
        sa.Column(
            "hold_before_status",
            sa.Text(),
            nullable=True,
            comment="Status to return to when the hold ends. NULL: not held.",
        ),
        sa.Column(
            "replaces_order_id",
            sa.BigInteger(),
            nullable=True,
            comment="Order this one was edited from. NULL: none.",
        ),
        sa.Column(
            "replaced_by_order_id",
            sa.BigInteger(),
            nullable=True,
            comment="Order this one was edited into. NULL: none.",
        ),
        sa.Column(
            "original_order_number",
            sa.Text(),
            nullable=True,
            comment="Number of the first of a row of edited orders. NULL: never edited.",
        ),
        sa.Column(
            "edit_count",
            sa.BigInteger(),
            nullable=True,
            comment="How often the order was edited before. NULL: never.",
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
        sa.PrimaryKeyConstraint("order_key", name=op.f("orders_pkey")),
        schema="crm",
        comment="One row per order.",
    )
    op.create_index(op.f("orders_customer_key_idx"), "orders", ["customer_key"], unique=False, schema="crm")
    op.create_index(
        op.f("orders_source_created_at_idx"), "orders", ["source_created_at"], unique=False, schema="crm"
    )
    op.create_table(
        "orders_history",
        sa.Column("order_key", sa.Text(collation="C"), nullable=False, comment="Key of crm.orders."),
        sa.Column(
            "valid_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Since when these values were known.",
        ),
        sa.Column(
            "valid_to", sa.DateTime(timezone=True), nullable=False, comment="When they were superseded."
        ),
        sa.Column(
            "state",
            sa.Text(),
            nullable=True,
            comment="Magento's processing state, e.g. new, processing, complete, closed, canceled.",
        ),
        sa.Column(
            "status", sa.Text(), nullable=True, comment="The shop's own name of a step within the state."
        ),
        sa.Column(
            "grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer owes for the whole order, in order currency.",
        ),
        sa.Column(
            "base_grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer owes for the whole order, in base currency.",
        ),
        sa.Column(
            "total_paid_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Paid so far, in order currency. NULL: nothing yet.",
        ),
        sa.Column(
            "base_total_paid_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Paid so far, in base currency. NULL: nothing yet.",
        ),
        sa.Column(
            "total_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded so far, in order currency. NULL: nothing.",
        ),
        sa.Column(
            "base_total_refunded_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Refunded so far, in base currency. NULL: nothing.",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that superseded them.",
        ),
        sa.PrimaryKeyConstraint("order_key", "valid_to", name=op.f("orders_history_pkey")),
        schema="crm",
        comment="One row per superseded version of a row of crm.orders; only tracked columns.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("orders_history", schema="crm")
    op.drop_index(op.f("orders_source_created_at_idx"), table_name="orders", schema="crm")
    op.drop_index(op.f("orders_customer_key_idx"), table_name="orders", schema="crm")
    op.drop_table("orders", schema="crm")
    op.drop_table("order_payments", schema="crm")
    op.drop_index(op.f("order_items_order_key_idx"), table_name="order_items", schema="crm")
    op.drop_table("order_items", schema="crm")
    op.drop_index(op.f("order_comments_order_key_idx"), table_name="order_comments", schema="crm")
    op.drop_table("order_comments", schema="crm")
    op.drop_index(op.f("order_addresses_order_key_idx"), table_name="order_addresses", schema="crm")
    op.drop_table("order_addresses", schema="crm")
