"""index carts by their last change.

Revision ID: 20261122_2020
Revises: 20261122_19005
"""

from alembic import op

revision = "20261122_2020"
down_revision = "20261122_19005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index(
        op.f("carts_source_updated_at_idx"), "carts", ["source_updated_at"], unique=False, schema="crm"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("carts_source_updated_at_idx"), table_name="carts", schema="crm")
