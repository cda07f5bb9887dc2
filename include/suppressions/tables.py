"""What is kept of a suppression: a hash that an address can be held against, too little to write to anybody."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Table, Text, text

from include.warehouse.schema import INSTANT, metadata

EVERY_CHANNEL = "*"
"""Scope of what holds everywhere; no channel has such a code."""
REASONS = ("unsubscribed", "bounced", "complained", "erased", "by_hand")
REASONS_OF_PEOPLE = tuple(reason for reason in REASONS if reason != "bounced")
"""What somebody said rather than a mailbox did: it holds for every address of the account."""

SUPPRESSIONS = Table(
    "suppressions",
    metadata,
    Column(
        "address_hash",
        Text,
        primary_key=True,
        comment="Keyed hash of the normalised e-mail, as in ops.erasures.",
    ),
    Column(
        "mailbox_hash",
        Text,
        comment="Keyed hash of the mailbox, where other addresses lead to it as well (Google's dots and plus). "
        "NULL: none do, or only the hash of the address was known.",
    ),
    Column(
        "scope", Text, primary_key=True, comment="Code of the channel it holds for. *: for every channel."
    ),
    Column(
        "reason",
        Text,
        primary_key=True,
        comment=f"Why: {', '.join(REASONS)}.",
    ),
    Column(
        "source",
        Text,
        primary_key=True,
        comment="Who said so: a platform (klaviyo, mailchimp, ...), erasure, or person.",
    ),
    Column(
        "occurred_at",
        INSTANT,
        comment="When it happened, as the source says. NULL: it does not say.",
    ),
    Column("first_noted_at", INSTANT, nullable=False, comment="When the warehouse first heard of it."),
    Column("last_noted_at", INSTANT, nullable=False, comment="When the warehouse last heard of it."),
    Column(
        "file_id", BigInteger, comment="The file of marketing.opt_out_files it came with first. NULL: none."
    ),
    Column("lifted_at", INSTANT, comment="When a person lifted it. NULL: it holds."),
    Column("lifted_note", Text, comment="Why it was lifted, in the person's words. NULL: it holds."),
    Column(
        "store_told_at",
        INSTANT,
        comment="When the stores of its scope that take opt-outs were asked to unsubscribe the address, where it is on "
        "their list. NULL: not yet, or no store takes them.",
    ),
    Index("suppressions_file_idx", "file_id"),
    # Looked for every quarter of an hour, and mostly none.
    Index(
        "suppressions_untold_idx",
        "address_hash",
        postgresql_where=text("store_told_at is null and lifted_at is null"),
    ),
    Index("suppressions_mailbox_idx", "mailbox_hash", postgresql_where=text("mailbox_hash IS NOT NULL")),
    CheckConstraint(
        f"reason IN ({', '.join(repr(reason) for reason in REASONS)})", name="suppressions_reason_check"
    ),
    CheckConstraint("(lifted_at IS NULL) = (lifted_note IS NULL)", name="suppressions_lifted_check"),
    schema="marketing",
    comment="One row per address, scope, reason and source: whoever has one that holds is in no marketing file.",
)

OPT_OUT_FILES = Table(
    "opt_out_files",
    metadata,
    Column("file_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the file."),
    Column(
        "scope", Text, nullable=False, comment="Code of the channel it was dropped for. *: every channel."
    ),
    Column(
        "sha256",
        Text,
        nullable=False,
        comment="Checksum of the file; its name may be somebody's, so it is not kept.",
    ),
    Column("platform", Text, nullable=False, comment="Whose file it is, by its header."),
    Column("row_count", BigInteger, nullable=False, comment="Rows in it, without the header."),
    Column("address_count", BigInteger, nullable=False, comment="Different opt-outs in it."),
    Column("new_count", BigInteger, nullable=False, comment="Opt-outs that were not known before."),
    Column("taken_at", INSTANT, nullable=False, comment="When it was taken in."),
    Index("opt_out_files_once_idx", "scope", "sha256", unique=True),
    schema="marketing",
    comment="One row per opt-out file that was taken in; the file itself is gone, its addresses are hashes.",
)
