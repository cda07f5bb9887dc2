"""What is kept of an erasure: enough to know the person again, too little to say who it was."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from include.warehouse.schema import INSTANT, KEY, metadata

ERASURES = Table(
    "erasures",
    metadata,
    Column(
        "erasure_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the erasure."
    ),
    Column(
        "email_hash",
        Text,
        unique=True,
        comment="Keyed hash of the normalised e-mail. NULL: only records were named, since several people share it.",
    ),
    Column(
        "erased_at",
        INSTANT,
        nullable=False,
        server_default=text("now()"),
        comment="When the warehouse first forgot the person.",
    ),
    Column(
        "files_rewritten_at",
        INSTANT,
        comment="When the kept files had forgotten the person too. NULL: not yet, run it again.",
    ),
    Column("outcome_json", JSONB, comment="Rows anonymised by table, in the last run."),
    Column(
        "exports_json",
        JSONB,
        comment="Segment files that held the person: segment, name, when, checksum. Ask whoever got them to delete it.",
    ),
    schema="ops",
    comment="One row per erased person: applied to every record that arrives later, so that nobody comes back.",
)

ERASED_RECORDS = Table(
    "erased_records",
    metadata,
    Column("entity", Text, primary_key=True, comment="The entity."),
    Column("record_key", KEY, primary_key=True, comment="Key of the record, as in its table in schema crm."),
    Column("erasure_id", BigInteger, nullable=False, comment="The erasure, of ops.erasures."),
    Column(
        "noted_at", INSTANT, nullable=False, server_default=text("now()"), comment="When it was first met."
    ),
    Index(None, "erasure_id"),
    schema="ops",
    comment="One row per record of an erased person: known again by its key, as its e-mail is gone.",
)
