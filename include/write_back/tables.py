"""What the CRM side asked for and what became of it.

What a newcomer would get wrong: `unknown` is not an error. The store was asked and its answer was lost, so the entry is
looked up in the store before anything is sent again; a second order is worse than a late one.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from include.warehouse.schema import INSTANT, KEY, PERSONAL, metadata

WAITING_STATES = ("pending", "sending", "unknown", "conflict")
"""States in which an entry still wants something to happen; later ones of its record wait for it."""
FINAL_STATES = ("done", "rejected", "dead", "dropped")
STATES = (*WAITING_STATES, *FINAL_STATES)
_LISTED = ", ".join(repr(state) for state in STATES)
_FINAL = ", ".join(repr(state) for state in FINAL_STATES)
_WAITING = ", ".join(repr(state) for state in WAITING_STATES)

OUTBOX = Table(
    "outbox",
    metadata,
    Column(
        "outbox_id",
        BigInteger,
        Identity(always=True),
        primary_key=True,
        comment="Number of the entry; those of one record are sent in its order.",
    ),
    Column("channel_code", Text, nullable=False, comment="The channel whose store shall change."),
    Column("kind", Text, nullable=False, comment="What shall happen, as in crm.change_kinds."),
    Column(
        "target_key",
        KEY,
        comment="Key of what shall change. NULL: it is to be made, in the channel itself.",
    ),
    Column("entity", Text, nullable=False, comment="Entity of the record that is changed."),
    Column(
        "record_key",
        KEY,
        comment="Key of that record; its entries are sent one after the other. NULL: it is not there yet.",
    ),
    Column(
        "wanted_json",
        JSONB,
        comment="The fields and their wanted values, by column. NULL: its person was erased.",
        info={PERSONAL: True},
    ),
    Column(
        "base_json",
        JSONB,
        comment="What the writer saw in these fields. NULL: there was nothing to see, or its person was erased.",
        info={PERSONAL: True},
    ),
    Column(
        "left_json",
        JSONB,
        comment="The fields that a person left as the store had them, with what it held: these are not written. NULL: "
        "none, or its person was erased.",
        info={PERSONAL: True},
    ),
    Column(
        "idempotency_key",
        KEY,
        nullable=False,
        comment="Asked for again under the same key, it is the same entry.",
    ),
    Column("requested_by", Text, nullable=False, comment="Who asked, as they were named."),
    Column("requested_login", Text, nullable=False, comment="The database login that asked."),
    Column(
        "requested_at",
        INSTANT,
        nullable=False,
        server_default=text("now()"),
        comment="When it was asked for.",
    ),
    Column(
        "state",
        Text,
        nullable=False,
        server_default="pending",
        comment="pending: to be sent. sending: at work. unknown: sent, to be looked up. conflict: somebody has to "
        "decide. done. rejected: the store does not accept it. dead: too many attempts. dropped: taken back.",
    ),
    Column(
        "attempt_count",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="How many times it was taken up.",
    ),
    Column(
        "earlier_attempt_count",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="How many of them were before a person last decided about it: these no longer count against "
        "two_way.attempts.",
    ),
    Column(
        "next_attempt_at", INSTANT, comment="Not to be taken up before. NULL: at once, or never any more."
    ),
    Column(
        "sent_at",
        INSTANT,
        comment="When a request for it may have reached the store for the first time. NULL: it surely never did.",
    ),
    Column(
        "unanswered_at",
        INSTANT,
        comment="When a request for it went out, or was given up: it may be at work in the store for "
        "max_execution_minutes after that, and the record is left alone. NULL: all were answered.",
    ),
    Column("claimed_at", INSTANT, comment="When a worker took it up last. NULL: none is at work on it."),
    Column("last_error", Text, comment="Why the last attempt did not do it. NULL: nothing went wrong."),
    Column(
        "result_json",
        JSONB,
        comment="What came of it: key of what is new, fields written. NULL: nothing yet.",
    ),
    Column(
        "finished_at", INSTANT, comment="When it was done, rejected, dead or dropped. NULL: it still waits."
    ),
    Column(
        "last_sent_at",
        INSTANT,
        comment="When a request for it may have reached the store for the last time. NULL: it surely never did.",
    ),
    Column(
        "request_count",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="How many requests went out for it, counted against the ceiling of a day.",
    ),
    Column(
        "unread_json",
        JSONB,
        comment="Records to be read again since the store was asked, each with entity and id. NULL: crm shows them as "
        "they are.",
    ),
    CheckConstraint(f"state in ({_LISTED})", name="outbox_state_check"),
    CheckConstraint(f"(state in ({_FINAL})) = (finished_at is not null)", name="outbox_finished_check"),
    CheckConstraint("(state = 'sending') = (claimed_at is not null)", name="outbox_claimed_check"),
    UniqueConstraint("channel_code", "idempotency_key", name="outbox_once"),
    Index(
        "outbox_waiting_idx",
        "channel_code",
        "record_key",
        "outbox_id",
        postgresql_where=text(f"state in ({_WAITING})"),
    ),
    # The queue in its order: a claim looks at its front only.
    Index(
        "outbox_queue_idx",
        "channel_code",
        "outbox_id",
        postgresql_where=text("state in ('pending', 'unknown')"),
    ),
    # What became of the record's earlier changes, and of later ones.
    Index("outbox_record_idx", "channel_code", "record_key"),
    # Looked at before every attempt: whether the record is at rest.
    Index(
        "outbox_unanswered_idx",
        "channel_code",
        "record_key",
        "unanswered_at",
        postgresql_where=text("unanswered_at is not null"),
    ),
    Index("outbox_unread_idx", "channel_code", postgresql_where=text("unread_json is not null")),
    # Counted before every attempt, to keep the ceiling of a day.
    Index(
        "outbox_last_sent_idx",
        "channel_code",
        "last_sent_at",
        postgresql_where=text("last_sent_at is not null"),
    ),
    schema="crm",
    comment="One row per change that somebody asked for, to be made in a store: made by crm.request_change only.",
)

WRITE_BACK_LOG = Table(
    "write_back_log",
    metadata,
    Column(
        "entry_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the decision."
    ),
    Column("outbox_id", BigInteger, nullable=False, comment="The entry of crm.outbox."),
    Column("channel_code", Text, nullable=False, comment="The channel whose store was asked."),
    Column("attempt_number", BigInteger, nullable=False, comment="In which of its attempts."),
    Column("field_name", Text, nullable=False, comment="The field, by column of its crm table."),
    Column(
        "base_value",
        Text,
        comment="What the writer saw. NULL: nothing, or its person was erased.",
        info={PERSONAL: True},
    ),
    Column(
        "local_value",
        Text,
        comment="What the writer wanted. NULL: nothing, or its person was erased.",
        info={PERSONAL: True},
    ),
    Column(
        "remote_value",
        Text,
        comment="What the store held. NULL: nothing, or its person was erased.",
        info={PERSONAL: True},
    ),
    Column(
        "taken_value",
        Text,
        comment="What was decided. NULL: nothing, or its person was erased.",
        info={PERSONAL: True},
    ),
    Column("reason", Text, nullable=False, comment="Why, in words."),
    Column(
        "decided_at", INSTANT, nullable=False, server_default=text("now()"), comment="When it was decided."
    ),
    Index("write_back_log_outbox_idx", "outbox_id"),
    schema="ops",
    comment="One row per field decided in an attempt to change a store: what was seen, wanted, found and taken.",
)

WRITE_BACK_DECISIONS = Table(
    "write_back_decisions",
    metadata,
    Column(
        "decision_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the decision."
    ),
    Column("outbox_id", BigInteger, nullable=False, comment="The entry of crm.outbox."),
    Column("channel_code", Text, nullable=False, comment="The channel whose store it is about."),
    Column("decision", Text, nullable=False, comment="retry, drop, crm or store."),
    Column(
        "field_names",
        ARRAY(Text),
        comment="Fields it was taken about; what each held is in ops.write_back_log. NULL: the whole entry.",
    ),
    Column("state_before", Text, nullable=False, comment="State of the entry before."),
    Column("state_after", Text, nullable=False, comment="State of the entry after."),
    Column("error_before", Text, comment="What had kept the entry from being done. NULL: nothing."),
    Column("decided_by", Text, nullable=False, comment="Who decided, as they were named."),
    Column("decided_login", Text, nullable=False, comment="The database login that decided."),
    Column(
        "decided_at", INSTANT, nullable=False, server_default=text("now()"), comment="When it was decided."
    ),
    Index("write_back_decisions_outbox_idx", "outbox_id"),
    schema="ops",
    comment="One row per decision of a person about a change of a store: made by crm.decide_change only.",
)
