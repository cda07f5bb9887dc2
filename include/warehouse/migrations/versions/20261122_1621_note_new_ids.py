"""note new ids.

Revision ID: 20261122_1621
Revises: 20261122_16205
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1621"
down_revision = "20261122_16205"
branch_labels = None
depends_on = None

BEFORE = (
    "initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep, gone, waiting, recheck, replay or "
    "probe."
)
AFTER = BEFORE.replace(" or probe.", ", probe or new.")


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "frontiers",
        sa.Column(
            "known_greatest_id",
            sa.BigInteger(),
            nullable=True,
            comment="Every id up to here is in a window, for entities whose new records may have no date. NULL: see "
            "initial_greatest_id.",
        ),
        schema="ops",
    )
    op.alter_column(
        "windows", "kind", existing_type=sa.Text(), comment=AFTER, existing_comment=BEFORE, schema="ops"
    )


def downgrade() -> None:
    """Take the change back."""
    op.alter_column(
        "windows", "kind", existing_type=sa.Text(), comment=BEFORE, existing_comment=AFTER, schema="ops"
    )
    op.drop_column("frontiers", "known_greatest_id", schema="ops")
