"""The ledger's tables in schema ops: which windows were read and loaded, and up to where the data is complete.

They are committed with the rows they are about, so that what they say is true of the warehouse beside them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Identity, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from include.warehouse.schema import INSTANT, metadata

FRONTIERS = Table(
    "frontiers",
    metadata,
    Column("channel_code", Text, primary_key=True, comment="The channel."),
    Column("entity", Text, primary_key=True, comment="The entity."),
    Column("initial_started_at", INSTANT, comment="T0: the store's clock when the initial load was planned."),
    Column("initial_greatest_id", BigInteger, comment="The greatest id there was at T0."),
    Column(
        "known_greatest_id",
        BigInteger,
        comment="Every id up to here is in a window, for entities whose new records may have no date. NULL: see "
        "initial_greatest_id.",
    ),
    Column(
        "initial_reached_id",
        BigInteger,
        comment="Every id above this is loaded; falls to 0 as the initial load proceeds.",
    ),
    Column("initial_done_at", INSTANT, comment="When the initial load was complete. NULL: it is under way."),
    Column(
        "frontier_at",
        INSTANT,
        comment="Every change up to here is loaded (store's clock). NULL: not known yet.",
    ),
    Column(
        "planned_at",
        INSTANT,
        comment="When a run last planned windows (our clock), for the channel's schedule.",
    ),
    Column(
        "settings_json",
        JSONB(none_as_null=True),
        comment="The channel's settings that the loaded data goes by: first day, websites, guests. NULL: not loaded.",
    ),
    Column(
        "trailed_at",
        INSTANT,
        comment="When recent records were last read again whatever their dates say (our clock). NULL: never.",
    ),
    Column(
        "swept_at",
        INSTANT,
        comment="When the store's ids were last compared with the warehouse's to the end (our clock). NULL: never.",
    ),
    schema="ops",
    comment="One row per channel and entity: how far the data is complete.",
)

WINDOWS = Table(
    "windows",
    metadata,
    Column("window_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the window."),
    Column("channel_code", Text, nullable=False, comment="The channel."),
    Column("entity", Text, nullable=False, comment="The entity."),
    Column(
        "kind",
        Text,
        nullable=False,
        comment="initial, incremental, resync, range, ids, snapshot, parents, trailing, sweep, gone, waiting, "
        "recheck, replay, probe or new.",
    ),
    Column("id_low", BigInteger, comment="Ids above this belong to it. NULL: not a window of ids."),
    Column("id_high", BigInteger, comment="Ids up to this belong to it. NULL: not a window of ids."),
    Column(
        "low_at",
        INSTANT,
        comment="Changes since then belong to it (store's clock), before the overlap is added.",
    ),
    Column("high_at", INSTANT, comment="How far it moves the frontier (store's clock)."),
    Column(
        "is_open", Boolean, nullable=False, server_default=text("false"), comment="No upper bound when read."
    ),
    Column(
        "ids",
        ARRAY(BigInteger),
        comment="The ids asked for; of a recheck the numbers of quarantine entries, of a replay those of the "
        "windows whose raw copies are read. NULL: not a window of single ids.",
    ),
    Column(
        "is_forced",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Older rows overwrite newer ones.",
    ),
    Column(
        "beyond_json",
        JSONB(none_as_null=True),
        comment="Settings under which the rest was loaded: only what they left out is read. NULL: everything.",
    ),
    Column(
        "is_dry_run",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Loaded and rolled back, to tell what would change; it ends as compared.",
    ),
    Column(
        "state",
        Text,
        nullable=False,
        comment="planned, extracted, validated, done, failed, superseded, compared (a dry run's end) or skipped "
        "(the store cannot deliver the entity).",
    ),
    Column("run_id", Text, comment="The run that last took it up."),
    Column("attempts", Integer, nullable=False, server_default=text("0"), comment="How often it was begun."),
    Column(
        "staged_at_path", Text, comment="Folder of its parts below the staging root, while there are any."
    ),
    Column("read_count", BigInteger, comment="Records read from the store."),
    Column("distinct_count", BigInteger, comment="Records with distinct keys among them."),
    Column("store_count", BigInteger, comment="The store's own count. NULL: it gives none."),
    Column(
        "skipped_count",
        BigInteger,
        comment="Records outside the channel's websites or before its start date.",
    ),
    Column("rejected_count", BigInteger, comment="Records that went to quarantine."),
    Column("warned_count", BigInteger, comment="Failed checks that only warn."),
    Column("outcome_json", JSONB, comment="Per table: inserted, updated, unchanged, stale, deleted."),
    Column(
        "changes_json",
        JSONB(none_as_null=True),
        comment="Of a dry run, per table: keys of the first 100 rows that would change, how, and in which columns; "
        "never values.",
    ),
    Column("unknown_fields_json", JSONB, comment="Fields the store sent and nobody knows, with how often."),
    Column(
        "is_partial",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Records came without what a call adds that the store does not answer; what the warehouse had of it "
        "was kept.",
    ),
    Column(
        "remarks", Text, comment="What the store could not give, in sentences. NULL: nothing was missing."
    ),
    Column("error", Text, comment="One sentence, why it failed or is skipped. NULL otherwise."),
    Column(
        "planned_at", INSTANT, nullable=False, server_default=text("now()"), comment="When it was planned."
    ),
    Column("started_at", INSTANT, comment="When it was last begun."),
    Column("finished_at", INSTANT, comment="When it was done or failed."),
    Column(
        "published_at", INSTANT, comment="When its changes were told to reports and segments. NULL: not yet."
    ),
    Index(
        "windows_unpublished_idx", "entity", postgresql_where=text("published_at IS NULL AND state = 'done'")
    ),
    Index(None, "channel_code", "entity", "state"),
    Index(None, "run_id"),
    schema="ops",
    comment="One row per window of a channel's entity: the ledger of what was read, loaded, left over.",
)
