"""What people were told, in the warehouse's metadata: the memory that keeps a lasting trouble from flooding them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text, text

from include.warehouse.schema import INSTANT, metadata

NOTICES = Table(
    "notices",
    metadata,
    Column("notice_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the notice."),
    Column(
        "subject", Text, nullable=False, comment="What it is about: sync_orders, stale:<channel>:<entity>."
    ),
    Column("channel_code", Text, comment="The channel. NULL: several, or none."),
    Column("entity", Text, comment="The entity. NULL: several, or none."),
    Column("sentence", Text, nullable=False, comment="What was wrong and what to do."),
    Column(
        "sentence_hash",
        Text,
        nullable=False,
        comment="Fingerprint of the sentence without its figures: a count that grows is no news.",
    ),
    Column("first_told_at", INSTANT, nullable=False, comment="When people were first told."),
    Column("last_told_at", INSTANT, nullable=False, comment="When people were last told."),
    Column("told_count", BigInteger, nullable=False, comment="How often people were told."),
    Column("resolved_at", INSTANT, comment="When it was found to be over. NULL: not known to be."),
    Index(
        "notices_open_idx",
        "subject",
        "sentence_hash",
        unique=True,
        postgresql_where=text("resolved_at IS NULL"),
    ),
    schema="ops",
    comment="One row per thing that people were told by mail or webhook, while it lasted.",
)
