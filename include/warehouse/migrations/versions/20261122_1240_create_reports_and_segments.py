"""create reports and segments.

Revision ID: 20261122_1240
Revises: 20261122_1230
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from include.warehouse.ops_tables import Xid8

revision = "20261122_1240"
down_revision = "20261122_1230"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "exports",
        sa.Column(
            "export_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the export.",
        ),
        sa.Column("segment_name", sa.Text(), nullable=False, comment="The segment."),
        sa.Column(
            "file_name", sa.Text(), nullable=False, comment="Name of the file, below the segment's folder."
        ),
        sa.Column("profile", sa.Text(), nullable=False, comment="Shape of the file: generic."),
        sa.Column("row_count", sa.BigInteger(), nullable=False, comment="Members in it."),
        sa.Column("byte_count", sa.BigInteger(), nullable=False, comment="Size of the file, in bytes."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="Checksum of the file, hexadecimal."),
        sa.Column(
            "definition_hash",
            sa.Text(),
            nullable=False,
            comment="Fingerprint of the segment's contract and query.",
        ),
        sa.Column(
            "manifest_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The manifest that lies beside the file.",
        ),
        sa.Column(
            "exported_at", sa.DateTime(timezone=True), nullable=False, comment="When, as in the file's name."
        ),
        sa.Column(
            "checked_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="The last export for which this file still said it all, so that no new one was written.",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="The export that deleted it as too old. NULL: it was not deleted.",
        ),
        sa.PrimaryKeyConstraint("export_id", name=op.f("exports_pkey")),
        sa.UniqueConstraint("file_name"),
        schema="marketing",
        comment="One row per file that was written; personal data is only in the file.",
    )
    op.create_index(
        op.f("exports_segment_name_exported_at_idx"),
        "exports",
        ["segment_name", "exported_at"],
        unique=False,
        schema="marketing",
    )
    op.create_table(
        "segment_members",
        sa.Column(
            "membership_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the membership.",
        ),
        sa.Column(
            "segment_name", sa.Text(), nullable=False, comment="The segment: name of its folder and table."
        ),
        sa.Column(
            "member_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="Who: key of what the segment addresses, a customer.",
        ),
        sa.Column(
            "entered_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="The refresh that found the member in it.",
        ),
        sa.Column(
            "left_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="The refresh that no longer found it there. NULL: it is a member.",
        ),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("segment_members_pkey")),
        schema="marketing",
        comment="One row per stay of a member in a segment: who was in it on a date.",
    )
    op.create_index(
        "segment_members_current_idx",
        "segment_members",
        ["segment_name", "member_key"],
        unique=True,
        schema="marketing",
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_index(
        op.f("segment_members_member_key_idx"),
        "segment_members",
        ["member_key"],
        unique=False,
        schema="marketing",
    )
    op.create_table(
        "segment_sizes",
        sa.Column("segment_name", sa.Text(), nullable=False, comment="The segment."),
        sa.Column(
            "measured_at", sa.DateTime(timezone=True), nullable=False, comment="The refresh that changed it."
        ),
        sa.Column("member_count", sa.BigInteger(), nullable=False, comment="Members afterwards."),
        sa.Column(
            "entered_count", sa.BigInteger(), nullable=False, comment="Members that were not in it before."
        ),
        sa.Column("left_count", sa.BigInteger(), nullable=False, comment="Members that are no longer in it."),
        sa.PrimaryKeyConstraint("segment_name", "measured_at", name=op.f("segment_sizes_pkey")),
        schema="marketing",
        comment="One row per refresh that changed a segment's members, and one for its first.",
    )
    op.create_table(
        "refresh_checks",
        sa.Column(
            "table_name", sa.Text(), nullable=False, comment="The table with its schema: report.daily_sales."
        ),
        sa.Column(
            "check_number",
            sa.Integer(),
            nullable=False,
            comment="Position in checks.sql; the engine's own come first.",
        ),
        sa.Column(
            "severity", sa.Text(), nullable=False, comment="fail: undoes the refresh; warn: is only reported."
        ),
        sa.Column("sentence", sa.Text(), nullable=False, comment="What is wrong when rows are found."),
        sa.Column("is_success", sa.Boolean(), nullable=False, comment="Whether no rows were found."),
        sa.Column("failed_count", sa.BigInteger(), nullable=False, comment="Rows that are wrong."),
        sa.Column(
            "sample_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The first 20 of them.",
        ),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False, comment="When."),
        sa.PrimaryKeyConstraint("table_name", "check_number", name=op.f("refresh_checks_pkey")),
        schema="ops",
        comment="One row per check of a report or segment, as of its last refresh, whether it stood or was undone.",
    )
    op.create_table(
        "refreshes",
        sa.Column(
            "table_name", sa.Text(), nullable=False, comment="The table with its schema: report.daily_sales."
        ),
        sa.Column(
            "contract_hash",
            sa.Text(),
            nullable=False,
            comment="Fingerprint of the contract the table was made from.",
        ),
        sa.Column(
            "basis_hash",
            sa.Text(),
            nullable=False,
            comment="Fingerprint of contract, query, shared definitions and channels: a change has all computed anew.",
        ),
        sa.Column(
            "transaction_position",
            Xid8(),
            nullable=False,
            comment="Everything that older transactions touched is in the table; ops.touched is read from here on.",
        ),
        sa.Column(
            "server_id",
            sa.Text(),
            nullable=False,
            comment="The cluster whose transactions the position counts.",
        ),
        sa.Column(
            "refreshed_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last refreshed."
        ),
        sa.Column(
            "is_full",
            sa.Boolean(),
            nullable=False,
            comment="Whether everything was computed, not only what was touched.",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why it was full, or what was followed."),
        sa.Column("row_count", sa.BigInteger(), nullable=False, comment="Rows of the table afterwards."),
        sa.Column(
            "written_count", sa.BigInteger(), nullable=False, comment="Rows that were new or different."
        ),
        sa.Column("deleted_count", sa.BigInteger(), nullable=False, comment="Rows that were taken out."),
        sa.Column(
            "unchanged_count",
            sa.BigInteger(),
            nullable=False,
            comment="Rows that were computed and found equal.",
        ),
        sa.Column("duration_seconds", sa.Double(), nullable=False, comment="How long it took, in seconds."),
        sa.Column(
            "complete_until_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Per channel, the instant up to which the data behind it was complete. null: initial load under way.",
        ),
        sa.PrimaryKeyConstraint("table_name", name=op.f("refreshes_pkey")),
        schema="ops",
        comment="One row per report and segment: its last refresh that stood.",
    )
    op.create_table(
        "complete_until",
        sa.Column("report_name", sa.Text(), nullable=False, comment="The report: name of its table."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel."),
        sa.Column(
            "complete_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="The report holds everything the store knew up to here (store's clock). NULL: initial load under way.",
        ),
        sa.Column(
            "refreshed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the report was last refreshed.",
        ),
        sa.PrimaryKeyConstraint("report_name", "channel_code", name=op.f("complete_until_pkey")),
        schema="report",
        comment="One row per report and active channel: up to when its numbers are complete.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("complete_until", schema="report")
    op.drop_table("refreshes", schema="ops")
    op.drop_table("refresh_checks", schema="ops")
    op.drop_table("segment_sizes", schema="marketing")
    op.drop_index(op.f("segment_members_member_key_idx"), table_name="segment_members", schema="marketing")
    op.drop_index(
        "segment_members_current_idx",
        table_name="segment_members",
        schema="marketing",
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.drop_table("segment_members", schema="marketing")
    op.drop_index(op.f("exports_segment_name_exported_at_idx"), table_name="exports", schema="marketing")
    op.drop_table("exports", schema="marketing")
