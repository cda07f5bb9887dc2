"""name windows of probes.

Revision ID: 20261122_1595
Revises: 20261122_1594
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1595"
down_revision = "20261122_1594"
branch_labels = None
depends_on = None

BEFORE = "initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep, gone, waiting, recheck or replay."
AFTER = "initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep, gone, waiting, recheck, replay or probe."


def upgrade() -> None:
    """Make the change."""
    op.alter_column(
        "windows", "kind", existing_type=sa.Text(), comment=AFTER, existing_comment=BEFORE, schema="ops"
    )


def downgrade() -> None:
    """Take the change back."""
    op.alter_column(
        "windows", "kind", existing_type=sa.Text(), comment=BEFORE, existing_comment=AFTER, schema="ops"
    )
