"""create shipments.

Revision ID: 20261122_1564
Revises: 20261122_1563
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1564"
down_revision = "20261122_1563"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "shipment_comments",
        sa.Column(
            "shipment_comment_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:shipment_comment_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "shipment_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The shipment. Key of crm.shipments.",
        ),
        sa.Column(
            "shipment_comment_id", sa.BigInteger(), nullable=True, comment="Magento's id of the comment."
        ),
        sa.Column("shipment_number", sa.Text(), nullable=True, comment="Number of the shipment."),
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
        sa.PrimaryKeyConstraint("shipment_comment_key", name=op.f("shipment_comments_pkey")),
        schema="crm",
        comment="One row per comment on a shipment.",
    )
    op.create_index(
        op.f("shipment_comments_shipment_key_idx"),
        "shipment_comments",
        ["shipment_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "shipment_items",
        sa.Column(
            "shipment_item_key", sa.Text(collation="C"), nullable=False, comment="<channel>:shipment_item_id."
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "shipment_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The shipment. Key of crm.shipments.",
        ),
        sa.Column(
            "order_item_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The order line sent. Key of crm.order_items.",
        ),
        sa.Column(
            "product_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The product. NULL once it was deleted. Key of crm.products.",
        ),
        sa.Column("shipment_item_id", sa.BigInteger(), nullable=True, comment="Magento's id of the line."),
        sa.Column("shipment_number", sa.Text(), nullable=True, comment="Number of the shipment."),
        sa.Column("order_item_id", sa.BigInteger(), nullable=True, comment="Magento's id of the order line."),
        sa.Column(
            "product_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the product. NULL once it was deleted.",
        ),
        sa.Column("sku", sa.Text(), nullable=True, comment="Article number."),
        sa.Column("product_name", sa.Text(), nullable=True, comment="Name at the time of the order."),
        sa.Column("shipped_qty", sa.Numeric(precision=20, scale=4), nullable=True, comment="Pieces sent."),
        sa.Column(
            "weight",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Weight of one piece in the store's unit. NULL: none given.",
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
        sa.PrimaryKeyConstraint("shipment_item_key", name=op.f("shipment_items_pkey")),
        schema="crm",
        comment="One row per line of a shipment. Lines of bundles and configurable products come with their child lines.",
    )
    op.create_index(
        op.f("shipment_items_shipment_key_idx"),
        "shipment_items",
        ["shipment_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "shipment_tracks",
        sa.Column(
            "shipment_track_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:shipment_track_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "shipment_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The shipment. Key of crm.shipments.",
        ),
        sa.Column(
            "shipment_track_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the tracking number.",
        ),
        sa.Column("shipment_number", sa.Text(), nullable=True, comment="Number of the shipment."),
        sa.Column(
            "carrier_code",
            sa.Text(),
            nullable=True,
            comment="Code of the carrier; custom where it was typed by hand.",
        ),
        sa.Column(
            "carrier_title", sa.Text(), nullable=True, comment="Name of the carrier shown to the buyer."
        ),
        sa.Column("tracking_number", sa.Text(), nullable=True, comment="Number to follow the parcel by."),
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
        sa.PrimaryKeyConstraint("shipment_track_key", name=op.f("shipment_tracks_pkey")),
        schema="crm",
        comment="One row per tracking number of a shipment.",
    )
    op.create_index(
        op.f("shipment_tracks_shipment_key_idx"),
        "shipment_tracks",
        ["shipment_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "shipments",
        sa.Column(
            "shipment_key", sa.Text(collation="C"), nullable=False, comment="<channel>:shipment_number."
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "order_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The order sent. NULL where the store gives headers only. Key of crm.orders.",
        ),
        sa.Column(
            "store_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Store view. NULL once it was deleted, and where the store gives headers only. Key of crm.stores.",
        ),
        sa.Column(
            "shipment_number", sa.Text(), nullable=True, comment="Number people see; may hold letters."
        ),
        sa.Column(
            "shipment_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the shipment. NULL where the store gives headers only.",
        ),
        sa.Column(
            "order_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the order. NULL where the store gives headers only.",
        ),
        sa.Column(
            "store_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the store view. NULL where the store gives headers only.",
        ),
        sa.Column(
            "shipped_qty",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Pieces sent, parent lines counted once.",
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
        sa.PrimaryKeyConstraint("shipment_key", name=op.f("shipments_pkey")),
        schema="crm",
        comment="One row per shipment: what was sent of an order, at once or in parts.",
    )
    op.create_index(op.f("shipments_order_key_idx"), "shipments", ["order_key"], unique=False, schema="crm")
    op.create_index(
        op.f("shipments_source_created_at_idx"),
        "shipments",
        ["source_created_at"],
        unique=False,
        schema="crm",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("shipments_source_created_at_idx"), table_name="shipments", schema="crm")
    op.drop_index(op.f("shipments_order_key_idx"), table_name="shipments", schema="crm")
    op.drop_table("shipments", schema="crm")
    op.drop_index(op.f("shipment_tracks_shipment_key_idx"), table_name="shipment_tracks", schema="crm")
    op.drop_table("shipment_tracks", schema="crm")
    op.drop_index(op.f("shipment_items_shipment_key_idx"), table_name="shipment_items", schema="crm")
    op.drop_table("shipment_items", schema="crm")
    op.drop_index(op.f("shipment_comments_shipment_key_idx"), table_name="shipment_comments", schema="crm")
    op.drop_table("shipment_comments", schema="crm")
