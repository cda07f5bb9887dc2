"""remember requests without an answer.

Revision ID: 20261123_0341
Revises: 20261123_0321
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0341"
down_revision = "20261123_0321"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "outbox",
        sa.Column(
            "unanswered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a request for it went out, or was given up: it may be at work in the store for max_execution_minutes after that, and the record is left alone. NULL: all were answered.",
        ),
        schema="crm",
    )
    op.create_index(
        "outbox_unanswered_idx",
        "outbox",
        ["channel_code", "record_key", "unanswered_at"],
        unique=False,
        schema="crm",
        postgresql_where=sa.text("unanswered_at is not null"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        "outbox_unanswered_idx",
        table_name="outbox",
        schema="crm",
        postgresql_where=sa.text("unanswered_at is not null"),
    )
    op.drop_column("outbox", "unanswered_at", schema="crm")
