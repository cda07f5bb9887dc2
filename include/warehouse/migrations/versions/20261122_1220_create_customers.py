"""create customers.

Revision ID: 20261122_1220
Revises: 20261122_1210
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1220"
down_revision = "20261122_1210"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "customer_addresses",
        sa.Column(
            "customer_address_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:customer_address_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "customer_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The customer. Key of crm.customers.",
        ),
        sa.Column(
            "customer_address_id", sa.BigInteger(), nullable=True, comment="Magento's id of the address."
        ),
        sa.Column("customer_id", sa.BigInteger(), nullable=True, comment="Magento's id of the customer."),
        sa.Column(
            "is_default_billing", sa.Boolean(), nullable=True, comment="Whether bills go here by default."
        ),
        sa.Column(
            "is_default_shipping", sa.Boolean(), nullable=True, comment="Whether parcels go here by default."
        ),
        sa.Column("name_prefix", sa.Text(), nullable=True, comment="Title before the name."),
        sa.Column("first_name", sa.Text(), nullable=True, comment="First name."),
        sa.Column("middle_name", sa.Text(), nullable=True, comment="Middle name."),
        sa.Column("last_name", sa.Text(), nullable=True, comment="Last name."),
        sa.Column("name_suffix", sa.Text(), nullable=True, comment="Title behind the name."),
        sa.Column("company", sa.Text(), nullable=True, comment="Company."),
        sa.Column(
            "street", sa.Text(), nullable=True, comment="Street; up to four lines, parted by line breaks."
        ),
        sa.Column("city", sa.Text(), nullable=True, comment="City."),
        sa.Column(
            "region",
            sa.Text(),
            nullable=True,
            comment="State or province as text. NULL where none was given.",
        ),
        sa.Column(
            "region_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the state or province. NULL for countries without a list.",
        ),
        sa.Column("postcode", sa.Text(), nullable=True, comment="Postal code."),
        sa.Column("country_code", sa.Text(), nullable=True, comment="Country, ISO 3166 two letters."),
        sa.Column("telephone", sa.Text(), nullable=True, comment="Telephone as entered."),
        sa.Column("fax", sa.Text(), nullable=True, comment="Fax as entered."),
        sa.Column(
            "tax_number", sa.Text(), nullable=True, comment="VAT number of this address. NULL where none."
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
        sa.PrimaryKeyConstraint("customer_address_key", name=op.f("customer_addresses_pkey")),
        schema="crm",
        comment="One row per address in a customer's address book.",
    )
    op.create_index(
        op.f("customer_addresses_customer_key_idx"),
        "customer_addresses",
        ["customer_key"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "customers",
        sa.Column("customer_key", sa.Text(collation="C"), nullable=False, comment="<channel>:customer_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "website_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Website of the registration. Key of crm.websites.",
        ),
        sa.Column(
            "store_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Store view of the registration. Key of crm.stores.",
        ),
        sa.Column(
            "customer_group_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Price group. Key of crm.customer_groups.",
        ),
        sa.Column("customer_id", sa.BigInteger(), nullable=True, comment="Magento's id. NULL for guests."),
        sa.Column(
            "customer_number",
            sa.Text(),
            nullable=True,
            comment="Number shown to people. NULL where the store gives none.",
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
            comment="Address trimmed and in lower case, to compare by. NULL where there is none.",
        ),
        sa.Column(
            "is_guest", sa.Boolean(), nullable=True, comment="Whether the person bought without registering."
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
        sa.Column(
            "gender",
            sa.Text(),
            nullable=True,
            comment="Male or Female as the bridge says it. NULL where not given; without the bridge never given.",
        ),
        sa.Column("tax_number", sa.Text(), nullable=True, comment="VAT number as entered."),
        sa.Column(
            "customer_group_id", sa.BigInteger(), nullable=True, comment="Magento's id of the price group."
        ),
        sa.Column(
            "website_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the website of the registration.",
        ),
        sa.Column(
            "store_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the store view of the registration.",
        ),
        sa.Column(
            "created_in", sa.Text(), nullable=True, comment="Name of the store view the account was made in."
        ),
        sa.Column(
            "is_confirmation_pending",
            sa.Boolean(),
            nullable=True,
            comment="Whether the e-mail still waits to be confirmed. NULL: no.",
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
        sa.PrimaryKeyConstraint("customer_key", name=op.f("customers_pkey")),
        schema="crm",
        comment="One row per person who bought or registered: registered customers, and guests known by their orders.",
    )
    op.create_index(
        op.f("customers_email_normalised_idx"), "customers", ["email_normalised"], unique=False, schema="crm"
    )
    op.create_table(
        "customers_history",
        sa.Column("customer_key", sa.Text(collation="C"), nullable=False, comment="Key of crm.customers."),
        sa.Column(
            "valid_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Since when these values were known.",
        ),
        sa.Column(
            "valid_to", sa.DateTime(timezone=True), nullable=False, comment="When they were superseded."
        ),
        sa.Column(
            "email",
            sa.Text(),
            nullable=True,
            comment="Address as the store holds it. NULL where it has none.",
        ),
        sa.Column("first_name", sa.Text(), nullable=True, comment="First name."),
        sa.Column("last_name", sa.Text(), nullable=True, comment="Last name."),
        sa.Column(
            "customer_group_id", sa.BigInteger(), nullable=True, comment="Magento's id of the price group."
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that superseded them.",
        ),
        sa.PrimaryKeyConstraint("customer_key", "valid_to", name=op.f("customers_history_pkey")),
        schema="crm",
        comment="One row per superseded version of a row of crm.customers; only tracked columns.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("customers_history", schema="crm")
    op.drop_index(op.f("customers_email_normalised_idx"), table_name="customers", schema="crm")
    op.drop_table("customers", schema="crm")
    op.drop_index(op.f("customer_addresses_customer_key_idx"), table_name="customer_addresses", schema="crm")
    op.drop_table("customer_addresses", schema="crm")
