"""count attempts on over decisions, so that each of an entry has a number of its own.

Revision ID: 20261123_0701
Revises: 20261123_03525
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0701"
down_revision = "20261123_03525"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "outbox",
        sa.Column(
            "earlier_attempt_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="How many of them were before a person last decided about it: these no longer count against "
            "two_way.attempts.",
        ),
        schema="crm",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("outbox", "earlier_attempt_count", schema="crm")
