"""note absent parents.

Revision ID: 20261122_1430
Revises: 20261122_1352
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_1430"
down_revision = "20261122_1352"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "absences",
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel."),
        sa.Column("entity", sa.Text(), nullable=False, comment="Entity of the record that is missing."),
        sa.Column(
            "record_id",
            sa.BigInteger(),
            nullable=False,
            comment="Magento's id of the record that is missing.",
        ),
        sa.Column("referring_entity", sa.Text(), nullable=False, comment="Entity whose records refer to it."),
        sa.Column(
            "noticed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When a record that refers to it was first loaded.",
        ),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store was asked for it. NULL: not yet.",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="Why it is not here: not_in_store, outside_the_channel, waits_in_quarantine. NULL: not asked yet.",
        ),
        sa.PrimaryKeyConstraint("channel_code", "entity", "record_id", name=op.f("absences_pkey")),
        schema="ops",
        comment="One row per record that others refer to and the warehouse lacks; once asked for, not asked for again.",
    )
    op.add_column(
        "frontiers",
        sa.Column(
            "trailed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When recent records were last read again whatever their dates say (our clock). NULL: never.",
        ),
        schema="ops",
    )
    op.add_column(
        "frontiers",
        sa.Column(
            "swept_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store's ids were last compared with the warehouse's to the end (our clock). NULL: never.",
        ),
        schema="ops",
    )
    op.alter_column(
        "windows",
        "kind",
        existing_type=sa.TEXT(),
        comment="initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep or gone.",
        existing_comment="initial, incremental, resync, range, ids or snapshot.",
        existing_nullable=False,
        schema="ops",
    )
    op.alter_column(
        "windows",
        "ids",
        existing_type=postgresql.ARRAY(sa.BIGINT()),
        comment="The ids asked for. NULL: not a window of single ids.",
        existing_comment="The ids asked for by hand. NULL otherwise.",
        existing_nullable=True,
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.alter_column(
        "windows",
        "ids",
        existing_type=postgresql.ARRAY(sa.BIGINT()),
        comment="The ids asked for by hand. NULL otherwise.",
        existing_comment="The ids asked for. NULL: not a window of single ids.",
        existing_nullable=True,
        schema="ops",
    )
    op.alter_column(
        "windows",
        "kind",
        existing_type=sa.TEXT(),
        comment="initial, incremental, resync, range, ids or snapshot.",
        existing_comment="initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep or gone.",
        existing_nullable=False,
        schema="ops",
    )
    op.drop_column("frontiers", "swept_at", schema="ops")
    op.drop_column("frontiers", "trailed_at", schema="ops")
    op.drop_table("absences", schema="ops")
