"""What is kept about segments beside their own tables: who was in them when, and how large they were."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text, text

from include.warehouse.schema import INSTANT, KEY, metadata

SEGMENT_MEMBERS = Table(
    "segment_members",
    metadata,
    Column(
        "membership_id",
        BigInteger,
        Identity(always=True),
        primary_key=True,
        comment="Number of the membership.",
    ),
    Column("segment_name", Text, nullable=False, comment="The segment: name of its folder and table."),
    Column("channel_code", Text, nullable=False, comment="The channel whose member it is."),
    Column(
        "member_key",
        KEY,
        nullable=False,
        comment="Who: key of what the segment addresses, an account, a cart or a newsletter entry.",
    ),
    Column("entered_at", INSTANT, nullable=False, comment="The refresh that found the member in it."),
    Column("left_at", INSTANT, comment="The refresh that no longer found it there. NULL: it is a member."),
    Index(
        "segment_members_current_idx",
        "segment_name",
        "channel_code",
        "member_key",
        unique=True,
        postgresql_where=text("left_at IS NULL"),
    ),
    Index(None, "segment_name", "entered_at"),
    Index(None, "member_key"),
    schema="marketing",
    comment="One row per stay of a channel's member in a segment: who was in it on a date.",
)

SEGMENT_SIZES = Table(
    "segment_sizes",
    metadata,
    Column("segment_name", Text, primary_key=True, comment="The segment."),
    Column("channel_code", Text, primary_key=True, comment="The channel whose members are counted."),
    Column("measured_at", INSTANT, primary_key=True, comment="The refresh that changed it."),
    Column("member_count", BigInteger, nullable=False, comment="Members afterwards."),
    Column("entered_count", BigInteger, nullable=False, comment="Members that were not in it before."),
    Column("left_count", BigInteger, nullable=False, comment="Members that are no longer in it."),
    schema="marketing",
    comment="One row per channel and refresh that changed a segment's members there, and one for its first.",
)
