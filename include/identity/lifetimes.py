"""Lifetime value: what an account has bought, computed anew from its orders whenever one of them changes.

Never added up step by step: an order that goes from pending to complete is still one order, a cancelled one is none.
Which orders and refunds count, and what they are worth, is said in `sql/shared`, once for all statistics.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from include.identity.lock import hold
from include.identity.statistics import keep_statistics

NO_CURRENCY = "XXX"
"""ISO 4217's code for none, of orders that the store sends without one."""

_SCOPE = 'create temp table lifetime_scope (account_key text collate "C" primary key) on commit drop'

# Customers and orders load side by side: whichever comes second finds the other. What the window touched is looked up
# by the transaction, which has an index.
_OF_WINDOW = """
insert into lifetime_scope (account_key)
select touched_key from ops.touched
where transaction_id = pg_current_xact_id() and subject = 'account'
union
select customers.account_key
from ops.touched
inner join crm.customers on touched.touched_key collate "C" = customers.customer_key
where touched.transaction_id = pg_current_xact_id() and touched.window_id = :window_id and touched.subject = 'customer'
union
select customers.account_key
from ops.touched
inner join crm.orders on touched.touched_key collate "C" = orders.order_key
inner join crm.customers on orders.customer_key = customers.customer_key
where touched.transaction_id = pg_current_xact_id() and touched.window_id = :window_id and touched.subject = 'order'
"""
_NAMED = "insert into lifetime_scope (account_key) select unnest(cast(:account_keys as text[]))"
_EVERY = """
insert into lifetime_scope (account_key)
select account_key from crm.accounts union select account_key from crm.account_lifetimes
"""

_MEASURES = (
    "order_count",
    "unconverted_order_count",
    "lifetime_amount",
    "refund_amount",
    "lifetime_net_amount",
)
_GRAIN = ("account_key", "channel_code", "currency_code", "is_reporting_currency")

_NOW = f"""
create temp table lifetimes_now on commit drop as
with orders as (
    select
        customers.account_key,
        orders.order_key,
        orders.channel_code,
        coalesce(orders.base_currency_code, '{NO_CURRENCY}') as base_currency_code,
        orders.reporting_currency_code,
        orders.base_to_reporting_rate,
        orders.base_revenue_amount
    from lifetime_scope as scope
    inner join crm.customers as customers on scope.account_key = customers.account_key
    inner join crm.orders_that_count as orders on customers.customer_key = orders.customer_key
),
refunds as (
    select order_key, sum(base_refunded_revenue_amount) as base_refund_amount
    from crm.refunds_that_count
    where order_key in (select order_key from orders)
    group by order_key
)
select
    orders.account_key,
    orders.channel_code,
    sides.currency_code,
    sides.is_reporting_currency,
    count(*) as order_count,
    count(*) filter (where sides.rate is null) as unconverted_order_count,
    coalesce(round(sum(orders.base_revenue_amount * sides.rate), 4), 0) as lifetime_amount,
    coalesce(round(sum(refunds.base_refund_amount * sides.rate), 4), 0) as refund_amount,
    coalesce(
        round(sum((orders.base_revenue_amount - coalesce(refunds.base_refund_amount, 0)) * sides.rate), 4), 0
    ) as lifetime_net_amount
from orders
left join refunds on orders.order_key = refunds.order_key
cross join lateral (
    select orders.base_currency_code as currency_code, false as is_reporting_currency, 1.0 as rate
    union all
    select orders.reporting_currency_code, true, orders.base_to_reporting_rate
) as sides
group by orders.account_key, orders.channel_code, sides.currency_code, sides.is_reporting_currency
"""  # noqa: S608 - made of names of our own

