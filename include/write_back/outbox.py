"""Entries of the outbox from one state to the next: taken up by one worker, in order per record, and settled.

What a newcomer would get wrong: a worker may be killed at any point, so whatever another must know is committed before
the store is asked. `sent_at` is; an entry left behind with it is looked up, one left without it is simply tried again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Engine, text

from include.write_back.entry import Entry, Json, Outcome
from include.write_back.merge import Merge
from include.write_back.tables import WAITING_STATES

LONGEST_PAUSE = timedelta(hours=1)
_DAY = timedelta(days=1)


_COLUMNS = ", ".join(field.name for field in fields(Entry)).replace(
    "wanted_json", "crm.still_wanted(wanted_json, left_json) as wanted_json"
)
_WAITING = ", ".join(repr(state) for state in WAITING_STATES)
_READY = f"""
    entries.channel_code = :channel and entries.kind = any(:kinds)
    and entries.state in ('pending', 'unknown')
    and (entries.next_attempt_at is null or entries.next_attempt_at <= :now)
    and (
        select min(earlier.outbox_id) from crm.outbox as earlier
        where earlier.channel_code = entries.channel_code and earlier.record_key = entries.record_key
            and earlier.entity = entries.entity and earlier.outbox_id < entries.outbox_id
            and earlier.state in ({_WAITING})
    ) is null
    and (entries.unanswered_at is null or entries.unanswered_at <= :quiet)
    and not exists (
        select from crm.outbox as unanswered
        where unanswered.channel_code = entries.channel_code and unanswered.record_key = entries.record_key
            and unanswered.entity = entries.entity and unanswered.unanswered_at > :quiet
    )
"""  # noqa: S608 - our own texts
# Claims are made one after the other, else two would find the last place that the ceiling leaves. What is known of
# a queue's rows is always out of date, and a plan made of it looks at all of them: with 1,000 entries waiting a claim
# took 117 ms. Without sorting, there is only the way along the index, from its front.
_ONE_BY_ONE = text(
    """
    select
        pg_advisory_xact_lock(hashtextextended('outbox:' || :channel, 0)),
        set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
        set_config('enable_bitmapscan', 'off', true)
    """
)
# What other workers have at hand may be sent as well, so it takes up room until it is settled.
_HAS_ROOM = """
    cast(:ceiling as bigint) is null or :ceiling > (
        select coalesce(sum(made.request_count), 0) from crm.outbox as made
        where made.channel_code = :channel and made.last_sent_at >= :since
    ) + (
        select count(*) from crm.outbox as made
        where made.channel_code = :channel and made.state = 'sending'
            and (made.last_sent_at is null or made.last_sent_at < :since)
    )
