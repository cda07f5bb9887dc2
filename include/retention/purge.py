"""Purge a channel: every row and file of a channel that nobody wants any more, as if it had never been read.

What the warehouse keeps of it is told by its metadata, so that a new table cannot be forgotten: a table with a
`channel_code`, or with keys that begin with the channel. Erased people stay erased, should the channel come back.
Reports and segments forget it at their next refresh, since the list of channels is part of what they are made of; but
snapshots, which no refresh computes again, are deleted here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from sqlalchemy import Engine, Table, inspect, text

from include.channels.loading import ChannelSet
from include.entities.catalogue import ENTITY_NAMES
from include.errors import ConfigError
from include.identity.accounts import settle_customers
from include.identity.lifetimes import value_lifetimes_of
from include.identity.lock import hold as hold_identity
from include.reports.loading import load_reports
from include.retention.steps import delete_in_steps
from include.sync import ledger
from include.warehouse.everything import metadata
from include.warehouse.schema import KEY

log = logging.getLogger(__name__)

KEPT = frozenset(
    """
    marketing.approvals marketing.deliveries marketing.export_files marketing.exports marketing.opt_out_files
    marketing.segment_sizes marketing.suppressions ops.definitions ops.erased_records ops.erasures ops.identity_keys
    ops.refresh_checks ops.refreshes ops.shared_roots
    """.split()
)
"""Tables that are of no channel, or whose rows must outlive theirs."""
LAST = (
    "crm.account_matches",
    "crm.accounts",
    "crm.contacts",
    "ops.touched",
    "ops.validation_results",
    "ops.windows",
    "ops.channels",
)
"""What tells with whom customers shared accounts and what parting them touches, and that there is something to purge: a
broken one is repeated."""

_SUPERSEDE = """
update ops.windows set state = 'superseded', finished_at = now()
where channel_code = :channel and state in ('planned', 'extracted', 'validated', 'failed')
"""
_IS_KNOWN = "select exists (select from ops.channels where channel_code = :channel)"

# Whose account was founded in the channel, or joined by one of its customers; or who joined one of them.
_SHARED = """
select customers.customer_key from crm.customers as customers
where customers.account_key in (
    select account_key from crm.customers
    where account_key >= :low and account_key < :high or contact_key >= :low and contact_key < :high
    union
    select other.account_key
    from crm.account_matches as matches inner join crm.customers as other
        on matches.matched_customer_key = other.customer_key
    where matches.customer_key >= :low and matches.customer_key < :high
    union
    select other.account_key
    from crm.account_matches as matches inner join crm.customers as other
        on matches.customer_key = other.customer_key
    where matches.matched_customer_key >= :low and matches.matched_customer_key < :high
)
"""
# Kept apart by hand is kept, whoever it was from.
_KEPT_APART = """
update crm.account_matches set matched_customer_key = customer_key
where undone_at is not null and matched_customer_key >= :low and matched_customer_key < :high
"""


# What was bought in it by accounts that other channels have founded.
_LIFETIMES = "delete from crm.account_lifetimes where channel_code = :channel"


def stop(engine: Engine, found: ChannelSet, code: str) -> None:
    """Make sure that there is such a channel and that nothing reads or loads it any more.

    Raises:
        ConfigError: its file is active, or cannot be read and so may be, or the warehouse knows no such channel.
    """
    active = [channel for channel in found.channels if channel.code == code and channel.active]
    if active or any(refusal.code in (code, None) for refusal in found.refused):
        raise ConfigError(
            f"Channel {code} may still be read: write `active: false` into its file, or remove the file, then purge it."
        )
    with engine.begin() as connection:
        if not connection.execute(text(_IS_KNOWN), {"channel": code}).scalar_one():
            raise ConfigError("The warehouse has no such channel: see ops.channels for those there are.")
        for name in sorted(ENTITY_NAMES):
            ledger.hold(connection, code, name)
        # Whatever is still being loaded finds its window replaced, and loads nothing.
        connection.execute(text(_SUPERSEDE), {"channel": code})


def purge_rows(engine: Engine, code: str) -> dict[str, int]:
    """Delete all rows of a channel that was stopped; running it again goes on where it broke off.

    Returns:
        Rows that went, by table, those without any left out.
    """
    values = {"channel": code, "low": f"{code}:", "high": f"{code};"}  # the character after the colon
    tables = sorted(metadata.tables.values(), key=lambda table: table.fullname)
    counts = _deleted(engine, [table for table in tables if table.fullname not in LAST], values)
    _part_accounts(engine, values)
    counts |= _deleted_snapshots(engine, code)
    return counts | _deleted(engine, [metadata.tables[name] for name in LAST], values)


def _deleted(engine: Engine, tables: Iterable[Table], values: Mapping[str, str]) -> dict[str, int]:
    counts = {}
    for table in tables:
        condition = _condition(table)
        if condition:
            bound = {name: value for name, value in values.items() if f":{name}" in condition}
            counts[table.fullname] = delete_in_steps(engine, table.fullname, condition, bound)
    return {name: count for name, count in counts.items() if count}


def _deleted_snapshots(engine: Engine, code: str) -> dict[str, int]:
    kept = [one.table for one in load_reports().reports.values() if one.contract.refresh.keeps_the_past]
    made = [table for table in kept if inspect(engine).has_table(table.name, schema=table.schema)]
    condition, values = "old.channel_code = :channel", {"channel": code}
    return {table.full_name: delete_in_steps(engine, table.full_name, condition, values) for table in made}


def _part_accounts(engine: Engine, values: Mapping[str, str]) -> None:
    """Settle the accounts that customers of other channels shared with those that are gone."""
    bounds = {name: values[name] for name in ("low", "high")}
    with engine.begin() as connection:
        hold_identity(connection)
        shared = connection.execute(text(_SHARED), bounds).scalars().all()
        connection.execute(text(_KEPT_APART), bounds)
        connection.execute(text(_LIFETIMES), {"channel": values["channel"]})
        if shared:
            value_lifetimes_of(connection, settle_customers(connection, shared, are_new=True))


def _condition(table: Table) -> str | None:
    """Which rows of a table are a channel's; None for a table whose rows are nobody's."""
    if table.fullname in KEPT:
        return None
    keys = [column.name for column in table.c if getattr(column.type, "collation", None) == KEY.collation]
    # By the index of the key where there is one.
    if keys and (keys[0] in table.primary_key.columns or "channel_code" not in table.c):
        return f"old.{keys[0]} >= :low and old.{keys[0]} < :high"
    if "channel_code" in table.c:
        return "old.channel_code = :channel"
    if "window_id" in table.c:
        return "old.window_id in (select window_id from ops.windows where channel_code = :channel)"
    raise ValueError(f"{table.fullname}: nothing tells which rows are a channel's")
