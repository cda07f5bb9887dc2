"""Keep when carts were last open; of open carts that is known from what they hold.

Revision ID: 20261122_2215
Revises: 20261122_21532
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2215"
down_revision = "20261122_21532"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "carts",
        sa.Column(
            "last_open_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it last changed while its buyer could still buy it (UTC); "
            "history has each time before. NULL: bought or closed, or the store has no date.",
        ),
        schema="crm",
    )
    op.add_column(
        "carts_history",
        sa.Column(
            "last_open_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it last changed while its buyer could still buy it (UTC); "
            "history has each time before. NULL: bought or closed, or the store has no date.",
        ),
        schema="crm",
    )
    op.execute(
        """
        update crm.carts set last_open_at = coalesce(source_updated_at, source_created_at)
        where is_active is distinct from false and converted_at is null
        """
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("carts_history", "last_open_at", schema="crm")
    op.drop_column("carts", "last_open_at", schema="crm")
