"""create carts.

Revision ID: 20261122_1563
Revises: 20261122_1562
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_1563"
down_revision = "20261122_1562"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "cart_addresses",
        sa.Column(
            "cart_address_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:cart_id:address_type.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column("cart_key", sa.Text(collation="C"), nullable=True, comment="The cart. Key of crm.carts."),
        sa.Column(
            "customer_address_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The entry of the customer's address book it was taken from. NULL: typed anew. Key of crm.customer_addresses.",
        ),
        sa.Column("cart_id", sa.BigInteger(), nullable=True, comment="Magento's id of the cart."),
        sa.Column("address_type", sa.Text(), nullable=True, comment="billing or shipping."),
        sa.Column(
            "cart_address_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the address. NULL when read without the bridge.",
        ),
        sa.Column(
            "customer_address_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id in the customer's address book. NULL: typed anew.",
        ),
        sa.Column(
            "is_same_as_billing",
            sa.Boolean(),
            nullable=True,
            comment="Whether it was said to be the billing address.",
        ),
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
            "email", sa.Text(), nullable=True, comment="E-mail of the address. NULL where none was typed."
        ),
        sa.Column(
            "shipping_method",
            sa.Text(),
            nullable=True,
            comment="Code of the chosen way of shipping. NULL: none chosen.",
        ),
        sa.Column(
            "shipping_description",
            sa.Text(),
            nullable=True,
            comment="Its name for people. NULL: none chosen.",
        ),
        sa.Column("is_free_shipping", sa.Boolean(), nullable=True, comment="Whether it ships free."),
        sa.Column(
            "weight",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Weight of what is shipped here, in the store's unit.",
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
        sa.PrimaryKeyConstraint("cart_address_key", name=op.f("cart_addresses_pkey")),
        schema="crm",
        comment="One row per cart and kind of address; of a cart with several shipping addresses the first.",
    )
    op.create_index(
        op.f("cart_addresses_cart_key_idx"), "cart_addresses", ["cart_key"], unique=False, schema="crm"
    )
    op.create_table(
        "cart_items",
        sa.Column("cart_item_key", sa.Text(collation="C"), nullable=False, comment="<channel>:cart_item_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column("cart_key", sa.Text(collation="C"), nullable=True, comment="The cart. Key of crm.carts."),
        sa.Column(
            "parent_item_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The bundle or configurable line this one belongs to. NULL: it stands for itself. Key of crm.cart_items.",
        ),
        sa.Column(
            "product_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The product. NULL once it was deleted. Key of crm.products.",
        ),
        sa.Column("cart_item_id", sa.BigInteger(), nullable=True, comment="Magento's id of the line."),
        sa.Column("cart_id", sa.BigInteger(), nullable=True, comment="Magento's id of the cart."),
        sa.Column(
            "parent_item_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the parent line. NULL: the line stands for itself.",
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
        sa.Column("product_name", sa.Text(), nullable=True, comment="Name when it was put into the cart."),
        sa.Column(
            "product_description",
            sa.Text(),
            nullable=True,
            comment="Short description, where the shop keeps one with the line.",
        ),
        sa.Column(
            "product_url",
            sa.Text(),
            nullable=True,
            comment="Page of the product in the shop. NULL: it has none of its own.",
        ),
        sa.Column(
            "product_image_url", sa.Text(), nullable=True, comment="Picture of the product. NULL: none."
        ),
        sa.Column(
            "category_names_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Names of the product's categories, as a list. NULL: none sent.",
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
        sa.Column(
            "tax_class_id", sa.BigInteger(), nullable=True, comment="Magento's id of the product's tax class."
        ),
        sa.Column(
            "item_qty",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Pieces; of a child line, pieces for each piece of its parent.",
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
            "cart_currency_code",
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
            comment="Price of one piece, before tax, in cart currency.",
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
            comment="Price of one piece with tax, in cart currency. NULL: a line without a price of its own.",
        ),
        sa.Column(
            "base_price_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price of one piece with tax, in base currency. NULL: a line without a price of its own.",
        ),
        sa.Column(
            "row_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, before tax and discount, in cart currency.",
        ),
        sa.Column(
            "base_row_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, before tax and discount, in base currency.",
        ),
        sa.Column(
            "row_total_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, with tax, in cart currency. NULL: a line without a price of its own.",
        ),
        sa.Column(
            "base_row_total_incl_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Price times pieces, with tax, in base currency. NULL: a line without a price of its own.",
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Tax of the line, in cart currency.",
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
            comment="Discount of the line, zero or positive, in cart currency.",
        ),
        sa.Column(
            "base_discount_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Discount of the line, zero or positive, in base currency.",
        ),
        sa.Column(
            "weee_tax_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Waste-disposal charge of the line, in cart currency.",
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
            "gift_message_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the line's own gift message. NULL: none.",
        ),
        sa.Column(
            "gift_message",
            sa.Text(),
            nullable=True,
            comment="Text of the line's own gift message. NULL: none.",
        ),
        sa.Column(
            "is_removed",
            sa.Boolean(),
            sa.Computed("deleted_at IS NOT NULL", persisted=True),
            nullable=False,
            comment="Whether it is gone from its record: deleted_at says since when.",
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
        sa.PrimaryKeyConstraint("cart_item_key", name=op.f("cart_items_pkey")),
        schema="crm",
        comment="One row per line that is or was in a cart: count those that are not is_removed. Bundles and configurable products have a parent line and child lines: count money and pieces where parent_item_key is NULL.",
    )
    op.create_index(op.f("cart_items_cart_key_idx"), "cart_items", ["cart_key"], unique=False, schema="crm")
    op.create_table(
        "carts",
        sa.Column("cart_key", sa.Text(collation="C"), nullable=False, comment="<channel>:cart_id."),
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
        sa.Column("cart_id", sa.BigInteger(), nullable=True, comment="Magento's id of the cart (quote)."),
        sa.Column(
            "customer_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Whose it is: a registered customer or a guest. NULL as long as nobody has typed an e-mail.",
        ),
        sa.Column(
            "customer_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the registered customer. NULL for guests.",
        ),
        sa.Column(
            "is_guest", sa.Boolean(), nullable=True, comment="Whether the cart has no registered customer."
        ),
        sa.Column(
            "store_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the store view. NULL once the view was deleted.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="open, purchased (an order came of it), expired (inactive, or gone from the store), lost or converted_to_opportunity (set by the CRM side, until the store closes the cart).",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            nullable=True,
            comment="Whether the store still offers it to the buyer; not whether it is open: see status.",
        ),
        sa.Column("is_virtual", sa.Boolean(), nullable=True, comment="Whether nothing has to be shipped."),
        sa.Column(
            "is_multi_shipping",
            sa.Boolean(),
            nullable=True,
            comment="Whether it is sent to several addresses.",
        ),
        sa.Column(
            "checkout_method",
            sa.Text(),
            nullable=True,
            comment="guest, register, customer, ... NULL before the checkout.",
        ),
        sa.Column(
            "converted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store last made an order of it (UTC). NULL: never.",
        ),
        sa.Column(
            "reserved_order_number",
            sa.Text(),
            nullable=True,
            comment="Number its order has or will have. NULL before the checkout.",
        ),
        sa.Column(
            "edited_order_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the order that is edited in this cart. 0 or NULL: none.",
        ),
        sa.Column(
            "item_count", sa.BigInteger(), nullable=True, comment="Number of lines without a parent line."
        ),
        sa.Column(
            "items_qty",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Pieces in it, child lines not counted.",
        ),
        sa.Column(
            "cart_currency_code",
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
            "base_to_cart_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="Cart currency per base unit.",
        ),
        sa.Column(
            "base_to_global_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="Global currency per base unit, when the cart last changed.",
        ),
        sa.Column(
            "store_to_base_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="As the store sends it.",
        ),
        sa.Column(
            "store_to_cart_rate",
            sa.Numeric(precision=20, scale=8),
            nullable=True,
            comment="As the store sends it.",
        ),
        sa.Column(
            "subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Lines without a parent line, before tax and discount, in cart currency.",
        ),
        sa.Column(
            "base_subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Lines without a parent line, before tax and discount, in base currency.",
        ),
        sa.Column(
            "discounted_subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal less discounts, in cart currency.",
        ),
        sa.Column(
            "base_discounted_subtotal_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Subtotal less discounts, in base currency.",
        ),
        sa.Column(
            "grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer would owe, in cart currency.",
        ),
        sa.Column(
            "base_grand_total_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the buyer would owe, in base currency.",
        ),
        sa.Column(
            "customer_email", sa.Text(), nullable=True, comment="E-mail. NULL as long as none was typed."
        ),
        sa.Column(
            "customer_email_normalised",
            sa.Text(),
            nullable=True,
            comment="E-mail trimmed and in lower case, to compare by. NULL as long as none was typed.",
        ),
        sa.Column("customer_prefix", sa.Text(), nullable=True, comment="Title before the name."),
        sa.Column("customer_first_name", sa.Text(), nullable=True, comment="First name."),
        sa.Column("customer_middle_name", sa.Text(), nullable=True, comment="Middle name."),
        sa.Column("customer_last_name", sa.Text(), nullable=True, comment="Last name."),
        sa.Column("customer_suffix", sa.Text(), nullable=True, comment="Title behind the name."),
        sa.Column(
            "customer_birth_date", sa.Date(), nullable=True, comment="Date of birth. NULL where not given."
        ),
        sa.Column(
            "customer_gender_code",
            sa.BigInteger(),
            nullable=True,
            comment="As the store codes it, usually 1 or 2.",
        ),
        sa.Column(
            "customer_tax_number", sa.Text(), nullable=True, comment="VAT number. NULL where not given."
        ),
        sa.Column(
            "customer_group_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the price group; 0 is not logged in.",
        ),
        sa.Column("remote_ip", sa.Text(), nullable=True, comment="Address of the buyer's device."),
        sa.Column("customer_note", sa.Text(), nullable=True, comment="What the buyer wrote. NULL: nothing."),
        sa.Column(
            "is_customer_note_notified",
            sa.Boolean(),
            nullable=True,
            comment="Whether the note goes into the order's mail.",
        ),
        sa.Column(
            "payment_method",
            sa.Text(),
            nullable=True,
            comment="Code of the payment method, e.g. checkmo. NULL before one is chosen.",
        ),
        sa.Column("card_type", sa.Text(), nullable=True, comment="Kind of card. NULL: none."),
        sa.Column(
            "card_last4", sa.Text(), nullable=True, comment="Last four digits of the card. NULL: none."
        ),
        sa.Column("coupon_code", sa.Text(), nullable=True, comment="Coupon entered. NULL: none."),
        sa.Column(
            "applied_rule_ids",
            sa.Text(),
            nullable=True,
            comment="Ids of the price rules applied, joined by commas. NULL: none.",
        ),
        sa.Column(
            "gift_message_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the gift message. NULL: none.",
        ),
        sa.Column("gift_message", sa.Text(), nullable=True, comment="Text of the gift message. NULL: none."),
        sa.Column(
            "attributes_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Further attributes by name, each value as the store sends it. NULL where it sends none: the bridge does only with its setting enable_attributes.",
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
        sa.PrimaryKeyConstraint("cart_key", name=op.f("carts_pkey")),
        schema="crm",
        comment="One row per cart, bought ones included, that the store has or had.",
    )
    op.create_index(op.f("carts_customer_key_idx"), "carts", ["customer_key"], unique=False, schema="crm")
    op.create_index(
        op.f("carts_source_created_at_idx"), "carts", ["source_created_at"], unique=False, schema="crm"
    )
    op.create_table(
        "carts_history",
        sa.Column("cart_key", sa.Text(collation="C"), nullable=False, comment="Key of crm.carts."),
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
            "status",
            sa.Text(),
            nullable=True,
            comment="open, purchased (an order came of it), expired (inactive, or gone from the store), lost or converted_to_opportunity (set by the CRM side, until the store closes the cart).",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that superseded them.",
        ),
        sa.PrimaryKeyConstraint("cart_key", "valid_to", name=op.f("carts_history_pkey")),
        schema="crm",
        comment="One row per superseded version of a row of crm.carts; only tracked columns.",
    )
    op.create_index(op.f("orders_cart_key_idx"), "orders", ["cart_key"], unique=False, schema="crm")


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("orders_cart_key_idx"), table_name="orders", schema="crm")
    op.drop_table("carts_history", schema="crm")
    op.drop_index(op.f("carts_source_created_at_idx"), table_name="carts", schema="crm")
    op.drop_index(op.f("carts_customer_key_idx"), table_name="carts", schema="crm")
    op.drop_table("carts", schema="crm")
    op.drop_index(op.f("cart_items_cart_key_idx"), table_name="cart_items", schema="crm")
    op.drop_table("cart_items", schema="crm")
    op.drop_index(op.f("cart_addresses_cart_key_idx"), table_name="cart_addresses", schema="crm")
    op.drop_table("cart_addresses", schema="crm")
