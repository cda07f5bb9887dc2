"""create the outbox.

Revision ID: 20261122_2220
Revises: 20261122_2215
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_2220"
down_revision = "20261122_2215"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "outbox",
        sa.Column(
            "outbox_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the entry; those of one record are sent in its order.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel whose store shall change."),
        sa.Column("kind", sa.Text(), nullable=False, comment="What shall happen, as in crm.change_kinds."),
        sa.Column(
            "target_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Key of what shall change. NULL: it is to be made, in the channel itself.",
        ),
        sa.Column("entity", sa.Text(), nullable=False, comment="Entity of the record that is changed."),
        sa.Column(
            "record_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Key of that record; its entries are sent one after the other. NULL: it is not there yet.",
        ),
        sa.Column(
            "wanted_json",
            postgresql.JSONB(),
            nullable=True,
            comment="The fields and their wanted values, by column. NULL: its person was erased.",
        ),
        sa.Column(
            "base_json",
            postgresql.JSONB(),
            nullable=True,
            comment="What the writer saw in these fields. NULL: there was nothing to see, or its person was erased.",
        ),
        sa.Column(
            "idempotency_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="Asked for again under the same key, it is the same entry.",
        ),
        sa.Column("requested_by", sa.Text(), nullable=False, comment="Who asked, as they were named."),
        sa.Column("requested_login", sa.Text(), nullable=False, comment="The database login that asked."),
        sa.Column(
            "requested_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was asked for.",
        ),
        sa.Column(
            "state",
            sa.Text(),
            server_default="pending",
            nullable=False,
            comment="pending: to be sent. sending: at work. unknown: sent, to be looked up. conflict: somebody has to decide. done. rejected: the store does not accept it. dead: too many attempts. dropped: taken back.",
        ),
        sa.Column(
            "attempt_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="How many times it was taken up.",
        ),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Not to be taken up before. NULL: at once, or never any more.",
        ),
        sa.Column(
            "sent_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a request for it may have reached the store for the first time. NULL: it surely never did.",
        ),
        sa.Column(
            "claimed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a worker took it up last. NULL: none is at work on it.",
        ),
        sa.Column(
            "last_error",
            sa.Text(),
            nullable=True,
            comment="Why the last attempt did not do it. NULL: nothing went wrong.",
        ),
        sa.Column(
            "result_json",
            postgresql.JSONB(),
            nullable=True,
            comment="What came of it: key of what is new, fields written. NULL: nothing yet.",
        ),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was done, rejected, dead or dropped. NULL: it still waits.",
        ),
        sa.CheckConstraint("(state = 'sending') = (claimed_at is not null)", name="outbox_claimed_check"),
        sa.CheckConstraint(
            "(state in ('done', 'rejected', 'dead', 'dropped')) = (finished_at is not null)",
            name="outbox_finished_check",
        ),
        sa.CheckConstraint(
            "state in ('pending', 'sending', 'unknown', 'conflict', 'done', 'rejected', 'dead', 'dropped')",
            name="outbox_state_check",
        ),
        sa.PrimaryKeyConstraint("outbox_id", name=op.f("outbox_pkey")),
        sa.UniqueConstraint("channel_code", "idempotency_key", name="outbox_once"),
        schema="crm",
        comment="One row per change that somebody asked for, to be made in a store: made by crm.request_change only.",
    )
    op.create_index(
        "outbox_waiting_idx",
        "outbox",
        ["channel_code", "record_key", "outbox_id"],
        unique=False,
        schema="crm",
        postgresql_where=sa.text("state in ('pending', 'sending', 'unknown', 'conflict')"),
    )
    op.create_table(
        "write_back_log",
        sa.Column(
            "entry_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the decision.",
        ),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False, comment="The entry of crm.outbox."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel whose store was asked."),
        sa.Column("attempt_number", sa.BigInteger(), nullable=False, comment="In which of its attempts."),
        sa.Column("field_name", sa.Text(), nullable=False, comment="The field, by column of its crm table."),
        sa.Column(
            "base_value",
            sa.Text(),
            nullable=True,
            comment="What the writer saw. NULL: nothing, or its person was erased.",
        ),
        sa.Column(
            "local_value",
            sa.Text(),
            nullable=True,
            comment="What the writer wanted. NULL: nothing, or its person was erased.",
        ),
        sa.Column(
            "remote_value",
            sa.Text(),
            nullable=True,
            comment="What the store held. NULL: nothing, or its person was erased.",
        ),
        sa.Column(
            "taken_value",
            sa.Text(),
            nullable=True,
            comment="What was decided. NULL: nothing, or its person was erased.",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why, in words."),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was decided.",
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("write_back_log_pkey")),
        schema="ops",
        comment="One row per field decided in an attempt to change a store: what was seen, wanted, found and taken.",
    )
    op.create_index("write_back_log_outbox_idx", "write_back_log", ["outbox_id"], unique=False, schema="ops")


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("write_back_log_outbox_idx", table_name="write_back_log", schema="ops")
    op.drop_table("write_back_log", schema="ops")
    op.drop_index(
        "outbox_waiting_idx",
        table_name="outbox",
        schema="crm",
        postgresql_where=sa.text("state in ('pending', 'sending', 'unknown', 'conflict')"),
    )
    op.drop_table("outbox", schema="crm")
