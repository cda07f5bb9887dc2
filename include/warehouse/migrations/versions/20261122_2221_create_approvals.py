"""create approvals.

Revision ID: 20261122_2221
Revises: 20261122_2220
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2221"
down_revision = "20261122_2220"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "approvals",
        sa.Column(
            "approval_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the question.",
        ),
        sa.Column("segment_name", sa.Text(), nullable=False, comment="The segment that was held back."),
        sa.Column(
            "member_count",
            sa.BigInteger(),
            nullable=False,
            comment="Its members, when it was last held back.",
        ),
        sa.Column(
            "minimum_count",
            sa.BigInteger(),
            nullable=False,
            comment="How many members were expected at least.",
        ),
        sa.Column(
            "maximum_count",
            sa.BigInteger(),
            nullable=False,
            comment="How many members were expected at most.",
        ),
        sa.Column(
            "held_at", sa.DateTime(timezone=True), nullable=False, comment="When it was first held back."
        ),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was decided. NULL: it waits for an answer.",
        ),
        sa.Column(
            "decision",
            sa.Text(),
            nullable=True,
            comment="approved: it may go; rejected: it may not; unanswered: nobody answered, it was not sent. NULL: it waits for an answer.",
        ),
        sa.Column(
            "decided_by",
            sa.Text(),
            nullable=True,
            comment="Name of the Airflow account that answered. NULL: nobody did.",
        ),
        sa.CheckConstraint(
            "decision IN ('approved', 'rejected', 'unanswered')", name="approvals_decision_check"
        ),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="approvals_decided_check"),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("approvals_pkey")),
        schema="marketing",
        comment="One row per question whether a segment of an unexpected size may be exported.",
    )
    op.create_index(
        "approvals_open_idx",
        "approvals",
        ["segment_name"],
        unique=True,
        schema="marketing",
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_index(
        "approvals_segment_idx", "approvals", ["segment_name", "decided_at"], unique=False, schema="marketing"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("approvals_segment_idx", table_name="approvals", schema="marketing")
    op.drop_index(
        "approvals_open_idx",
        table_name="approvals",
        schema="marketing",
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.drop_table("approvals", schema="marketing")
