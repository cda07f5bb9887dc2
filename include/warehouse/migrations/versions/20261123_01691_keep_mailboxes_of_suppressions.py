"""Keep mailboxes of suppressions, and normal forms of e-mails in carts' addresses and in what entries once said.

Revision ID: 20261123_01691
Revises: 20261123_0169
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_01691"
down_revision = "20261123_0169"
branch_labels = None
depends_on = None


# As include.identity.normalisation does, as far as the server can; what a store sends again is normalised there.
_NORMAL = "nullif(lower(regexp_replace(normalize(email), '^\\s+|\\s+$', '', 'g')), '')"


def upgrade() -> None:
    """Make the change."""
    # Held out are people now, no longer members: a function's parameters cannot be given other names in place.
    op.execute("drop function if exists marketing.is_held_out(text, text, bigint)")
    op.add_column(
        "cart_addresses",
        sa.Column(
            "email_normalised",
            sa.Text(),
            nullable=True,
            comment="E-mail of the address trimmed and in lower case, to compare by. NULL where none was typed.",
        ),
        schema="crm",
    )
    op.create_index(
        op.f("cart_addresses_email_normalised_idx"),
        "cart_addresses",
        ["email_normalised"],
        unique=False,
        schema="crm",
    )
    op.add_column(
        "newsletter_subscribers_history",
        sa.Column(
            "email_normalised",
            sa.Text(),
            nullable=True,
            comment="Address trimmed and in lower case, to compare by. NULL where the store has none.",
        ),
        schema="crm",
    )
    for table in ("cart_addresses", "newsletter_subscribers_history"):
        op.execute(f"update crm.{table} set email_normalised = {_NORMAL} where email is not null")  # noqa: S608
    op.add_column(
        "suppressions",
        sa.Column(
            "mailbox_hash",
            sa.Text(),
            nullable=True,
            comment="Keyed hash of the mailbox, where other addresses lead to it as well (Google's dots and plus). "
            "NULL: none do, or only the hash of the address was known.",
        ),
        schema="marketing",
    )
    op.create_index(
        "suppressions_mailbox_idx",
        "suppressions",
        ["mailbox_hash"],
        unique=False,
        schema="marketing",
        postgresql_where=sa.text("mailbox_hash IS NOT NULL"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        "suppressions_mailbox_idx",
        table_name="suppressions",
        schema="marketing",
        postgresql_where=sa.text("mailbox_hash IS NOT NULL"),
    )
    op.drop_column("suppressions", "mailbox_hash", schema="marketing")
    op.drop_column("newsletter_subscribers_history", "email_normalised", schema="crm")
    op.drop_index(op.f("cart_addresses_email_normalised_idx"), table_name="cart_addresses", schema="crm")
    op.drop_column("cart_addresses", "email_normalised", schema="crm")
