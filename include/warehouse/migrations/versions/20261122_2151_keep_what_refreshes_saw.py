"""keep what refreshes saw.

Revision ID: 20261122_2151
Revises: 20261122_21506
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2151"
down_revision = "20261122_21506"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "refreshes",
        sa.Column(
            "read_snapshot",
            sa.Text(),
            nullable=True,
            comment="Which transactions the last refresh saw, a pg_snapshot. NULL: refreshed before this was kept.",
        ),
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("refreshes", "read_snapshot", schema="ops")
