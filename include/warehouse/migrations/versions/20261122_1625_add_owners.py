"""add owners.

Revision ID: 20261122_1625
Revises: 20261122_1621
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1625"
down_revision = "20261122_1621"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "carts",
        sa.Column(
            "owner_name",
            sa.Text(),
            nullable=True,
            comment="Who looks after it: the channel's default_owner when it arrived, or the first there was. NULL: nobody.",
        ),
        schema="crm",
    )
    op.add_column(
        "customers",
        sa.Column(
            "owner_name",
            sa.Text(),
            nullable=True,
            comment="Who looks after it: the channel's default_owner when it arrived, or the first there was. NULL: nobody.",
        ),
        schema="crm",
    )
    op.add_column(
        "orders",
        sa.Column(
            "owner_name",
            sa.Text(),
            nullable=True,
            comment="Who looks after it: the channel's default_owner when it arrived, or the first there was. NULL: nobody.",
        ),
        schema="crm",
    )
    op.alter_column(
        "channels",
        "default_owner",
        existing_type=sa.TEXT(),
        comment="Owner of what arrives through it. NULL: none.",
        existing_comment="Owner of its new accounts and contacts. NULL: none.",
        existing_nullable=True,
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.alter_column(
        "channels",
        "default_owner",
        existing_type=sa.TEXT(),
        comment="Owner of its new accounts and contacts. NULL: none.",
        existing_comment="Owner of what arrives through it. NULL: none.",
        existing_nullable=True,
        schema="ops",
    )
    op.drop_column("orders", "owner_name", schema="crm")
    op.drop_column("customers", "owner_name", schema="crm")
    op.drop_column("carts", "owner_name", schema="crm")