# Of channels that are not active nothing counts, and what was kept of them stays as it is.
_CHANGED = f"""
create temp table lifetimes_changed on commit drop as
select
    {", ".join(_GRAIN)},
    {", ".join(f"coalesce(fresh.{name}, 0) as {name}" for name in _MEASURES)},
    fresh.account_key is not null or exists (
        select from crm.customers where customers.account_key = known.account_key
    ) as is_alive
from lifetimes_now as fresh
full join (
    select lifetimes.*
    from crm.account_lifetimes as lifetimes
    where
        lifetimes.account_key in (select account_key from lifetime_scope)
        and lifetimes.valid_to is null
        and lifetimes.channel_code in (select channel_code from ops.channels where is_active)
) as known using ({", ".join(_GRAIN)})
where
    ({", ".join(f"coalesce(fresh.{name}, 0)" for name in _MEASURES)})
    is distinct from ({", ".join(f"known.{name}" for name in _MEASURES)})
"""  # noqa: S608 - made of names of our own

_SAME = " and ".join(f"lifetimes.{name} = changed.{name}" for name in _GRAIN)
# A snapshot that began in this very transaction never held for anybody.
_NEVER_HELD = f"""
delete from crm.account_lifetimes as lifetimes using lifetimes_changed as changed
where {_SAME} and lifetimes.valid_to is null and lifetimes.valid_from = now()
"""  # noqa: S608 - made of names of our own
_CLOSE = f"""
update crm.account_lifetimes as lifetimes set valid_to = now() from lifetimes_changed as changed
where {_SAME} and lifetimes.valid_to is null
"""  # noqa: S608 - made of names of our own
_OPEN = f"""
insert into crm.account_lifetimes ({", ".join(_GRAIN)}, valid_from, {", ".join(_MEASURES)}, window_id)
select {", ".join(_GRAIN)}, now(), {", ".join(_MEASURES)}, cast(:window_id as bigint)
from lifetimes_changed where is_alive
"""  # noqa: S608 - made of names of our own
_TELL = """
insert into ops.touched (window_id, channel_code, subject, touched_key)
select distinct cast(:window_id as bigint), split_part(account_key, '\\:', 1), 'account', account_key
from lifetimes_changed
where account_key not in (
    select touched_key collate "C" from ops.touched
    where transaction_id = pg_current_xact_id() and subject = 'account'
)
"""


def value_lifetimes(connection: Connection, *, window_id: int, channel_code: str) -> dict[str, int]:
    """Value the accounts whose orders, refunds or customers a window changed, in the window's transaction.

    Returns:
        Numbers of snapshots inserted, and of former ones closed as `updated`.
    """
    connection.execute(text(_SCOPE))
    if not connection.execute(text(_OF_WINDOW), {"window_id": window_id}).rowcount:
        connection.execute(text("drop table lifetime_scope"))
        return {"inserted": 0, "updated": 0, "deleted": 0}
    return _value(connection, window_id)


def value_lifetimes_of(connection: Connection, account_keys: Iterable[str] | None = None) -> dict[str, int]:
    """The same for these accounts, or for every account there is, outside of a window."""
    connection.execute(text(_SCOPE))
    if account_keys is None:
        connection.execute(text(_EVERY))
    else:
        connection.execute(text(_NAMED), {"account_keys": sorted(set(account_keys))})
    return _value(connection, None)


def _value(connection: Connection, window_id: int | None) -> dict[str, int]:
    hold(connection)  # an account's orders and memos may load side by side
    connection.execute(text("analyze lifetime_scope"))
    keep_statistics(connection)
    connection.execute(text(_NOW))
    connection.execute(text("analyze lifetimes_now"))
    connection.execute(text(_CHANGED))
    connection.execute(text(_NEVER_HELD))
    closed = connection.execute(text(_CLOSE)).rowcount
    opened = connection.execute(text(_OPEN), {"window_id": window_id}).rowcount
    connection.execute(text(_TELL), {"window_id": window_id})
    connection.execute(text("drop table lifetime_scope, lifetimes_now, lifetimes_changed"))
    return {"inserted": opened, "updated": closed, "deleted": 0}
