"""create erasures.

Revision ID: 20261122_1530
Revises: 20261122_1430
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_1530"
down_revision = "20261122_1430"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "erased_records",
        sa.Column("entity", sa.Text(), nullable=False, comment="The entity."),
        sa.Column(
            "record_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="Key of the record, as in its table in schema crm.",
        ),
        sa.Column("erasure_id", sa.BigInteger(), nullable=False, comment="The erasure, of ops.erasures."),
        sa.Column(
            "noted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was first met.",
        ),
        sa.PrimaryKeyConstraint("entity", "record_key", name=op.f("erased_records_pkey")),
        schema="ops",
        comment="One row per record of an erased person: known again by its key, as its e-mail is gone.",
    )
    op.create_index(
        op.f("erased_records_erasure_id_idx"), "erased_records", ["erasure_id"], unique=False, schema="ops"
    )
    op.create_table(
        "erasures",
        sa.Column(
            "erasure_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the erasure.",
        ),
        sa.Column(
            "email_hash",
            sa.Text(),
            nullable=True,
            comment="Keyed hash of the normalised e-mail. NULL: only records were named, since several people share it.",
        ),
        sa.Column(
            "erased_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the warehouse first forgot the person.",
        ),
        sa.Column(
            "files_rewritten_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the kept files had forgotten the person too. NULL: not yet, run it again.",
        ),
        sa.Column(
            "outcome_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Rows anonymised by table, in the last run.",
        ),
        sa.Column(
            "exports_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Segment files that held the person: segment, name, when, checksum. Ask whoever got them to delete it.",
        ),
        sa.PrimaryKeyConstraint("erasure_id", name=op.f("erasures_pkey")),
        sa.UniqueConstraint("email_hash"),
        schema="ops",
        comment="One row per erased person: applied to every record that arrives later, so that nobody comes back.",
    )
    op.alter_column(
        "quarantine",
        "payload_json",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        comment="The record as read, secrets dropped. NULL: it could not be read, or its person was erased.",
        existing_comment="The record as read, secrets dropped. NULL: it could not be read.",
        existing_nullable=True,
        schema="ops",
    )
    op.alter_column(
        "touched",
        "window_id",
        existing_type=sa.BIGINT(),
        nullable=True,
        comment="The window that changed something. NULL: no window did, a person was erased or a channel purged.",
        existing_comment="The window that changed something.",
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.execute("delete from ops.touched where window_id is null")
    op.alter_column(
        "touched",
        "window_id",
        existing_type=sa.BIGINT(),
        nullable=False,
        comment="The window that changed something.",
        existing_comment="The window that changed something. NULL: no window did, a person was erased or a channel purged.",
        schema="ops",
    )
    op.alter_column(
        "quarantine",
        "payload_json",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        comment="The record as read, secrets dropped. NULL: it could not be read.",
        existing_comment="The record as read, secrets dropped. NULL: it could not be read, or its person was erased.",
        existing_nullable=True,
        schema="ops",
    )
    op.drop_table("erasures", schema="ops")
    op.drop_index(op.f("erased_records_erasure_id_idx"), table_name="erased_records", schema="ops")
    op.drop_table("erased_records", schema="ops")
