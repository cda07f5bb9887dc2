"""What is kept of exports: one row per run that wrote files, one per file. Personal data is only in the files.

Together with marketing.segment_members (who was in the segment at `exported_at`) and marketing.consent they answer why
somebody was in a file, and on which consent.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from include.warehouse.schema import INSTANT, KEY, metadata


def _count(name: str, comment: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0", comment=comment)


EXPORTS = Table(
    "exports",
    metadata,
    Column("export_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the export."),
    Column("segment_name", Text, nullable=False, comment="The segment."),
    Column(
        "file_name",
        Text,
        nullable=False,
        unique=True,
        comment="Name of the full file, below the segment's folder; of its first part where it was split.",
    ),
    Column("profile", Text, nullable=False, comment="Shape of the files: a platform, or generic_csv."),
    Column(
        "channel_code",
        KEY,
        comment="The channel whose people are in it. NULL: of before channels had files of their own.",
    ),
    Column("row_count", BigInteger, nullable=False, comment="Rows in the full file."),
    Column("byte_count", BigInteger, nullable=False, comment="Size of the full file, in bytes."),
    Column(
        "sha256",
        Text,
        nullable=False,
        comment="Checksum of the full file, hexadecimal; of its first part where it was split.",
    ),
    Column(
        "definition_hash", Text, nullable=False, comment="Fingerprint of the segment's contract and query."
    ),
    Column(
        "profile_rules",
        Text,
        nullable=False,
        server_default="",
        comment="Version of the platform's rules that the rows were made by. Empty: before versions were kept.",
    ),
    Column(
        "consent_basis",
        Text,
        nullable=False,
        server_default="",
        comment="newsletter: only who was subscribed; none: nobody had to be asked. Empty: before it was kept.",
    ),
    Column("campaign_code", Text, comment="What links of the campaign are marked with. NULL: none was kept."),
    _count("member_count", "Members of the segment."),
    _count("without_address_count", "Members left out: no address is known."),
    _count("without_consent_count", "Members left out: not subscribed, or unsubscribed."),
    _count("held_out_count", "Members left out: the share that a campaign is compared with."),
    _count("suppressed_count", "Members left out: suppressed or erased."),
    _count("invalid_count", "Members left out: the platform would refuse the row."),
    _count("doubled_count", "Members left out: somebody before them has the same address."),
    _count("added_count", "Rows that are new or changed since the delivered export before."),
    _count("removed_count", "Rows of the delivered export before that are no longer there."),
    Column(
        "content_hash",
        Text,
        comment="Fingerprint of all rows, however split: equal where an export says the same. NULL: not kept.",
    ),
    Column("manifest_json", JSONB, nullable=False, comment="The manifest that lies beside the files."),
    Column("exported_at", INSTANT, nullable=False, comment="When, as in the files' names."),
    Column(
        "published_at",
        INSTANT,
        comment="When the files had appeared under their names. NULL: the run ended before; nobody is told of them.",
    ),
    Column(
        "checked_at",
        INSTANT,
        nullable=False,
        comment="The last run for which these files still said it all, so that no new ones were written.",
    ),
    Column(
        "delivered_at",
        INSTANT,
        comment="When all destinations had the files. NULL: not yet; the next added and removed ignore this export.",
    ),
    Column("deleted_at", INSTANT, comment="The export that deleted it as too old. NULL: it was not deleted."),
    Index(None, "segment_name", "exported_at"),
    schema="marketing",
    comment="One row per segment, profile, channel and run that wrote files.",
)

EXPORT_FILES = Table(
    "export_files",
    metadata,
    Column(
        "export_id",
        BigInteger,
        ForeignKey(EXPORTS.c.export_id, ondelete="CASCADE"),
        primary_key=True,
        comment="The export; key of marketing.exports.",
    ),
    Column("file_name", Text, primary_key=True, comment="Name with its folder, below the segment's."),
    Column("kind", Text, nullable=False, comment="full, added, removed or suppression."),
    Column(
        "part_number",
        Integer,
        nullable=False,
        comment="Counted from 1; more where the platform's limit split it.",
    ),
    Column("row_count", BigInteger, nullable=False, comment="Rows without the header."),
    Column("byte_count", BigInteger, nullable=False, comment="Size in bytes."),
    Column("sha256", Text, nullable=False, comment="Checksum, hexadecimal."),
    schema="marketing",
    comment="One row per file of an export.",
)
