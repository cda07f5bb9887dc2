"""count the requests that went out for a change, so that the ceiling of a day is one of requests.

Revision ID: 20261123_0352
Revises: 20261123_0351
"""

import sqlalchemy as sa
from alembic import op

from include.warehouse.schema import INSTANT

revision = "20261123_0352"
down_revision = "20261123_0351"
branch_labels = None
depends_on = None

_LAST = "When a request for it may have reached the store for the last time. NULL: it surely never did."
_COUNT = "How many requests went out for it, counted against the ceiling of a day."


def upgrade() -> None:
    """Make the change."""
    op.add_column("outbox", sa.Column("last_sent_at", INSTANT, nullable=True, comment=_LAST), schema="crm")
    op.add_column(
        "outbox",
        sa.Column("request_count", sa.BigInteger(), server_default="0", nullable=False, comment=_COUNT),
        schema="crm",
    )
    op.execute("update crm.outbox set last_sent_at = sent_at, request_count = 1 where sent_at is not null")
    op.drop_index("outbox_sent_idx", table_name="outbox", schema="crm")
    op.create_index(
        "outbox_last_sent_idx",
        "outbox",
        ["channel_code", "last_sent_at"],
        unique=False,
        schema="crm",
        postgresql_where=sa.text("last_sent_at is not null"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("outbox_last_sent_idx", table_name="outbox", schema="crm")
    op.create_index(
        "outbox_sent_idx",
        "outbox",
        ["channel_code", "sent_at"],
        unique=False,
        schema="crm",
        postgresql_where=sa.text("sent_at is not null"),
    )
    op.drop_column("outbox", "request_count", schema="crm")
    op.drop_column("outbox", "last_sent_at", schema="crm")
