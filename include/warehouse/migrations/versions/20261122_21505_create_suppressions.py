"""create suppressions.

Revision ID: 20261122_21505
Revises: 20261122_2150
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_21505"
down_revision = "20261122_2150"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "opt_out_files",
        sa.Column(
            "file_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the file.",
        ),
        sa.Column(
            "scope",
            sa.Text(),
            nullable=False,
            comment="Code of the channel it was dropped for. *: every channel.",
        ),
        sa.Column(
            "sha256",
            sa.Text(),
            nullable=False,
            comment="Checksum of the file; its name may be somebody's, so it is not kept.",
        ),
        sa.Column("platform", sa.Text(), nullable=False, comment="Whose file it is, by its header."),
        sa.Column("row_count", sa.BigInteger(), nullable=False, comment="Rows in it, without the header."),
        sa.Column("address_count", sa.BigInteger(), nullable=False, comment="Different opt-outs in it."),
        sa.Column(
            "new_count", sa.BigInteger(), nullable=False, comment="Opt-outs that were not known before."
        ),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False, comment="When it was taken in."),
        sa.PrimaryKeyConstraint("file_id", name=op.f("opt_out_files_pkey")),
        schema="marketing",
        comment="One row per opt-out file that was taken in; the file itself is gone, its addresses are hashes.",
    )
    op.create_index(
        "opt_out_files_once_idx", "opt_out_files", ["scope", "sha256"], unique=True, schema="marketing"
    )
    op.create_table(
        "suppressions",
        sa.Column(
            "address_hash",
            sa.Text(),
            nullable=False,
            comment="Keyed hash of the normalised e-mail, as in ops.erasures.",
        ),
        sa.Column(
            "scope",
            sa.Text(),
            nullable=False,
            comment="Code of the channel it holds for. *: for every channel.",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="Why: unsubscribed, bounced, complained, erased, by_hand.",
        ),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="Who said so: a platform (klaviyo, mailchimp, ...), erasure, or person.",
        ),
        sa.Column(
            "occurred_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it happened, as the source says. NULL: it does not say.",
        ),
        sa.Column(
            "first_noted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the warehouse first heard of it.",
        ),
        sa.Column(
            "last_noted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the warehouse last heard of it.",
        ),
        sa.Column(
            "file_id",
            sa.BigInteger(),
            nullable=True,
            comment="The file of marketing.opt_out_files it came with first. NULL: none.",
        ),
        sa.Column(
            "lifted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a person lifted it. NULL: it holds.",
        ),
        sa.Column(
            "lifted_note",
            sa.Text(),
            nullable=True,
            comment="Why it was lifted, in the person's words. NULL: it holds.",
        ),
        sa.Column(
            "store_told_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the stores of its scope were told to unsubscribe the address. NULL: not yet.",
        ),
        sa.CheckConstraint(
            "reason IN ('unsubscribed', 'bounced', 'complained', 'erased', 'by_hand')",
            name="suppressions_reason_check",
        ),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_note IS NULL)", name="suppressions_lifted_check"),
        sa.PrimaryKeyConstraint("address_hash", "scope", "reason", "source", name=op.f("suppressions_pkey")),
        schema="marketing",
        comment="One row per address, scope, reason and source: whoever has one that holds is in no marketing file.",
    )
    op.create_index("suppressions_file_idx", "suppressions", ["file_id"], unique=False, schema="marketing")
    # Whoever was erased before this table was there is in no file either.
    op.execute(
        """
        insert into marketing.suppressions
            (address_hash, scope, reason, source, occurred_at, first_noted_at, last_noted_at)
        select email_hash, '*', 'erased', 'erasure', erased_at, erased_at, erased_at
        from ops.erasures
        where email_hash is not null
        """
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("suppressions_file_idx", table_name="suppressions", schema="marketing")
    op.drop_table("suppressions", schema="marketing")
    op.drop_index("opt_out_files_once_idx", table_name="opt_out_files", schema="marketing")
    op.drop_table("opt_out_files", schema="marketing")
