"""keep files of exports.

Revision ID: 20261122_21532
Revises: 20261122_21531
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_21532"
down_revision = "20261122_21531"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "export_files",
        sa.Column(
            "export_id", sa.BigInteger(), nullable=False, comment="The export; key of marketing.exports."
        ),
        sa.Column("file_name", sa.Text(), nullable=False, comment="Name, below the segment's folder."),
        sa.Column("kind", sa.Text(), nullable=False, comment="full, added, removed or suppression."),
        sa.Column(
            "part_number",
            sa.Integer(),
            nullable=False,
            comment="Counted from 1; more where the platform's limit split it.",
        ),
        sa.Column("row_count", sa.BigInteger(), nullable=False, comment="Rows without the header."),
        sa.Column("byte_count", sa.BigInteger(), nullable=False, comment="Size in bytes."),
        sa.Column("sha256", sa.Text(), nullable=False, comment="Checksum, hexadecimal."),
        sa.ForeignKeyConstraint(["export_id"], ["marketing.exports.export_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("export_id", "file_name", name=op.f("export_files_pkey")),
        schema="marketing",
        comment="One row per file of an export.",
    )
    op.add_column(
        "exports",
        sa.Column(
            "profile_rules",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="Version of the platform's rules that the rows were made by. Empty: before versions were kept.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "consent_basis",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="newsletter: only who was subscribed; none: nobody had to be asked. Empty: before it was kept.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "campaign_code",
            sa.Text(),
            nullable=True,
            comment="What links of the campaign are marked with. NULL: none was kept.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "member_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Members of the segment.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "without_address_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Members left out: no address is known.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "without_consent_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Members left out: not subscribed, or unsubscribed.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "held_out_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Members left out: the share that a campaign is compared with.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "suppressed_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Members left out: suppressed or erased.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "invalid_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Members left out: the platform would refuse the row.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "doubled_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Members left out: somebody before them has the same address.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "added_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Rows that are new or changed since the delivered export before.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "removed_count",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Rows of the delivered export before that are no longer there.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=True,
            comment="Fingerprint of all rows, however split: equal where an export says the same. NULL: not kept.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "delivered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When all destinations had the files. NULL: not yet; the next added and removed ignore this export.",
        ),
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "file_name",
        existing_type=sa.TEXT(),
        comment="Name of the full file, below the segment's folder; of its first part where it was split.",
        existing_comment="Name of the file, below the segment's folder.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "profile",
        existing_type=sa.TEXT(),
        comment="Shape of the files: a platform, or generic_csv.",
        existing_comment="Shape of the file: generic.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "row_count",
        existing_type=sa.BIGINT(),
        comment="Rows in the full file.",
        existing_comment="Members in it.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "byte_count",
        existing_type=sa.BIGINT(),
        comment="Size of the full file, in bytes.",
        existing_comment="Size of the file, in bytes.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "sha256",
        existing_type=sa.TEXT(),
        comment="Checksum of the full file, hexadecimal; of its first part where it was split.",
        existing_comment="Checksum of the file, hexadecimal.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "manifest_json",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        comment="The manifest that lies beside the files.",
        existing_comment="The manifest that lies beside the file.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "exported_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="When, as in the files' names.",
        existing_comment="When, as in the file's name.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "checked_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="The last run for which these files still said it all, so that no new ones were written.",
        existing_comment="The last export for which this file still said it all, so that no new one was written.",
        existing_nullable=False,
        schema="marketing",
    )
    op.create_table_comment(
        "exports",
        "One row per segment, profile and run that wrote files.",
        existing_comment="One row per file that was written; personal data is only in the file.",
        schema="marketing",
    )


def downgrade() -> None:
    """Take the change back."""
    op.create_table_comment(
        "exports",
        "One row per file that was written; personal data is only in the file.",
        existing_comment="One row per segment, profile and run that wrote files.",
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "checked_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="The last export for which this file still said it all, so that no new one was written.",
        existing_comment="The last run for which these files still said it all, so that no new ones were written.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "exported_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="When, as in the file's name.",
        existing_comment="When, as in the files' names.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "manifest_json",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        comment="The manifest that lies beside the file.",
        existing_comment="The manifest that lies beside the files.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "sha256",
        existing_type=sa.TEXT(),
        comment="Checksum of the file, hexadecimal.",
        existing_comment="Checksum of the full file, hexadecimal; of its first part where it was split.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "byte_count",
        existing_type=sa.BIGINT(),
        comment="Size of the file, in bytes.",
        existing_comment="Size of the full file, in bytes.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "row_count",
        existing_type=sa.BIGINT(),
        comment="Members in it.",
        existing_comment="Rows in the full file.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "profile",
        existing_type=sa.TEXT(),
        comment="Shape of the file: generic.",
        existing_comment="Shape of the files: a platform, or generic_csv.",
        existing_nullable=False,
        schema="marketing",
    )
    op.alter_column(
        "exports",
        "file_name",
        existing_type=sa.TEXT(),
        comment="Name of the file, below the segment's folder.",
        existing_comment="Name of the full file, below the segment's folder; of its first part where it was split.",
        existing_nullable=False,
        schema="marketing",
    )
    op.drop_column("exports", "delivered_at", schema="marketing")
    op.drop_column("exports", "content_hash", schema="marketing")
    op.drop_column("exports", "removed_count", schema="marketing")
    op.drop_column("exports", "added_count", schema="marketing")
    op.drop_column("exports", "doubled_count", schema="marketing")
    op.drop_column("exports", "invalid_count", schema="marketing")
    op.drop_column("exports", "suppressed_count", schema="marketing")
    op.drop_column("exports", "held_out_count", schema="marketing")
    op.drop_column("exports", "without_consent_count", schema="marketing")
    op.drop_column("exports", "without_address_count", schema="marketing")
    op.drop_column("exports", "member_count", schema="marketing")
    op.drop_column("exports", "campaign_code", schema="marketing")
    op.drop_column("exports", "consent_basis", schema="marketing")
    op.drop_column("exports", "profile_rules", schema="marketing")
    op.drop_table("export_files", schema="marketing")
