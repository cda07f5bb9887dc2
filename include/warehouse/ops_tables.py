"""The tables of schema ops beside the ledger: channels, what waits, what was checked, what changed.

They are committed with the rows they are about; which windows were read is in `ledger_tables`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import UserDefinedType

from include.warehouse.schema import INSTANT, KEY, metadata


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """The type's name in DDL."""
        return "xid8"


CHANNELS = Table(
    "channels",
    metadata,
    Column("channel_code", Text, primary_key=True, comment="Short stable name; first part of every key."),
    Column("channel_name", Text, nullable=False, comment="Name shown to people."),
    Column("kind", Text, nullable=False, comment="magento1 or magento2."),
    Column("timezone", Text, nullable=False, comment="IANA zone in which the channel's days begin and end."),
    Column(
        "reporting_currency_code", Text, nullable=False, comment="Currency of sums across stores, ISO 4217."
    ),
    Column("is_active", Boolean, nullable=False, comment="false: data kept, left out of statistics."),
    Column(
        "websites_by_store_json",
        JSONB,
        comment="Website by store view, as the store last reported them. NULL: not asked yet.",
    ),
    Column(
        "account_matching_json",
        JSONB,
        comment="Its account_matching: who is the same person. NULL: the default.",
    ),
    Column(
        "shared_guest_emails_json",
        JSONB,
        comment="Its shared_guest_emails: addresses that tell no guest from another. NULL: none.",
    ),
    Column(
        "matched_by_json",
        JSONB,
        comment="These two and default_owner, as they were when all its customers were last looked at by them. "
        "NULL: not yet.",
    ),
    Column(
        "is_showing_order_comments",
        Boolean,
        nullable=False,
        server_default=text("true"),
        comment="Whether comments of orders are shown on the customer and the account, too.",
    ),
    Column("default_owner", Text, comment="Owner of what arrives through it. NULL: none."),
    Column(
        "rfm_categories_json",
        JSONB,
        comment="Its rfm.categories: bounds of recency, frequency and monetary value. NULL: the default.",
    ),
    Column(
        "replaces_channel_code",
        Text,
        comment="Its replaces: the channel of the shop that this one takes over. NULL: none.",
    ),
    Column("updated_at", INSTANT, nullable=False, comment="When a run last read the channel's file."),
    schema="ops",
    comment="One row per channel that ever ran, as its file said at the last run.",
)

QUARANTINE = Table(
    "quarantine",
    metadata,
    Column(
        "quarantine_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the entry."
    ),
    Column("channel_code", Text, nullable=False, comment="The channel."),
    Column("entity", Text, nullable=False, comment="The entity."),
    Column("record_key", KEY, nullable=False, comment="Key of the record; <channel>:? where it has none."),
    Column("reasons_json", JSONB, nullable=False, comment="Why it waits: rule, table, and what to do."),
    Column(
        "payload_json",
        JSONB,
        comment="The record as read, secrets dropped. NULL: it could not be read, or its person was erased.",
    ),
    Column("window_id", BigInteger, comment="The window that last met it."),
    Column(
        "first_seen_at",
        INSTANT,
        nullable=False,
        server_default=text("now()"),
        comment="When it began to wait.",
    ),
    Column(
        "last_seen_at",
        INSTANT,
        nullable=False,
        server_default=text("now()"),
        comment="When it was last refused.",
    ),
    Column("resolved_at", INSTANT, comment="When it arrived healthy or was let go. NULL: it waits."),
    Column("resolution", Text, comment="arrived_healthy or dismissed. NULL: it waits."),
    Column("resolution_reason", Text, comment="Why somebody dismissed it, in their words. NULL: nobody did."),
    Index(
        "quarantine_open_idx",
        "channel_code",
        "entity",
        "record_key",
        unique=True,
        postgresql_where=text("resolved_at IS NULL"),
    ),
    schema="ops",
    comment="One row per record that waits, or waited, with its children; its last good version stays loaded.",
)

ABSENCES = Table(
    "absences",
    metadata,
    Column("channel_code", Text, primary_key=True, comment="The channel."),
    Column("entity", Text, primary_key=True, comment="Entity of the record that is missing."),
    Column("record_id", BigInteger, primary_key=True, comment="Magento's id of the record that is missing."),
    Column("referring_entity", Text, nullable=False, comment="Entity whose records refer to it."),
    Column(
        "noticed_at",
        INSTANT,
        nullable=False,
        server_default=text("now()"),
        comment="When a record that refers to it was first loaded.",
    ),
    Column("asked_at", INSTANT, comment="When the store was asked for it. NULL: not yet."),
    Column(
        "reason",
        Text,
        comment="Why it is not here: not_in_store, outside_the_channel, waits_in_quarantine. NULL: not asked yet.",
    ),
    schema="ops",
    comment="One row per record that others refer to and the warehouse lacks; once asked for, not asked for again.",
)

