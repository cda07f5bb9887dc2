"""note shared roots.

Revision ID: 20261122_1569
Revises: 20261122_1564
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1569"
down_revision = "20261122_1564"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "shared_roots",
        sa.Column("purpose", sa.Text(), nullable=False, comment="What is in the folder: staging."),
        sa.Column(
            "root_id",
            sa.Text(),
            nullable=False,
            comment="Number in the folder's own file, to tell it from namesakes.",
        ),
        sa.Column(
            "noted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When a run first met it.",
        ),
        sa.PrimaryKeyConstraint("purpose", name=op.f("shared_roots_pkey")),
        schema="ops",
        comment="One row per folder that all workers must share.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("shared_roots", schema="ops")
