"""create deliveries.

Revision ID: 20261122_21531
Revises: 20261122_2151
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_21531"
down_revision = "20261122_2151"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "deliveries",
        sa.Column(
            "delivery_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the delivery.",
        ),
        sa.Column("segment_name", sa.Text(), nullable=False, comment="The segment."),
        sa.Column(
            "destination", sa.Text(), nullable=False, comment="Id of the Airflow connection it went through."
        ),
        sa.Column("file_name", sa.Text(), nullable=False, comment="Name of the file, here and there."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="Checksum of the file, hexadecimal."),
        sa.Column("byte_count", sa.BigInteger(), nullable=False, comment="Size of the file, in bytes."),
        sa.Column(
            "exported_at", sa.DateTime(timezone=True), nullable=False, comment="When the export made it."
        ),
        sa.Column(
            "delivered_at", sa.DateTime(timezone=True), nullable=False, comment="When it had arrived whole."
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("deliveries_pkey")),
        schema="marketing",
        comment="One row per file that arrived at a destination beyond the export folder.",
    )
    op.create_index(
        "deliveries_once_idx",
        "deliveries",
        ["destination", "file_name", "sha256"],
        unique=True,
        schema="marketing",
    )
    op.create_index(
        "deliveries_segment_idx",
        "deliveries",
        ["segment_name", "delivered_at"],
        unique=False,
        schema="marketing",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("deliveries_segment_idx", table_name="deliveries", schema="marketing")
    op.drop_index("deliveries_once_idx", table_name="deliveries", schema="marketing")
    op.drop_table("deliveries", schema="marketing")