RECONCILIATIONS = Table(
    "reconciliations",
    metadata,
    Column("channel_code", Text, primary_key=True, comment="The channel."),
    Column("entity", Text, primary_key=True, comment="The entity."),
    Column("id_low", BigInteger, primary_key=True, comment="Ids above this belong to the range."),
    Column(
        "id_high",
        BigInteger,
        nullable=False,
        comment="Ids up to this belong to the range; 0: all records, of a list that says no ids.",
    ),
    Column(
        "store_count",
        BigInteger,
        nullable=False,
        comment="Records the store lists of the channel's websites.",
    ),
    Column(
        "outside_count",
        BigInteger,
        nullable=False,
        comment="Records the store lists of other websites; not in store_count.",
    ),
    Column(
        "too_old_count",
        BigInteger,
        nullable=False,
        comment="Records of store_count made before sync_start_date, which the warehouse rightly lacks.",
    ),
    Column(
        "waiting_count",
        BigInteger,
        nullable=False,
        comment="Records that wait in quarantine; the warehouse may hold an older version of them.",
    ),
    Column(
        "warehouse_count",
        BigInteger,
        nullable=False,
        comment="Rows of the warehouse, those marked deleted left out.",
    ),
    Column(
        "missing_count",
        BigInteger,
        nullable=False,
        comment="Records the store lists, the warehouse lacks, and nothing explains.",
    ),
    Column("missing_ids", ARRAY(BigInteger), nullable=False, comment="Their ids, the first 100."),
    Column("extra_count", BigInteger, nullable=False, comment="Rows that the store does not list."),
    Column("extra_ids", ARRAY(BigInteger), nullable=False, comment="Their ids, the first 100."),
    Column(
        "differing_count",
        BigInteger,
        nullable=False,
        comment="Rows whose date of change or parent is another in the store's list.",
    ),
    Column("differing_ids", ARRAY(BigInteger), nullable=False, comment="Their ids, the first 100."),
    Column(
        "left_count",
        BigInteger,
        nullable=False,
        comment="Differences still there after they were read again by id; extra rows wait for the sweep.",
    ),
    Column("run_id", Text, nullable=False, comment="The run that compared."),
    Column("checked_at", INSTANT, nullable=False, comment="When (our clock)."),
    schema="ops",
    comment="One row per channel, entity and range of ids: the store's list against the warehouse, as last compared.",
)

VALIDATION_RESULTS = Table(
    "validation_results",
    metadata,
    Column("window_id", BigInteger, primary_key=True, comment="The window."),
    Column("table_name", Text, primary_key=True, comment="The frame that was checked."),
    Column("rule", Text, primary_key=True, comment="Short name of the check."),
    Column("severity", Text, nullable=False, comment="reject, warn or fail."),
    Column("is_success", Boolean, nullable=False, comment="Whether every row passed."),
    Column("evaluated_count", BigInteger, nullable=False, comment="Rows looked at."),
    Column("failed_count", BigInteger, nullable=False, comment="Rows that did not pass."),
    Column(
        "failed_keys_json",
        JSONB,
        nullable=False,
        comment="Keys of the first 100 rows that did not pass; never values.",
    ),
    Column("checked_at", INSTANT, nullable=False, server_default=text("now()"), comment="When."),
    schema="ops",
    comment="One row per check of a window: keys and counts, never values.",
)

TOUCHED = Table(
    "touched",
    metadata,
    Column("touched_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the entry."),
    Column(
        "window_id",
        BigInteger,
        comment="The window that changed something. NULL: no window did, a person was erased or a channel purged.",
    ),
    Column("channel_code", Text, nullable=False, comment="The channel."),
    Column("subject", Text, nullable=False, comment="What kind of key: customer, order_created, ..."),
    Column("touched_key", Text, comment="Old or new key. NULL for subjects that are instants."),
    Column(
        "touched_at",
        INSTANT,
        comment="Old or new instant, truncated to the hour. NULL for subjects that are keys.",
    ),
    Column(
        "transaction_id",
        Xid8(),
        nullable=False,
        server_default=text("pg_current_xact_id()"),
        comment="Transaction that wrote it: readers follow these, numbers may be committed out of order.",
    ),
    Index(None, "subject", "transaction_id"),
    schema="ops",
    comment="One row per key that a window changed, old and new: what reports and segments have to look at again.",
)

IDENTITY_KEYS = Table(
    "identity_keys",
    metadata,
    Column("purpose", Text, primary_key=True, comment="What the key is for."),
    Column(
        "fingerprint",
        Text,
        nullable=False,
        comment="Hash of the key, to find that another one is in use; not the key.",
    ),
    Column(
        "first_used_at",
        INSTANT,
        nullable=False,
        server_default=text("now()"),
        comment="When it was first used.",
    ),
    schema="ops",
    comment="One row per secret that keys are made with: a run with another secret is refused.",
)
