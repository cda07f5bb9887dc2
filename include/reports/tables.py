"""What is kept about refreshes, in the warehouse's metadata: how far each table came, and what its checks said."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from include.warehouse.ops_tables import Xid8
from include.warehouse.schema import INSTANT, metadata

REFRESHES = Table(
    "refreshes",
    metadata,
    Column("table_name", Text, primary_key=True, comment="The table with its schema: report.daily_sales."),
    Column(
        "contract_hash", Text, nullable=False, comment="Fingerprint of the contract the table was made from."
    ),
    Column(
        "basis_hash",
        Text,
        nullable=False,
        comment="Fingerprint of contract, query, shared definitions and channels: a change has all computed anew.",
    ),
    Column(
        "transaction_position",
        Xid8(),
        nullable=False,
        comment="Everything that older transactions touched is in the table; ops.touched is read from here on.",
    ),
    Column(
        "read_snapshot",
        Text,
        comment="Which transactions the last refresh saw, a pg_snapshot. NULL: refreshed before this was kept.",
    ),
    Column("server_id", Text, nullable=False, comment="The cluster whose transactions the position counts."),
    Column("refreshed_at", INSTANT, nullable=False, comment="When it was last refreshed."),
    Column(
        "is_full",
        Boolean,
        nullable=False,
        comment="Whether everything was computed, not only what was touched.",
    ),
    Column("reason", Text, nullable=False, comment="Why it was full, or what was followed."),
    Column("row_count", BigInteger, nullable=False, comment="Rows of the table afterwards."),
    Column("written_count", BigInteger, nullable=False, comment="Rows that were new or different."),
    Column("deleted_count", BigInteger, nullable=False, comment="Rows that were taken out."),
    Column("unchanged_count", BigInteger, nullable=False, comment="Rows that were computed and found equal."),
    Column("duration_seconds", Double, nullable=False, comment="How long it took, in seconds."),
    Column(
        "complete_until_json",
        JSONB,
        nullable=False,
        comment="Per channel, the instant up to which the data behind it was complete. null: initial load under way.",
    ),
    schema="ops",
    comment="One row per report and segment: its last refresh that stood.",
)

REFRESH_CHECKS = Table(
    "refresh_checks",
    metadata,
    Column("table_name", Text, primary_key=True, comment="The table with its schema: report.daily_sales."),
    Column(
        "check_number",
        Integer,
        primary_key=True,
        comment="Position in checks.sql; the engine's own come first.",
    ),
    Column("severity", Text, nullable=False, comment="fail: undoes the refresh; warn: is only reported."),
    Column("sentence", Text, nullable=False, comment="What is wrong when rows are found."),
    Column("is_success", Boolean, nullable=False, comment="Whether no rows were found."),
    Column("failed_count", BigInteger, nullable=False, comment="Rows that are wrong."),
    Column("sample_json", JSONB, nullable=False, comment="The first 20 of them."),
    Column("checked_at", INSTANT, nullable=False, comment="When."),
    schema="ops",
    comment="One row per check of a report or segment, as of its last refresh, whether it stood or was undone.",
)

COMPLETE_UNTIL = Table(
    "complete_until",
    metadata,
    Column("report_name", Text, primary_key=True, comment="The report: name of its table."),
    Column("channel_code", Text, primary_key=True, comment="The channel."),
    Column(
        "complete_until",
        INSTANT,
        comment="The report holds everything the store knew up to here (store's clock). NULL: initial load under way.",
    ),
    Column("refreshed_at", INSTANT, nullable=False, comment="When the report was last refreshed."),
    schema="report",
    comment="One row per report and active channel: up to when its numbers are complete.",
)
