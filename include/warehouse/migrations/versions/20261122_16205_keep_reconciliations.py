"""keep reconciliations.

Revision ID: 20261122_16205
Revises: 20261122_1620
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_16205"
down_revision = "20261122_1620"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "reconciliations",
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel."),
        sa.Column("entity", sa.Text(), nullable=False, comment="The entity."),
        sa.Column("id_low", sa.BigInteger(), nullable=False, comment="Ids above this belong to the range."),
        sa.Column("id_high", sa.BigInteger(), nullable=False, comment="Ids up to this belong to the range."),
        sa.Column(
            "store_count",
            sa.BigInteger(),
            nullable=False,
            comment="Records the store lists of the channel's websites.",
        ),
        sa.Column(
            "outside_count",
            sa.BigInteger(),
            nullable=False,
            comment="Records the store lists of other websites; not in store_count.",
        ),
        sa.Column(
            "too_old_count",
            sa.BigInteger(),
            nullable=False,
            comment="Records of store_count made before sync_start_date, which the warehouse rightly lacks.",
        ),
        sa.Column(
            "waiting_count",
            sa.BigInteger(),
            nullable=False,
            comment="Records that wait in quarantine; the warehouse may hold an older version of them.",
        ),
        sa.Column(
            "warehouse_count",
            sa.BigInteger(),
            nullable=False,
            comment="Rows of the warehouse, those marked deleted left out.",
        ),
        sa.Column(
            "missing_count",
            sa.BigInteger(),
            nullable=False,
            comment="Records the store lists, the warehouse lacks, and nothing explains.",
        ),
        sa.Column(
            "missing_ids",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=False,
            comment="Their ids, the first 100.",
        ),
        sa.Column(
            "extra_count", sa.BigInteger(), nullable=False, comment="Rows that the store does not list."
        ),
        sa.Column(
            "extra_ids",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=False,
            comment="Their ids, the first 100.",
        ),
        sa.Column(
            "differing_count",
            sa.BigInteger(),
            nullable=False,
            comment="Rows whose date of change or parent is another in the store's list.",
        ),
        sa.Column(
            "differing_ids",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=False,
            comment="Their ids, the first 100.",
        ),
        sa.Column(
            "left_count",
            sa.BigInteger(),
            nullable=False,
            comment="Differences still there after they were read again by id; extra rows wait for the sweep.",
        ),
        sa.Column("run_id", sa.Text(), nullable=False, comment="The run that compared."),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False, comment="When (our clock)."),
        sa.PrimaryKeyConstraint("channel_code", "entity", "id_low", name=op.f("reconciliations_pkey")),
        schema="ops",
        comment="One row per channel, entity and range of ids: the store's list against the warehouse, as last compared.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("reconciliations", schema="ops")
