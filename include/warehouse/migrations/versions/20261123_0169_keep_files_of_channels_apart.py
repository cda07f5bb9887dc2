"""keep files of channels apart.

Revision ID: 20261123_0169
Revises: 20261123_0160
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_0169"
down_revision = "20261123_0160"
branch_labels = None
depends_on = None

_EXPORTS = "One row per segment, profile, channel and run that wrote files."
_EXPORTS_BEFORE = "One row per segment, profile and run that wrote files."
_COMMENTS = (
    (
        "export_files",
        "file_name",
        "Name with its folder, below the segment's.",
        "Name, below the segment's folder.",
    ),
    (
        "approvals",
        "member_count",
        "Members, or rows of a file, that were not as expected when it was last held back.",
        "Its members, when it was last held back.",
    ),
    (
        "approvals",
        "minimum_count",
        "How many of them were expected at least.",
        "How many members were expected at least.",
    ),
    (
        "approvals",
        "maximum_count",
        "How many of them were expected at most. NULL: any number.",
        "How many members were expected at most.",
    ),
)


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "exports",
        sa.Column(
            "channel_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="The channel whose people are in it. NULL: of before channels had files of their own.",
        ),
        schema="marketing",
    )
    op.add_column(
        "exports",
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the files had appeared under their names. NULL: the run ended before; nobody is told of them.",
        ),
        schema="marketing",
    )
    op.execute("update marketing.exports set published_at = exported_at")
    op.create_table_comment("exports", _EXPORTS, existing_comment=_EXPORTS_BEFORE, schema="marketing")
    op.add_column(
        "approvals",
        sa.Column(
            "definition_hash",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="Fingerprint of the segment's contract and query: an answer holds for these only.",
        ),
        schema="marketing",
    )
    op.add_column(
        "approvals",
        sa.Column(
            "sizes_json",
            postgresql.JSONB(),
            nullable=False,
            server_default=sa.text("'[]'"),
            comment="All that was not as expected, with what was; the counts above are of the first.",
        ),
        schema="marketing",
    )
    # A question that waits without saying of what is put anew by the next run.
    op.execute("delete from marketing.approvals where decided_at is null")
    op.alter_column("approvals", "maximum_count", nullable=True, schema="marketing")
    for table, column, comment, before in _COMMENTS:
        op.alter_column(table, column, comment=comment, existing_comment=before, schema="marketing")


def downgrade() -> None:
    """Take the change back."""
    for table, column, comment, before in _COMMENTS:
        op.alter_column(table, column, comment=before, existing_comment=comment, schema="marketing")
    op.execute("delete from marketing.approvals where maximum_count is null")
    op.alter_column("approvals", "maximum_count", nullable=False, schema="marketing")
    op.drop_column("approvals", "sizes_json", schema="marketing")
    op.drop_column("approvals", "definition_hash", schema="marketing")
    op.create_table_comment("exports", _EXPORTS_BEFORE, existing_comment=_EXPORTS, schema="marketing")
    op.drop_column("exports", "published_at", schema="marketing")
    op.drop_column("exports", "channel_code", schema="marketing")
