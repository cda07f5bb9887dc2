"""create notices.

Revision ID: 20261122_1560
Revises: 20261122_1530
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1560"
down_revision = "20261122_1530"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "notices",
        sa.Column(
            "notice_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the notice.",
        ),
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="What it is about: sync_orders, stale:<channel>:<entity>.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=True, comment="The channel. NULL: several, or none."),
        sa.Column("entity", sa.Text(), nullable=True, comment="The entity. NULL: several, or none."),
        sa.Column("sentence", sa.Text(), nullable=False, comment="What was wrong and what to do."),
        sa.Column(
            "sentence_hash",
            sa.Text(),
            nullable=False,
            comment="Fingerprint of the sentence without its figures: a count that grows is no news.",
        ),
        sa.Column(
            "first_told_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When people were first told.",
        ),
        sa.Column(
            "last_told_at", sa.DateTime(timezone=True), nullable=False, comment="When people were last told."
        ),
        sa.Column("told_count", sa.BigInteger(), nullable=False, comment="How often people were told."),
        sa.Column(
            "resolved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was found to be over. NULL: not known to be.",
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("notices_pkey")),
        schema="ops",
        comment="One row per thing that people were told by mail or webhook, while it lasted.",
    )
    op.create_index(
        "notices_open_idx",
        "notices",
        ["subject", "sentence_hash"],
        unique=True,
        schema="ops",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        "notices_open_idx",
        table_name="notices",
        schema="ops",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_table("notices", schema="ops")
