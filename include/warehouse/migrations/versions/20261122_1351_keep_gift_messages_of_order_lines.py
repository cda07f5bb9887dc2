"""keep gift messages of order lines.

Revision ID: 20261122_1351
Revises: 20261122_1350
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1351"
down_revision = "20261122_1350"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "order_items",
        sa.Column(
            "gift_message_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the line's own gift message. NULL: none.",
        ),
        schema="crm",
    )
    op.add_column(
        "order_items",
        sa.Column(
            "gift_message",
            sa.Text(),
            nullable=True,
            comment="Text of the line's own gift message. NULL: none.",
        ),
        schema="crm",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("order_items", "gift_message", schema="crm")
    op.drop_column("order_items", "gift_message_id", schema="crm")
