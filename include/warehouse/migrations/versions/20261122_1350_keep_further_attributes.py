"""keep further attributes.

Revision ID: 20261122_1350
Revises: 20261122_1300
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_1350"
down_revision = "20261122_1300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "customer_addresses",
        sa.Column(
            "attributes_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Further attributes by name, each value as the store sends it. NULL where it sends none: the bridge does only with its setting enable_attributes.",
        ),
        schema="crm",
    )
    op.add_column(
        "customers",
        sa.Column(
            "attributes_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Further attributes by name, each value as the store sends it. NULL where it sends none: the bridge does only with its setting enable_attributes.",
        ),
        schema="crm",
    )
    op.add_column(
        "orders",
        sa.Column(
            "attributes_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Further attributes by name, each value as the store sends it. NULL where it sends none: the bridge does only with its setting enable_attributes.",
        ),
        schema="crm",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("orders", "attributes_json", schema="crm")
    op.drop_column("customers", "attributes_json", schema="crm")
    op.drop_column("customer_addresses", "attributes_json", schema="crm")
