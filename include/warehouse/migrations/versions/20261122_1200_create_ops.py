"""create ops.

Revision ID: 20261122_1200
Revises: nothing, it is the first
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from include.warehouse.ops_tables import Xid8

revision = "20261122_1200"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "channels",
        sa.Column(
            "channel_code", sa.Text(), nullable=False, comment="Short stable name; first part of every key."
        ),
        sa.Column("channel_name", sa.Text(), nullable=False, comment="Name shown to people."),
        sa.Column("kind", sa.Text(), nullable=False, comment="magento1 or magento2."),
        sa.Column(
            "timezone",
            sa.Text(),
            nullable=False,
            comment="IANA zone in which the channel's days begin and end.",
        ),
        sa.Column(
            "reporting_currency_code",
            sa.Text(),
            nullable=False,
            comment="Currency of sums across stores, ISO 4217.",
        ),
        sa.Column(
            "is_active", sa.Boolean(), nullable=False, comment="false: data kept, left out of statistics."
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When a run last read the channel's file.",
        ),
        sa.PrimaryKeyConstraint("channel_code", name=op.f("channels_pkey")),
        schema="ops",
        comment="One row per channel that ever ran, as its file said at the last run.",
    )
    op.create_table(
        "definitions",
        sa.Column(
            "definition_name",
            sa.Text(),
            nullable=False,
            comment="Name of the view or function in schema crm.",
        ),
        sa.Column(
            "definition_hash", sa.Text(), nullable=False, comment="Fingerprint of the file it was made from."
        ),
        sa.PrimaryKeyConstraint("definition_name", name=op.f("definitions_pkey")),
        schema="ops",
        comment="One row per shared definition as it stands: tells changed files from those in force.",
    )
    op.create_table(
        "frontiers",
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel."),
        sa.Column("entity", sa.Text(), nullable=False, comment="The entity."),
        sa.Column(
            "initial_started_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="T0: the store's clock when the initial load was planned.",
        ),
        sa.Column(
            "initial_greatest_id", sa.BigInteger(), nullable=True, comment="The greatest id there was at T0."
        ),
        sa.Column(
            "initial_reached_id",
            sa.BigInteger(),
            nullable=True,
            comment="Every id above this is loaded; falls to 0 as the initial load proceeds.",
        ),
        sa.Column(
            "initial_done_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the initial load was complete. NULL: it is under way.",
        ),
        sa.Column(
            "frontier_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Every change up to here is loaded (store's clock). NULL: not known yet.",
        ),
        sa.Column(
            "planned_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a run last planned windows (our clock), for the channel's schedule.",
        ),
        sa.PrimaryKeyConstraint("channel_code", "entity", name=op.f("frontiers_pkey")),
        schema="ops",
        comment="One row per channel and entity: how far the data is complete.",
    )
    op.create_table(
        "identity_keys",
        sa.Column("purpose", sa.Text(), nullable=False, comment="What the key is for."),
        sa.Column(
            "fingerprint",
            sa.Text(),
            nullable=False,
            comment="Hash of the key, to find that another one is in use; not the key.",
        ),
        sa.Column(
            "first_used_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was first used.",
        ),
        sa.PrimaryKeyConstraint("purpose", name=op.f("identity_keys_pkey")),
        schema="ops",
        comment="One row per secret that keys are made with: a run with another secret is refused.",
    )
    op.create_table(
        "quarantine",
        sa.Column(
            "quarantine_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the entry.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel."),
        sa.Column("entity", sa.Text(), nullable=False, comment="The entity."),
        sa.Column(
            "record_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="Key of the record; <channel>:? where it has none.",
        ),
        sa.Column(
            "reasons_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Why it waits: rule, table, and what to do.",
        ),
        sa.Column(
            "payload_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="The record as read, secrets dropped. NULL: it could not be read.",
        ),
        sa.Column("window_id", sa.BigInteger(), nullable=True, comment="The window that last met it."),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it began to wait.",
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was last refused.",
        ),
        sa.Column(
            "resolved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it arrived healthy or was let go. NULL: it waits.",
        ),
        sa.Column(
            "resolution", sa.Text(), nullable=True, comment="arrived_healthy or dismissed. NULL: it waits."
        ),
        sa.PrimaryKeyConstraint("quarantine_id", name=op.f("quarantine_pkey")),
        schema="ops",
        comment="One row per record that waits, or waited, with its children; its last good version stays loaded.",
    )
    op.create_index(
        "quarantine_open_idx",
        "quarantine",
        ["channel_code", "entity", "record_key"],
        unique=True,
        schema="ops",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "touched",
        sa.Column(
            "touched_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the entry.",
        ),
        sa.Column("window_id", sa.BigInteger(), nullable=False, comment="The window that changed something."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel."),
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="What kind of key: customer, order_created, ..."
        ),
        sa.Column(
            "touched_key",
            sa.Text(),
            nullable=True,
            comment="Old or new key. NULL for subjects that are instants.",
        ),
        sa.Column(
            "touched_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Old or new instant, truncated to the hour. NULL for subjects that are keys.",
        ),
        sa.Column(
            "transaction_id",
            Xid8(),
            server_default=sa.text("pg_current_xact_id()"),
            nullable=False,
            comment="Transaction that wrote it: readers follow these, numbers may be committed out of order.",
        ),
        sa.PrimaryKeyConstraint("touched_id", name=op.f("touched_pkey")),
        schema="ops",
        comment="One row per key that a window changed, old and new: what reports and segments have to look at again.",
    )
    op.create_index(
        op.f("touched_subject_transaction_id_idx"),
        "touched",
        ["subject", "transaction_id"],
        unique=False,
        schema="ops",
    )
    op.create_table(
        "validation_results",
        sa.Column("window_id", sa.BigInteger(), nullable=False, comment="The window."),
        sa.Column("table_name", sa.Text(), nullable=False, comment="The frame that was checked."),
        sa.Column("rule", sa.Text(), nullable=False, comment="Short name of the check."),
        sa.Column("severity", sa.Text(), nullable=False, comment="reject, warn or fail."),
        sa.Column("is_success", sa.Boolean(), nullable=False, comment="Whether every row passed."),
        sa.Column("evaluated_count", sa.BigInteger(), nullable=False, comment="Rows looked at."),
        sa.Column("failed_count", sa.BigInteger(), nullable=False, comment="Rows that did not pass."),
        sa.Column(
            "failed_keys_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Keys of the first 100 rows that did not pass; never values.",
        ),
        sa.Column(
            "checked_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When.",
        ),
        sa.PrimaryKeyConstraint("window_id", "table_name", "rule", name=op.f("validation_results_pkey")),
        schema="ops",
        comment="One row per check of a window: keys and counts, never values.",
    )
    op.create_table(
        "windows",
        sa.Column(
            "window_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the window.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel."),
        sa.Column("entity", sa.Text(), nullable=False, comment="The entity."),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="initial, incremental, resync, range, ids or snapshot."
        ),
        sa.Column(
            "id_low",
            sa.BigInteger(),
            nullable=True,
            comment="Ids above this belong to it. NULL: not a window of ids.",
        ),
        sa.Column(
            "id_high",
            sa.BigInteger(),
            nullable=True,
            comment="Ids up to this belong to it. NULL: not a window of ids.",
        ),
        sa.Column(
            "low_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Changes since then belong to it (store's clock), before the overlap is added.",
        ),
        sa.Column(
            "high_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="How far it moves the frontier (store's clock).",
        ),
        sa.Column(
            "is_open",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="No upper bound when read.",
        ),
        sa.Column(
            "ids",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=True,
            comment="The ids asked for by hand. NULL otherwise.",
        ),
        sa.Column(
            "is_forced",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Older rows overwrite newer ones.",
        ),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="planned, extracted, validated, done, failed or superseded.",
        ),
        sa.Column("run_id", sa.Text(), nullable=True, comment="The run that last took it up."),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="How often it was begun.",
        ),
        sa.Column(
            "staged_at_path",
            sa.Text(),
            nullable=True,
            comment="Folder of its parts below the staging root, while there are any.",
        ),
        sa.Column("read_count", sa.BigInteger(), nullable=True, comment="Records read from the store."),
        sa.Column(
            "distinct_count", sa.BigInteger(), nullable=True, comment="Records with distinct keys among them."
        ),
        sa.Column(
            "store_count",
            sa.BigInteger(),
            nullable=True,
            comment="The store's own count. NULL: it gives none.",
        ),
        sa.Column(
            "skipped_count",
            sa.BigInteger(),
            nullable=True,
            comment="Records outside the channel's websites or before its start date.",
        ),
        sa.Column(
            "rejected_count", sa.BigInteger(), nullable=True, comment="Records that went to quarantine."
        ),
        sa.Column("warned_count", sa.BigInteger(), nullable=True, comment="Failed checks that only warn."),
        sa.Column(
            "outcome_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Per table: inserted, updated, unchanged, stale, deleted.",
        ),
        sa.Column(
            "unknown_fields_json",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Fields the store sent and nobody knows, with how often.",
        ),
        sa.Column("error", sa.Text(), nullable=True, comment="One sentence; NULL unless failed."),
        sa.Column(
            "planned_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was planned.",
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True, comment="When it was last begun."),
        sa.Column(
            "finished_at", sa.DateTime(timezone=True), nullable=True, comment="When it was done or failed."
        ),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When its changes were told to reports and segments. NULL: not yet.",
        ),
        sa.PrimaryKeyConstraint("window_id", name=op.f("windows_pkey")),
        schema="ops",
        comment="One row per window of a channel's entity: the ledger of what was read, loaded, left over.",
    )
    op.create_index(
        op.f("windows_channel_code_entity_state_idx"),
        "windows",
        ["channel_code", "entity", "state"],
        unique=False,
        schema="ops",
    )
    op.create_index(op.f("windows_run_id_idx"), "windows", ["run_id"], unique=False, schema="ops")
    op.create_index(
        "windows_unpublished_idx",
        "windows",
        ["entity"],
        unique=False,
        schema="ops",
        postgresql_where=sa.text("published_at IS NULL AND state = 'done'"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("windows_unpublished_idx", table_name="windows", schema="ops")
    op.drop_index(op.f("windows_run_id_idx"), table_name="windows", schema="ops")
    op.drop_index(op.f("windows_channel_code_entity_state_idx"), table_name="windows", schema="ops")
    op.drop_table("windows", schema="ops")
    op.drop_table("validation_results", schema="ops")
    op.drop_index(op.f("touched_subject_transaction_id_idx"), table_name="touched", schema="ops")
    op.drop_table("touched", schema="ops")
    op.drop_index(
        "quarantine_open_idx",
        table_name="quarantine",
        schema="ops",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_table("quarantine", schema="ops")
    op.drop_table("identity_keys", schema="ops")
    op.drop_table("frontiers", schema="ops")
    op.drop_table("definitions", schema="ops")
    op.drop_table("channels", schema="ops")
