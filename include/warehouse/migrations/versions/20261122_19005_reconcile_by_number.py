"""Say what a range without bounds is, of entities whose list says no ids.

Revision ID: 20261122_19005
Revises: 20261122_1900
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_19005"
down_revision = "20261122_1900"
branch_labels = None
depends_on = None

RANGE = "Ids up to this belong to the range."
RANGE_OR_ALL = "Ids up to this belong to the range; 0: all records, of a list that says no ids."


def upgrade() -> None:
    """Make the change."""
    _comment(RANGE_OR_ALL, instead_of=RANGE)


def downgrade() -> None:
    """Take this revision back."""
    _comment(RANGE, instead_of=RANGE_OR_ALL)


def _comment(comment: str, *, instead_of: str) -> None:
    op.alter_column(
        "reconciliations",
        "id_high",
        existing_type=sa.BigInteger(),
        existing_nullable=False,
        existing_comment=instead_of,
        comment=comment,
        schema="ops",
    )
