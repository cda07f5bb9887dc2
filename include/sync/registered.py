"""What SQL needs to know of a channel, kept as its file says, and what follows when the file changes.

The owner of rows is the one setting that reaches into what is loaded: a new one is given to rows that have none.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, case, select, text, update
from sqlalchemy.dialects.postgresql import insert

from include.channels.model import Channel
from include.entities.catalogue import tables
from include.identity.rules import settings_of
from include.warehouse.ops_tables import CHANNELS
from include.warehouse.schema import CRM

_IS_LOADED = text(
    "exists (select from ops.windows where windows.channel_code = channels.channel_code and windows.state = 'done')"
)
_SHARE = text("select pg_advisory_xact_lock_shared(hashtextextended('owner:' || :channel_code, 0))")
_HOLD = text("select pg_advisory_xact_lock(hashtextextended('owner:' || :channel_code, 0))")


def register(engine: Engine, channel: Channel, now: datetime) -> None:
    """Keep the channel's settings that SQL needs: zone, currency, whether it counts, same persons, owner, RFM.

    What the store runs on stays as it was when data was loaded: `include.sync.channel_checks.check_kind` goes by it.
    """
    values = {
        "channel_code": channel.code,
        "channel_name": channel.name,
        "kind": channel.kind,
        "timezone": channel.timezone,
        "reporting_currency_code": channel.reporting_currency,
        "is_active": channel.active,
        "account_matching_json": settings_of(channel.account_matching),
        "shared_guest_emails_json": list(channel.shared_guest_emails),
        "is_showing_order_comments": channel.order_comments.show_on_customer,
        "default_owner": channel.default_owner,
        "replaces_channel_code": channel.replaces,
        "rfm_categories_json": channel.rfm.categories.model_dump(mode="json"),
        "updated_at": now,
    }
    statement = insert(CHANNELS).values(**values)
    with engine.begin() as connection:
        is_new_owner = _has_new_owner(connection, channel)
        if is_new_owner:
            # Whoever loads rows meanwhile gives them the old owner, or none: wait for them, and let others wait.
            connection.execute(_HOLD, {"channel_code": channel.code})
        kept = {**values, "kind": case((_IS_LOADED, CHANNELS.c.kind), else_=statement.excluded.kind)}
        connection.execute(statement.on_conflict_do_update(index_elements=["channel_code"], set_=kept))
        if is_new_owner:
            _fill_owners(connection, channel)


def share_owner(connection: Connection, channel_code: str) -> None:
    """Let nobody change the channel's owner until the transaction that loads its rows ends."""
    connection.execute(_SHARE, {"channel_code": channel_code})


def _has_new_owner(connection: Connection, channel: Channel) -> bool:
    """Whether the file names another owner than when it was last read; no owner takes nothing away."""
    statement = select(CHANNELS.c.default_owner).where(CHANNELS.c.channel_code == channel.code)
    return channel.default_owner not in (None, connection.execute(statement).scalar())


def _fill_owners(connection: Connection, channel: Channel) -> None:
    for table in (CRM[table.name] for table in tables() if table.has_owner):
        unowned = (table.c.channel_code == channel.code) & table.c.owner_name.is_(None)
        connection.execute(update(table).where(unowned).values(owner_name=channel.default_owner))
