"""remember which channel replaces which.

Revision ID: 20261123_0201
Revises: 20261123_0200
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0201"
down_revision = "20261123_0200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "channels",
        sa.Column(
            "replaces_channel_code",
            sa.Text(),
            nullable=True,
            comment="Its replaces: the channel of the shop that this one takes over. NULL: none.",
        ),
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("channels", "replaces_channel_code", schema="ops")
