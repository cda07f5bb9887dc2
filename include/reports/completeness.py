"""Up to when a table's data is complete: the least of what it is made of, channel by channel.

Of another report it is what that report held when it was last refreshed, not what crm holds by now.

It is kept beside the rows (`report.complete_until`), not in them: it moves with every window, and a column of it would
have every row of every report rewritten each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ARRAY, Connection, Text, bindparam, delete, insert, text

from include.reports.model import TableContract
from include.reports.tables import COMPLETE_UNTIL

CompleteUntil = Mapping[str, datetime | None]

_LEAST = text(
    """
    with known as (
        select channel_code, complete_until from crm.complete_until where entity = any(:entities)
        union all
        select channel_code, complete_until from report.complete_until where report_name = any(:reports)
    )
    select
        channels.channel_code,
        case
            when count(known.complete_until) = cardinality(:entities) + cardinality(:reports)
                then min(known.complete_until)
        end as complete_until
    from ops.channels as channels
    left join known on channels.channel_code = known.channel_code
    where channels.is_active
    group by channels.channel_code
    order by channels.channel_code
    """
).bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in ("entities", "reports")))


def complete_until(
    connection: Connection, contract: TableContract, now: datetime
) -> dict[str, datetime | None]:
    """By active channel; None while the initial load of one of the inputs is under way, now where there are none."""
    inputs = {"entities": sorted(contract.entities), "reports": list(contract.report_inputs)}
    return {row[0]: row[1] if any(inputs.values()) else now for row in connection.execute(_LEAST, inputs)}


def as_json(known: CompleteUntil) -> dict[str, str | None]:
    """The same with instants in ISO 8601."""
    return {channel: instant.isoformat() if instant else None for channel, instant in known.items()}


def record_complete_until(connection: Connection, report: str, known: CompleteUntil, now: datetime) -> None:
    """Show readers of a report how far it is complete."""
    connection.execute(delete(COMPLETE_UNTIL).where(COMPLETE_UNTIL.c.report_name == report))
    rows = [
        {"report_name": report, "channel_code": channel, "complete_until": instant, "refreshed_at": now}
        for channel, instant in known.items()
    ]
    if rows:
        connection.execute(insert(COMPLETE_UNTIL), rows)
