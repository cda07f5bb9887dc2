"""create price_rules.

Revision ID: 20261123_0200
Revises: 20261123_01691
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_0200"
down_revision = "20261123_01691"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "coupons",
        sa.Column("coupon_key", sa.Text(collation="C"), nullable=False, comment="<channel>:coupon_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "price_rule_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The rule it belongs to. Key of crm.price_rules.",
        ),
        sa.Column("coupon_id", sa.BigInteger(), nullable=True, comment="Magento's id of the coupon."),
        sa.Column("price_rule_id", sa.BigInteger(), nullable=True, comment="Magento's id of the rule."),
        sa.Column("coupon_code", sa.Text(), nullable=True, comment="What the buyer enters."),
        sa.Column(
            "usage_limit_count",
            sa.BigInteger(),
            nullable=True,
            comment="How often it may be used. NULL or 0: without limit.",
        ),
        sa.Column(
            "usage_per_customer_count",
            sa.BigInteger(),
            nullable=True,
            comment="How often a customer may use it. NULL or 0: without limit.",
        ),
        sa.Column("times_used_count", sa.BigInteger(), nullable=True, comment="How often it was used."),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it stops to hold (UTC). NULL: with its rule.",
        ),
        sa.Column(
            "is_primary",
            sa.Boolean(),
            nullable=True,
            comment="Whether it is the one code of a rule that has one. NULL: a generated one.",
        ),
        sa.Column(
            "is_generated",
            sa.Boolean(),
            nullable=True,
            comment="Whether it was made by the shop's generator.",
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
        sa.PrimaryKeyConstraint("coupon_key", name=op.f("coupons_pkey")),
        schema="crm",
        comment="One row per coupon of a cart price rule.",
    )
    op.create_index(op.f("coupons_coupon_code_idx"), "coupons", ["coupon_code"], unique=False, schema="crm")
    op.create_index(
        op.f("coupons_price_rule_key_idx"), "coupons", ["price_rule_key"], unique=False, schema="crm"
    )
    op.create_table(
        "price_rules",
        sa.Column(
            "price_rule_key", sa.Text(collation="C"), nullable=False, comment="<channel>:price_rule_id."
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column("price_rule_id", sa.BigInteger(), nullable=True, comment="Magento's id of the rule."),
        sa.Column("rule_name", sa.Text(), nullable=True, comment="Name of the rule inside the shop."),
        sa.Column(
            "rule_description",
            sa.Text(),
            nullable=True,
            comment="What the shop notes about it. NULL: nothing.",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            nullable=True,
            comment="Whether the rule is switched on; its dates may still keep it from working.",
        ),
        sa.Column(
            "from_date",
            sa.Date(),
            nullable=True,
            comment="First day it holds, in the store's zone. NULL: at once.",
        ),
        sa.Column(
            "to_date",
            sa.Date(),
            nullable=True,
            comment="Last day it holds, in the store's zone. NULL: without end.",
        ),
        sa.Column(
            "discount_action",
            sa.Text(),
            nullable=True,
            comment="by_percent, by_fixed (of each piece), cart_fixed (of the whole cart), buy_x_get_y.",
        ),
        sa.Column(
            "discount_value",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What the action takes off: percent, or an amount in base currency; of buy_x_get_y the pieces given.",
        ),
        sa.Column(
            "discount_step_qty",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Pieces that one discount takes; 0: any.",
        ),
        sa.Column(
            "coupon_type",
            sa.Text(),
            nullable=True,
            comment="none (holds without a coupon), specific (one code) or generated (many).",
        ),
        sa.Column("times_used_count", sa.BigInteger(), nullable=True, comment="How often it was used."),
        sa.Column(
            "uses_per_customer_count",
            sa.BigInteger(),
            nullable=True,
            comment="How often a customer may use it; 0: without limit.",
        ),
        sa.Column(
            "uses_per_coupon_count",
            sa.BigInteger(),
            nullable=True,
            comment="How often a coupon may be used; 0: without limit.",
        ),
        sa.Column(
            "sort_order",
            sa.BigInteger(),
            nullable=True,
            comment="Its turn among the rules, the lowest first.",
        ),
        sa.Column(
            "is_last",
            sa.Boolean(),
            nullable=True,
            comment="Whether rules behind it are left out once it has worked.",
        ),
        sa.Column(
            "is_applied_to_shipping",
            sa.Boolean(),
            nullable=True,
            comment="Whether shipping is discounted as well.",
        ),
        sa.Column(
            "website_ids_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Magento's ids of the websites it holds on, as a list.",
        ),
        sa.Column(
            "customer_group_ids_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Magento's ids of the price groups it holds for, as a list; 0 is not logged in.",
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
        sa.PrimaryKeyConstraint("price_rule_key", name=op.f("price_rules_pkey")),
        schema="crm",
        comment="One row per cart price rule: a discount the shop gives on carts that meet its conditions.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("price_rules", schema="crm")
    op.drop_index(op.f("coupons_price_rule_key_idx"), table_name="coupons", schema="crm")
    op.drop_index(op.f("coupons_coupon_code_idx"), table_name="coupons", schema="crm")
    op.drop_table("coupons", schema="crm")
