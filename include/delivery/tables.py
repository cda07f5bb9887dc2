"""Which file went where, when: what makes a delivery happen once, and what an erasure asks others to delete."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text

from include.warehouse.schema import INSTANT, metadata

DELIVERIES = Table(
    "deliveries",
    metadata,
    Column(
        "delivery_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the delivery."
    ),
    Column("segment_name", Text, nullable=False, comment="The segment."),
    Column("destination", Text, nullable=False, comment="Id of the Airflow connection it went through."),
    Column("file_name", Text, nullable=False, comment="Name of the file, here and there."),
    Column("sha256", Text, nullable=False, comment="Checksum of the file, hexadecimal."),
    Column("byte_count", BigInteger, nullable=False, comment="Size of the file, in bytes."),
    Column("exported_at", INSTANT, nullable=False, comment="When the export made it."),
    Column("delivered_at", INSTANT, nullable=False, comment="When it had arrived whole."),
    Index("deliveries_once_idx", "destination", "file_name", "sha256", unique=True),
    Index("deliveries_segment_idx", "segment_name", "delivered_at"),
    schema="marketing",
    comment="One row per file that arrived at a destination beyond the export folder.",
)