"""
_CLAIM = text(
    f"""
    update crm.outbox set
        state = 'sending', claimed_at = :now, attempt_count = attempt_count + 1, next_attempt_at = null
    where outbox_id = (
        select entries.outbox_id from crm.outbox as entries
        where {_READY} and ({_HAS_ROOM})
        order by entries.outbox_id limit 1
        for update skip locked
    )
    returning {_COLUMNS}
    """  # noqa: S608 - our own texts
)
_READY_ONES = text(
    f"select {_COLUMNS} from crm.outbox as entries where {_READY} order by outbox_id limit :most"  # noqa: S608
)
_RECOVER = text(
    """
    update crm.outbox set
        state = case
            when attempt_count - earlier_attempt_count > :attempts then 'dead'
            when sent_at is null then 'pending' else 'unknown'
        end,
        finished_at = case when attempt_count - earlier_attempt_count > :attempts then now() end,
        claimed_at = null,
        last_error = 'The worker that had taken it up is gone.'
    where channel_code = :channel and state = 'sending' and claimed_at < :before
    """
)
_WAS_SENT = text("select sent_at is not null from crm.outbox where outbox_id = :outbox_id")
_SENT = text(
    """
    update crm.outbox set
        sent_at = coalesce(sent_at, :now), last_sent_at = :now, request_count = request_count + :requests,
        unanswered_at = :now, claimed_at = :now,
        result_json = coalesce(cast(:memo as jsonb), result_json)
    where outbox_id = :outbox_id and state = 'sending' and attempt_count = :attempt
    """
)
# Only where this attempt sent nothing before: of several requests the first ones were answered.
_NEVER_LEFT = ":was_not_sent and sent_at >= :began_at and request_count <= 1"
_SETTLE = text(
    f"""
    update crm.outbox set
        state = :state, last_error = :error, claimed_at = null, next_attempt_at = :next_at,
        result_json = coalesce(cast(:result as jsonb), result_json),
        unread_json = coalesce(cast(:unread as jsonb), unread_json),
        finished_at = case when :state = any(:waiting) then null else cast(:now as timestamptz) end,
        sent_at = case when {_NEVER_LEFT} then null else sent_at end,
        last_sent_at = case when {_NEVER_LEFT} then null else last_sent_at end,
        request_count = case when {_NEVER_LEFT} then 0 else request_count end,
        unanswered_at = case when :is_unanswered then cast(:now as timestamptz) end
    where outbox_id = :outbox_id and state = 'sending' and attempt_count = :attempt
    """  # noqa: S608 - our own texts
)
_NOTE = text(
    """
    insert into ops.write_back_log (
        outbox_id, channel_code, attempt_number, field_name, base_value, local_value, remote_value, taken_value, reason
    ) values (:outbox_id, :channel, :attempt, :field, :base, :local, :remote, :taken, :reason)
    """
)
_SENT_SINCE = text(
    "select coalesce(sum(request_count), 0) from crm.outbox where channel_code = :channel and last_sent_at >= :since"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """The entries of one channel.

    Attributes:
        kinds: those that can be sent; others wait.
        may_run: how long a request may be at work in the store after its answer was lost.
    """

    engine: Engine
    channel_code: str
    kinds: Sequence[str]
    may_run: timedelta

    def claim(self, now: datetime, *, ceiling: int | None = None) -> Entry | None:
        """Take up the oldest entry that may be sent, whose record has no older one waiting and is at rest.

        A record is not at rest while a request whose answer was lost may be at work on it, whatever became of the
        entry: what is dead may be tried again or asked for anew within seconds, and would be done twice.

        Args:
            now: our clock.
            ceiling: how many requests may be sent in a day; None: any number.

        Returns:
            None: there is none, or no room for it.
        """
        values = self._ready(now) | {"ceiling": ceiling, "since": now - _DAY}
        with self.engine.begin() as connection:
            connection.execute(_ONE_BY_ONE, {"channel": self.channel_code})
            row = connection.execute(_CLAIM, values).mappings().one_or_none()
        return None if row is None else Entry(**row)

    def ready(self, now: datetime, *, most: int) -> list[Entry]:
        """Those that would be taken up first, without taking them up."""
        with self.engine.connect() as connection:
            rows = connection.execute(_READY_ONES, self._ready(now) | {"most": most}).mappings()
            return [Entry(**row) for row in rows]

    def recover(self, before: datetime, *, attempts: int) -> int:
        """Give back what workers left behind that took it up before an instant.

        Args:
            before: whoever took an entry up since then is at work on it.
            attempts: one that left workers behind more often than this is dead, else it would go on for ever.

        Returns:
            How many entries.
        """
        with self.engine.begin() as connection:
            values = {"channel": self.channel_code, "before": before, "attempts": attempts}
            return connection.execute(_RECOVER, values).rowcount

    def may_have_been_sent(self, entry: Entry) -> bool:
        """Whether this or an earlier attempt has committed that a request goes out."""
        with self.engine.connect() as connection:
            return bool(connection.execute(_WAS_SENT, {"outbox_id": entry.outbox_id}).scalar_one())

    def sent_within_a_day(self, now: datetime) -> int:
        """How many requests the entries came to that were sent in the last 24 hours."""
        with self.engine.connect() as connection:
            values = {"channel": self.channel_code, "since": now - _DAY}
            return int(connection.execute(_SENT_SINCE, values).scalar_one())

    def note(self, entry: Entry, merged: Merge) -> None:
        """Keep what was decided about its fields, before anything is done about it."""
        rows = [
            {
                "outbox_id": entry.outbox_id,
                "channel": entry.channel_code,
                "attempt": entry.attempt_count,
                "field": decision.field,
                "base": decision.base,
                "local": decision.local,
                "remote": decision.remote,
                "taken": decision.taken,
                "reason": decision.why.value,
            }
            for decision in merged.decisions
        ]
        if rows:
            with self.engine.begin() as connection:
                connection.execute(_NOTE, rows)

    def mark_sent(self, entry: Entry, now: datetime, memo: Json | None = None, *, requests: int = 1) -> bool:
        """Commit that a request is about to go out; False: the entry is not this worker's any more.

        Args:
            entry: taken up by this worker.
            now: our clock.
            memo: what an attempt that follows has to know of the time before; kept as the result until there is one.
            requests: how many more go out.
        """
        values = {
            "now": now,
            "requests": requests,
            "memo": json.dumps(memo) if memo is not None else None,
            "outbox_id": entry.outbox_id,
            "attempt": entry.attempt_count,
        }
        with self.engine.begin() as connection:
            return connection.execute(_SENT, values).rowcount == 1

    def settle(
        self,
        entry: Entry,
        outcome: Outcome,
        *,
        began_at: datetime,
        now: datetime,
        wait: timedelta,
        unread: Collection[tuple[str, int]] = (),
    ) -> None:
        """Give the entry its next state; nothing where another worker has it by now.

        Args:
            entry: taken up by this worker.
            outcome: of the attempt.
            began_at: when it began.
            now: our clock.
            wait: before the next attempt.
            unread: records to be read again, kept until they are; none: those of an attempt before stay.
        """
        is_waiting = outcome.state in ("pending", "unknown")
        values = {
            "state": outcome.state,
            "error": outcome.error,
            "result": json.dumps(outcome.result) if outcome.result is not None else None,
            "next_at": now + wait if is_waiting else None,
            "waiting": list(WAITING_STATES),
            "unread": json.dumps(sorted(unread)) if unread else None,
            "was_not_sent": outcome.was_not_sent,
            "is_unanswered": outcome.is_unanswered,
            "began_at": began_at,
            "now": now,
            "outbox_id": entry.outbox_id,
            "attempt": entry.attempt_count,
        }
        with self.engine.begin() as connection:
            connection.execute(_SETTLE, values)

    def _ready(self, now: datetime) -> dict[str, object]:
        return {
            "channel": self.channel_code,
            "kinds": list(self.kinds),
            "now": now,
            "quiet": now - self.may_run,
        }


def pause_after(attempt: int) -> timedelta:
    """How long to wait after so many attempts that failed for a while: a minute, two, four, at most an hour."""
    return min(timedelta(minutes=2 ** min(attempt - 1, 10)), LONGEST_PAUSE)
