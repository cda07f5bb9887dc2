"""skip and compare windows.

Revision ID: 20261122_1562
Revises: 20261122_1561
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_1562"
down_revision = "20261122_1561"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "windows",
        sa.Column(
            "is_dry_run",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Loaded and rolled back, to tell what would change; it ends as compared.",
        ),
        schema="ops",
    )
    op.add_column(
        "windows",
        sa.Column(
            "changes_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Of a dry run, per table: keys of the first 100 rows that would change, how, and in which columns; never values.",
        ),
        schema="ops",
    )
    op.alter_column(
        "windows",
        "state",
        existing_type=sa.TEXT(),
        comment="planned, extracted, validated, done, failed, superseded, compared (a dry run's end) or skipped (the store cannot deliver the entity).",
        existing_comment="planned, extracted, validated, done, failed or superseded.",
        existing_nullable=False,
        schema="ops",
    )
    op.alter_column(
        "windows",
        "error",
        existing_type=sa.TEXT(),
        comment="One sentence, why it failed or is skipped. NULL otherwise.",
        existing_comment="One sentence; NULL unless failed.",
        existing_nullable=True,
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.alter_column(
        "windows",
        "error",
        existing_type=sa.TEXT(),
        comment="One sentence; NULL unless failed.",
        existing_comment="One sentence, why it failed or is skipped. NULL otherwise.",
        existing_nullable=True,
        schema="ops",
    )
    op.alter_column(
        "windows",
        "state",
        existing_type=sa.TEXT(),
        comment="planned, extracted, validated, done, failed or superseded.",
        existing_comment="planned, extracted, validated, done, failed, superseded, compared (a dry run's end) or skipped (the store cannot deliver the entity).",
        existing_nullable=False,
        schema="ops",
    )
    op.drop_column("windows", "changes_json", schema="ops")
    op.drop_column("windows", "is_dry_run", schema="ops")
