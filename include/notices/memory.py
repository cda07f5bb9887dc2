"""What people were told already: the same sentence about the same subject is repeated only after a while.

A store that is down over night fails a run every quarter of an hour; whoever gets a hundred mails about it reads none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from include.notices.notice import Notice

REPEATED_AFTER = timedelta(hours=6)
"""A trouble that lasts is told again then; one that comes back within it is told by the check of freshness."""

_NEWS = text("""
insert into ops.notices as known
    (subject, channel_code, entity, sentence, sentence_hash, first_told_at, last_told_at, told_count)
values (:subject, :channel_code, :entity, :sentence, :sentence_hash, :now, :now, 1)
on conflict (subject, sentence_hash) where resolved_at is null do update
    set sentence = excluded.sentence, last_told_at = excluded.last_told_at, told_count = known.told_count + 1
    where known.last_told_at <= :before
returning notice_id
""")
_OVER = text("""
update ops.notices set resolved_at = :now
where resolved_at is null and starts_with(subject, :prefix) and subject <> all(:lasting)
returning subject
""")


def news(connection: Connection, notices: Iterable[Notice], now: datetime) -> list[Notice]:
    """Those that people have not been told lately; they count as told from now on.

    Two tasks that fail at once with the same sentence meet in the table, and one of them tells.
    """
    before = now - REPEATED_AFTER
    return [notice for notice in notices if _is_news(connection, notice, now, before)]


def _is_news(connection: Connection, notice: Notice, now: datetime, before: datetime) -> bool:
    values = {
        "subject": notice.subject,
        "channel_code": notice.channel_code,
        "entity": notice.entity,
        "sentence": notice.sentence,
        "sentence_hash": _without_figures(notice.sentence),
        "now": now,
        "before": before,
    }
    return connection.execute(_NEWS, values).first() is not None


def _without_figures(sentence: str) -> str:
    return hashlib.sha256(re.sub(r"[0-9]+", "", sentence).encode()).hexdigest()[:32]


def resolve(connection: Connection, prefix: str, lasting: Collection[str], now: datetime) -> set[str]:
    """Close what was told about subjects with this prefix that do not last; those subjects."""
    found = connection.execute(_OVER, {"prefix": prefix, "lasting": list(lasting), "now": now})
    return set(found.scalars())
