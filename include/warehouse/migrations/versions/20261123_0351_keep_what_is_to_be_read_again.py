"""keep what is to be read again after a change was sent.

Revision ID: 20261123_0351
Revises: 20261123_0341
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_0351"
down_revision = "20261123_0341"
branch_labels = None
depends_on = None

_COMMENT = "Records to be read again since the store was asked, each with entity and id. NULL: crm shows them as they are."


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "outbox",
        sa.Column("unread_json", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment=_COMMENT),
        schema="crm",
    )
    op.create_index(
        "outbox_unread_idx",
        "outbox",
        ["channel_code"],
        unique=False,
        schema="crm",
        postgresql_where=sa.text("unread_json is not null"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        "outbox_unread_idx",
        table_name="outbox",
        schema="crm",
        postgresql_where=sa.text("unread_json is not null"),
    )
    op.drop_column("outbox", "unread_json", schema="crm")
