"""index the outbox as a queue.

Revision ID: 20261123_02015
Revises: 20261123_0201
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_02015"
down_revision = "20261123_0201"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index(
        "outbox_queue_idx",
        "outbox",
        ["channel_code", "outbox_id"],
        unique=False,
        schema="crm",
        postgresql_where=sa.text("state in ('pending', 'unknown')"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        "outbox_queue_idx",
        table_name="outbox",
        schema="crm",
        postgresql_where=sa.text("state in ('pending', 'unknown')"),
    )
