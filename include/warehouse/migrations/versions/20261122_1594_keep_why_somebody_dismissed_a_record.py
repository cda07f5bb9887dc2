"""keep why somebody dismissed a record.

Revision ID: 20261122_1594
Revises: 20261122_1593
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_1594"
down_revision = "20261122_1593"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "quarantine",
        sa.Column(
            "resolution_reason",
            sa.Text(),
            nullable=True,
            comment="Why somebody dismissed it, in their words. NULL: nobody did.",
        ),
        schema="ops",
    )
    op.alter_column(
        "windows",
        "kind",
        existing_type=sa.TEXT(),
        comment="initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep, gone, waiting, recheck or replay.",
        existing_comment="initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep or gone.",
        existing_nullable=False,
        schema="ops",
    )
    op.alter_column(
        "windows",
        "ids",
        existing_type=postgresql.ARRAY(sa.BIGINT()),
        comment="The ids asked for; of a recheck the numbers of quarantine entries, of a replay those of the windows whose raw copies are read. NULL: not a window of single ids.",
        existing_comment="The ids asked for. NULL: not a window of single ids.",
        existing_nullable=True,
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.alter_column(
        "windows",
        "ids",
        existing_type=postgresql.ARRAY(sa.BIGINT()),
        comment="The ids asked for. NULL: not a window of single ids.",
        existing_comment="The ids asked for; of a recheck the numbers of quarantine entries, of a replay those of the windows whose raw copies are read. NULL: not a window of single ids.",
        existing_nullable=True,
        schema="ops",
    )
    op.alter_column(
        "windows",
        "kind",
        existing_type=sa.TEXT(),
        comment="initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep or gone.",
        existing_comment="initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep, gone, waiting, recheck or replay.",
        existing_nullable=False,
        schema="ops",
    )
    op.drop_column("quarantine", "resolution_reason", schema="ops")
