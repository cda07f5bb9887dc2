"""remember settings and store views.

Revision ID: 20261122_1570
Revises: 20261122_1569
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_1570"
down_revision = "20261122_1569"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "channels",
        sa.Column(
            "websites_by_store_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Website by store view, as the store last reported them. NULL: not asked yet.",
        ),
        schema="ops",
    )
    op.add_column(
        "frontiers",
        sa.Column(
            "settings_json",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="The channel's settings that the loaded data goes by: first day, websites, guests. NULL: not loaded.",
        ),
        schema="ops",
    )
    op.add_column(
        "windows",
        sa.Column(
            "beyond_json",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
            comment="Settings under which the rest was loaded: only what they left out is read. NULL: everything.",
        ),
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("windows", "beyond_json", schema="ops")
    op.drop_column("frontiers", "settings_json", schema="ops")
    op.drop_column("channels", "websites_by_store_json", schema="ops")
