"""create regions.

Revision ID: 20261122_1593
Revises: 20261122_1592
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1593"
down_revision = "20261122_1592"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "countries",
        sa.Column("country_key", sa.Text(collation="C"), nullable=False, comment="<channel>:country_code."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column("country_code", sa.Text(), nullable=True, comment="The country, ISO 3166 two letters."),
        sa.Column(
            "country_iso3_code", sa.Text(), nullable=True, comment="The country, ISO 3166 three letters."
        ),
        sa.Column("country_name", sa.Text(), nullable=True, comment="Name in the store's language."),
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
        sa.PrimaryKeyConstraint("country_key", name=op.f("countries_pkey")),
        schema="crm",
        comment="One row per country of the store's directory.",
    )
    op.create_table(
        "regions",
        sa.Column("region_key", sa.Text(collation="C"), nullable=False, comment="<channel>:region_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "country_key", sa.Text(collation="C"), nullable=True, comment="Its country. Key of crm.countries."
        ),
        sa.Column("region_id", sa.BigInteger(), nullable=True, comment="Magento's id of the region."),
        sa.Column("country_code", sa.Text(), nullable=True, comment="Its country, ISO 3166 two letters."),
        sa.Column(
            "region_code",
            sa.Text(),
            nullable=True,
            comment="Short name within the country; mostly as in ISO 3166-2, less its zeros.",
        ),
        sa.Column("region_name", sa.Text(), nullable=True, comment="Name in the store's language."),
        sa.Column(
            "combined_code",
            sa.Text(),
            nullable=True,
            comment="Country and code, joined by a hyphen, e.g. CH-BE.",
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
        sa.PrimaryKeyConstraint("region_key", name=op.f("regions_pkey")),
        schema="crm",
        comment="One row per region that a store's customers can choose; countries without a list have none.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("regions", schema="crm")
    op.drop_table("countries", schema="crm")
