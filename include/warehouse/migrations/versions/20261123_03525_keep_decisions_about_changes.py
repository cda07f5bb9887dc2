"""keep decisions about changes.

Revision ID: 20261123_03525
Revises: 20261123_0352
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_03525"
down_revision = "20261123_0352"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "write_back_decisions",
        sa.Column(
            "decision_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the decision.",
        ),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False, comment="The entry of crm.outbox."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel whose store it is about."),
        sa.Column("decision", sa.Text(), nullable=False, comment="retry, drop, crm or store."),
        sa.Column(
            "field_names",
            postgresql.ARRAY(sa.Text()),
            nullable=True,
            comment="Fields it was taken about; what each held is in ops.write_back_log. NULL: the whole entry.",
        ),
        sa.Column("state_before", sa.Text(), nullable=False, comment="State of the entry before."),
        sa.Column("state_after", sa.Text(), nullable=False, comment="State of the entry after."),
        sa.Column(
            "error_before",
            sa.Text(),
            nullable=True,
            comment="What had kept the entry from being done. NULL: nothing.",
        ),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="Who decided, as they were named."),
        sa.Column("decided_login", sa.Text(), nullable=False, comment="The database login that decided."),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was decided.",
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("write_back_decisions_pkey")),
        schema="ops",
        comment="One row per decision of a person about a change of a store: made by crm.decide_change only.",
    )
    op.create_index(
        "write_back_decisions_outbox_idx", "write_back_decisions", ["outbox_id"], unique=False, schema="ops"
    )
    op.add_column(
        "outbox",
        sa.Column(
            "left_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="The fields that a person left as the store had them, with what it held: these are not written. NULL: none, or its person was erased.",
        ),
        schema="crm",
    )
    op.create_index("outbox_record_idx", "outbox", ["channel_code", "record_key"], unique=False, schema="crm")


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("outbox_record_idx", table_name="outbox", schema="crm")
    op.drop_column("outbox", "left_json", schema="crm")
    op.drop_index("write_back_decisions_outbox_idx", table_name="write_back_decisions", schema="ops")
    op.drop_table("write_back_decisions", schema="ops")
