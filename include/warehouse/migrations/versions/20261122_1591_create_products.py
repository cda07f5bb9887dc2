"""create products.

Revision ID: 20261122_1591
Revises: 20261122_1590
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1591"
down_revision = "20261122_1590"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "product_categories",
        sa.Column(
            "product_category_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:product_id:category_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "product_key", sa.Text(collation="C"), nullable=True, comment="The product. Key of crm.products."
        ),
        sa.Column(
            "category_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="A category it is shown in. Key of crm.categories.",
        ),
        sa.Column("product_id", sa.BigInteger(), nullable=True, comment="Magento's id of the product."),
        sa.Column("category_id", sa.BigInteger(), nullable=True, comment="Magento's id of the category."),
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
        sa.PrimaryKeyConstraint("product_category_key", name=op.f("product_categories_pkey")),
        schema="crm",
        comment="One row per product and category it is assigned to; categories above that one are not listed.",
    )
    op.create_index(
        op.f("product_categories_category_key_idx"),
        "product_categories",
        ["category_key"],
        unique=False,
        schema="crm",
    )
    op.create_index(
        op.f("product_categories_product_key_idx"),
        "product_categories",
        ["product_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "product_websites",
        sa.Column(
            "product_website_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:product_id:website_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "product_key", sa.Text(collation="C"), nullable=True, comment="The product. Key of crm.products."
        ),
        sa.Column(
            "website_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="A website that sells it. Key of crm.websites.",
        ),
        sa.Column("product_id", sa.BigInteger(), nullable=True, comment="Magento's id of the product."),
        sa.Column("website_id", sa.BigInteger(), nullable=True, comment="Magento's id of the website."),
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
        sa.PrimaryKeyConstraint("product_website_key", name=op.f("product_websites_pkey")),
        schema="crm",
        comment="One row per product and website it is sold on.",
    )
    op.create_index(
        op.f("product_websites_product_key_idx"),
        "product_websites",
        ["product_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "products",
        sa.Column("product_key", sa.Text(collation="C"), nullable=False, comment="<channel>:product_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column("product_id", sa.BigInteger(), nullable=True, comment="Magento's id of the product."),
        sa.Column("sku", sa.Text(), nullable=True, comment="Article number. NULL where the shop gave none."),
        sa.Column("product_name", sa.Text(), nullable=True, comment="Name in the default store view."),
        sa.Column(
            "product_type",
            sa.Text(),
            nullable=True,
            comment="simple, configurable, bundle, grouped, virtual, downloadable, ...",
        ),
        sa.Column(
            "attribute_set_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the set of attributes it has.",
        ),
        sa.Column("status", sa.Text(), nullable=True, comment="enabled or disabled."),
        sa.Column(
            "visibility",
            sa.Text(),
            nullable=True,
            comment="Where shoppers find it: not_visible, catalog, search or catalog_search.",
        ),
        sa.Column(
            "has_options", sa.Boolean(), nullable=True, comment="Whether the buyer has to choose something."
        ),
        sa.Column(
            "weight",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Weight of one piece in the store's unit. NULL: none.",
        ),
        sa.Column("tax_class_id", sa.BigInteger(), nullable=True, comment="Magento's id of the tax class."),
        sa.Column(
            "currency_code",
            sa.Text(),
            nullable=True,
            comment="Currency of the amounts: that of the whole installation, ISO 4217.",
        ),
        sa.Column(
            "price_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Regular price of one piece, as entered, for all websites without one of their own. NULL: it follows from the parts.",
        ),
        sa.Column(
            "special_price_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Reduced price. NULL: none.",
        ),
        sa.Column(
            "special_price_pct",
            sa.Numeric(precision=12, scale=4),
            nullable=True,
            comment="Reduced price of a bundle in percent of the regular one, 0 to 100. NULL: none, or no bundle.",
        ),
        sa.Column(
            "special_from_date",
            sa.Date(),
            nullable=True,
            comment="First day of the reduced price, in the store's zone. NULL: at once.",
        ),
        sa.Column(
            "special_to_date",
            sa.Date(),
            nullable=True,
            comment="Last day of the reduced price, in the store's zone. NULL: until changed.",
        ),
        sa.Column(
            "url_slug",
            sa.Text(),
            nullable=True,
            comment="The product's part of its address in the shop. NULL where not set.",
        ),
        sa.Column(
            "url_path",
            sa.Text(),
            nullable=True,
            comment="Address below the shop's own. NULL where not made yet.",
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
        sa.PrimaryKeyConstraint("product_key", name=op.f("products_pkey")),
        schema="crm",
        comment="One row per product, variants of configurable products among them.",
    )
    op.create_index(op.f("products_sku_idx"), "products", ["sku"], unique=False, schema="crm")


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("products_sku_idx"), table_name="products", schema="crm")
    op.drop_table("products", schema="crm")
    op.drop_index(op.f("product_websites_product_key_idx"), table_name="product_websites", schema="crm")
    op.drop_table("product_websites", schema="crm")
    op.drop_index(op.f("product_categories_product_key_idx"), table_name="product_categories", schema="crm")
    op.drop_index(op.f("product_categories_category_key_idx"), table_name="product_categories", schema="crm")
    op.drop_table("product_categories", schema="crm")
