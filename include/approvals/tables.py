"""What people were asked about segments of an unexpected size, and what they said."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from include.warehouse.schema import INSTANT, metadata

APPROVED, REJECTED, UNANSWERED = "approved", "rejected", "unanswered"

APPROVALS = Table(
    "approvals",
    metadata,
    Column(
        "approval_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the question."
    ),
    Column("segment_name", Text, nullable=False, comment="The segment that was held back."),
    Column(
        "definition_hash",
        Text,
        nullable=False,
        server_default="",
        comment="Fingerprint of the segment's contract and query: an answer holds for these only.",
    ),
    Column(
        "member_count",
        BigInteger,
        nullable=False,
        comment="Members, or rows of a file, that were not as expected when it was last held back.",
    ),
    Column("minimum_count", BigInteger, nullable=False, comment="How many of them were expected at least."),
    Column(
        "maximum_count",
        BigInteger,
        comment="How many of them were expected at most. NULL: any number.",
    ),
    Column(
        "sizes_json",
        JSONB,
        nullable=False,
        server_default=text("'[]'"),
        comment="All that was not as expected, with what was; the counts above are of the first.",
    ),
    Column("held_at", INSTANT, nullable=False, comment="When it was first held back."),
    Column("decided_at", INSTANT, comment="When it was decided. NULL: it waits for an answer."),
    Column(
        "decision",
        Text,
        comment=f"{APPROVED}: it may go; {REJECTED}: it may not; {UNANSWERED}: nobody answered, it was not sent. "
        "NULL: it waits for an answer.",
    ),
    Column("decided_by", Text, comment="Name of the Airflow account that answered. NULL: nobody did."),
    Index("approvals_open_idx", "segment_name", unique=True, postgresql_where=text("decided_at IS NULL")),
    Index("approvals_segment_idx", "segment_name", "decided_at"),
    CheckConstraint(
        f"decision IN ('{APPROVED}', '{REJECTED}', '{UNANSWERED}')", name="approvals_decision_check"
    ),
    CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="approvals_decided_check"),
    schema="marketing",
    comment="One row per question whether a segment of an unexpected size may be exported.",
)
