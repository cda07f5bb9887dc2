"""index stays by their beginning.

Revision ID: 20261122_2259
Revises: 20261122_2221
"""

from alembic import op

revision = "20261122_2259"
down_revision = "20261122_2221"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index(
        op.f("segment_members_segment_name_entered_at_idx"),
        "segment_members",
        ["segment_name", "entered_at"],
        unique=False,
        schema="marketing",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        op.f("segment_members_segment_name_entered_at_idx"),
        table_name="segment_members",
        schema="marketing",
    )
