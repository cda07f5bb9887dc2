"""create accounts.

Revision ID: 20261122_1620
Revises: 20261122_1595
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_1620"
down_revision = "20261122_1595"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "account_matches",
        sa.Column(
            "customer_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="The customer who joined. Key of crm.customers.",
        ),
        sa.Column(
            "matched_customer_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="The older customer whose account was joined. Key of crm.customers.",
        ),
        sa.Column(
            "rule",
            sa.Text(),
            nullable=False,
            comment="Why: same_website_email (guest and registered customer of a website with one e-mail), account_matching (the channel's rule) or by_hand.",
        ),
        sa.Column(
            "is_same_person",
            sa.Boolean(),
            nullable=False,
            comment="Whether both are one contact: e-mail and name agree, or guest and registered customer do in e-mail.",
        ),
        sa.Column(
            "matched_at", sa.DateTime(timezone=True), nullable=False, comment="When the match was made."
        ),
        sa.Column("matched_by", sa.Text(), nullable=True, comment="Who made it by hand. NULL: a rule did."),
        sa.Column(
            "undone_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a person undid it; the customer founds an account, whatever the rules say. NULL: it holds.",
        ),
        sa.Column("undone_by", sa.Text(), nullable=True, comment="Who undid it. NULL: it holds."),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that led to it. NULL: no window did.",
        ),
        sa.PrimaryKeyConstraint("customer_key", name=op.f("account_matches_pkey")),
        schema="crm",
        comment="One row per customer who joined another's account, with the reason; kept when a person undoes it.",
    )
    op.create_index(
        op.f("account_matches_matched_customer_key_idx"),
        "account_matches",
        ["matched_customer_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "accounts",
        sa.Column(
            "account_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="Key of the customer who founded it, the oldest of its customers.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "account_name",
            sa.Text(),
            nullable=True,
            comment="Name of the founder's contact; the e-mail where there is no name. NULL where neither is known.",
        ),
        sa.Column(
            "owner_name",
            sa.Text(),
            nullable=True,
            comment="Who looks after it: the channel's default_owner. NULL: nobody yet.",
        ),
        sa.Column(
            "customer_count",
            sa.BigInteger(),
            nullable=True,
            comment="Its customers that are not gone from their store, guests included.",
        ),
        sa.Column(
            "has_registered_customer",
            sa.Boolean(),
            nullable=True,
            comment="Whether one of them has registered.",
        ),
        sa.Column(
            "merged_into_account_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Account that its founder belongs to now; then this one has no customers. NULL: it lives.",
        ),
        sa.Column(
            "source_created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store made it (UTC). NULL where the store has no date.",
        ),
        sa.Column(
            "source_updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store last changed it (UTC). NULL: the store keeps none.",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it first reached the warehouse.",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its content last changed in the warehouse.",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was found gone from the store. NULL: it is there.",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that last changed it.",
        ),
        sa.Column(
            "row_hash",
            sa.BigInteger(),
            nullable=True,
            comment="Fingerprint of the content, to tell changed rows from equal ones.",
        ),
        sa.PrimaryKeyConstraint("account_key", name=op.f("accounts_pkey")),
        schema="crm",
        comment="One row per account: whom we sell to, with all records that any website or channel has of them.",
    )
    op.create_table(
        "contacts",
        sa.Column(
            "contact_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="Key of the person's oldest customer record.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "account_key", sa.Text(collation="C"), nullable=True, comment="The account. Key of crm.accounts."
        ),
        sa.Column(
            "customer_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Customer record that the names are taken from: a registered one first, then the last changed. Key of crm.customers.",
        ),
        sa.Column(
            "owner_name",
            sa.Text(),
            nullable=True,
            comment="Who looks after them: the channel's default_owner. NULL: nobody yet.",
        ),
        sa.Column(
            "email",
            sa.Text(),
            nullable=True,
            comment="Address as the store holds it. NULL where it has none.",
        ),
        sa.Column(
            "email_normalised",
            sa.Text(),
            nullable=True,
            comment="Address trimmed and in lower case, to compare by.",
        ),
        sa.Column("name_prefix", sa.Text(), nullable=True, comment="Title before the name."),
        sa.Column("first_name", sa.Text(), nullable=True, comment="First name."),
        sa.Column("middle_name", sa.Text(), nullable=True, comment="Middle name."),
        sa.Column("last_name", sa.Text(), nullable=True, comment="Last name."),
        sa.Column("name_suffix", sa.Text(), nullable=True, comment="Title behind the name."),
        sa.Column(
            "birth_date",
            sa.Date(),
            nullable=True,
            comment="Day of birth as entered by the person. NULL where not given.",
        ),
        sa.Column("gender", sa.Text(), nullable=True, comment="Male or Female. NULL where not known."),
        sa.Column(
            "source_created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store made it (UTC). NULL where the store has no date.",
        ),
        sa.Column(
            "source_updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store last changed it (UTC). NULL: the store keeps none.",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it first reached the warehouse.",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its content last changed in the warehouse.",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was found gone from the store. NULL: it is there.",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that last changed it.",
        ),
        sa.Column(
            "row_hash",
            sa.BigInteger(),
            nullable=True,
            comment="Fingerprint of the content, to tell changed rows from equal ones.",
        ),
        sa.PrimaryKeyConstraint("contact_key", name=op.f("contacts_pkey")),
        schema="crm",
        comment="One row per contact: one person of an account, however many customer records that person has.",
    )
    op.create_index(op.f("contacts_account_key_idx"), "contacts", ["account_key"], unique=False, schema="crm")
    op.add_column(
        "customers",
        sa.Column(
            "account_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The account this customer belongs to. Key of crm.accounts.",
        ),
        schema="crm",
    )
    op.add_column(
        "customers",
        sa.Column(
            "contact_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The person this record is of. Key of crm.contacts.",
        ),
        schema="crm",
    )
    # As a load would set them; the next one compares everybody.
    op.execute("update crm.customers set account_key = customer_key, contact_key = customer_key")
    op.create_index(
        op.f("customers_account_key_idx"), "customers", ["account_key"], unique=False, schema="crm"
    )
    op.add_column(
        "channels",
        sa.Column(
            "account_matching_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Its account_matching: who is the same person. NULL: the default.",
        ),
        schema="ops",
    )
    op.add_column(
        "channels",
        sa.Column(
            "shared_guest_emails_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Its shared_guest_emails: addresses that tell no guest from another. NULL: none.",
        ),
        schema="ops",
    )
    op.add_column(
        "channels",
        sa.Column(
            "matched_by_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="These two and default_owner, as they were when all its customers were last looked at by them. NULL: not yet.",
        ),
        schema="ops",
    )
    op.add_column(
        "channels",
        sa.Column(
            "is_showing_order_comments",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether comments of orders are shown on the customer and the account, too.",
        ),
        schema="ops",
    )
    op.add_column(
        "channels",
        sa.Column(
            "default_owner",
            sa.Text(),
            nullable=True,
            comment="Owner of its new accounts and contacts. NULL: none.",
        ),
        schema="ops",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("channels", "default_owner", schema="ops")
    op.drop_column("channels", "is_showing_order_comments", schema="ops")
    op.drop_column("channels", "matched_by_json", schema="ops")
    op.drop_column("channels", "shared_guest_emails_json", schema="ops")
    op.drop_column("channels", "account_matching_json", schema="ops")
    op.drop_index(op.f("customers_account_key_idx"), table_name="customers", schema="crm")
    op.drop_column("customers", "contact_key", schema="crm")
    op.drop_column("customers", "account_key", schema="crm")
    op.drop_index(op.f("contacts_account_key_idx"), table_name="contacts", schema="crm")
    op.drop_table("contacts", schema="crm")
    op.drop_table("accounts", schema="crm")
    op.drop_index(
        op.f("account_matches_matched_customer_key_idx"), table_name="account_matches", schema="crm"
    )
    op.drop_table("account_matches", schema="crm")
