"""keep rfm categories.

Revision ID: 20261122_2150
Revises: 20261122_2020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_2150"
down_revision = "20261122_2020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "channels",
        sa.Column(
            "rfm_categories_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Its rfm.categories: bounds of recency, frequency and monetary value. NULL: the default.",
        ),
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("channels", "rfm_categories_json", schema="ops")
