"""Accounts: which customers are one, as a step after each load that made or changed customers.

An account is called after its founder, the oldest customer in it, so a warehouse built anew has the same keys. It keeps
its name unless an older customer turns out to belong to it, which happens while a first load goes back in time; the
row of the former name stays and says where it went.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from include.identity.cards import write_cards
from include.identity.lock import hold
from include.identity.matching import match
from include.identity.statistics import keep_statistics

_TABLES = """
create temp table people_touched (customer_key text collate "C" primary key, is_new boolean) on commit drop;
create temp table people_moved (customer_key text collate "C") on commit drop;
create temp table people_accounts (account_key text collate "C" primary key) on commit drop;
create temp table people_changed (account_key text collate "C") on commit drop
"""

# By the transaction, which has an index: months of windows leave millions of entries.
_OF_WINDOW = """
insert into people_touched (customer_key, is_new)
select distinct customers.customer_key, customers.first_seen_at = now()
from ops.touched
inner join crm.customers on touched.touched_key collate "C" = customers.customer_key
where
    touched.transaction_id = pg_current_xact_id() and touched.window_id = :window_id and touched.subject = 'customer'
    and (customers.is_guest or not :guests_only)
"""

# Everybody, where the settings are not those that the customers were last looked at by; a new owner is no new rule.
_OF_CHANGED_SETTINGS = """
with changed as (
    update ops.channels set matched_by_json = said.settings
    from (
        select
            channel_code,
            jsonb_build_array(account_matching_json, shared_guest_emails_json, default_owner) as settings,
            matched_by_json - 2 is distinct from
            jsonb_build_array(account_matching_json, shared_guest_emails_json) as are_rules_new
        from ops.channels
    ) as said
    where
        channels.channel_code = :channel_code
        and channels.channel_code = said.channel_code
        and channels.matched_by_json is distinct from said.settings
    returning channels.channel_code, said.are_rules_new
)
insert into people_touched (customer_key, is_new)
select customers.customer_key, changed.are_rules_new
from crm.customers inner join changed on customers.channel_code = changed.channel_code
on conflict (customer_key) do update set is_new = people_touched.is_new or excluded.is_new
"""

_NAMED = """
insert into people_touched (customer_key, is_new)
select customer_key, :is_new from crm.customers where customer_key = any(:customer_keys)
"""

_ACCOUNTS_OF_TOUCHED = """
insert into people_accounts (account_key)
select distinct customers.account_key
from people_touched inner join crm.customers on people_touched.customer_key = customers.customer_key
on conflict do nothing
"""

# All customers of the accounts between which somebody moved; the founder is whoever joined nobody.
_ROOTS = """
create temp table people_roots on commit drop as
with affected as (
    select customers.account_key
    from people_moved inner join crm.customers on people_moved.customer_key = customers.customer_key
    union
    select joined.account_key
    from people_moved
    inner join crm.account_matches as matches on people_moved.customer_key = matches.customer_key
    inner join crm.customers as joined on matches.matched_customer_key = joined.customer_key
)
select
    customers.customer_key,
    coalesce(matches.matched_customer_key, customers.customer_key) as account_key,
    case when matches.is_same_person then matches.matched_customer_key else customers.customer_key end as contact_key
from crm.customers as customers
left join crm.account_matches as matches
    on customers.customer_key = matches.customer_key and matches.undone_at is null
where customers.account_key in (select account_key from affected)
"""

# Each round doubles the distance covered: a chain of a thousand matches takes ten.
_FOLLOW = """
update people_roots as followed set account_key = accounts.account_key, contact_key = contacts.contact_key
from people_roots as accounts, people_roots as contacts
where
    followed.account_key = accounts.customer_key
    and followed.contact_key = contacts.customer_key
    and (followed.account_key, followed.contact_key) <> (accounts.account_key, contacts.contact_key)
"""

_LABEL = """
with before as (
    select customers.customer_key, customers.account_key
    from people_roots as roots
    inner join crm.customers as customers on roots.customer_key = customers.customer_key
    where (roots.account_key, roots.contact_key) is distinct from (customers.account_key, customers.contact_key)
),
labelled as (
    update crm.customers set account_key = roots.account_key, contact_key = roots.contact_key
    from before inner join people_roots as roots on before.customer_key = roots.customer_key
    where customers.customer_key = before.customer_key
    returning before.account_key as old_key, customers.account_key as new_key
),
-- An account that a customer gone from the store left keeps its card, but not its orders.
told as (insert into people_changed (account_key) select old_key from labelled union select new_key from labelled)
insert into people_accounts (account_key)
select old_key from labelled
union
select new_key from labelled
on conflict do nothing
"""

_TELL = """
insert into ops.touched (window_id, channel_code, subject, touched_key)
select distinct cast(:window_id as bigint), split_part(account_key, '\\:', 1), 'account', account_key
from people_changed
"""


def settle_accounts(connection: Connection, *, window_id: int, channel_code: str) -> dict[str, int]:
    """Give the customers that a window changed their accounts, in the window's transaction.

    Returns:
        Numbers of accounts inserted, updated and deleted.
    """
    return _of_window(connection, window_id, channel_code, guests_only=False)


def settle_accounts_of_guests(connection: Connection, *, window_id: int, channel_code: str) -> dict[str, int]:
    """The same after orders, which touch registered buyers too but cannot change who they are."""
    return _of_window(connection, window_id, channel_code, guests_only=True)


def settle_customers(
    connection: Connection,
    customer_keys: Iterable[str],
    *,
    are_new: bool = False,
    are_moved: bool = False,
) -> list[str]:
    """Give these customers their accounts again and write their cards anew, outside of a window.

    Args:
        connection: in a transaction.
        customer_keys: keys of crm.customers; unknown ones do not matter.
        are_new: compare them with everybody, as if they had no account yet.
        are_moved: their matches were changed by somebody else than the rules.

    Returns:
        Keys of the accounts that were looked at.
    """
    hold(connection)
    _create_tables(connection)
    named = {"customer_keys": list(customer_keys), "is_new": are_new}
    connection.execute(text(_NAMED), named)
    if are_moved:
        connection.execute(
            text("insert into people_moved (customer_key) select customer_key from people_touched")
        )
    _settle(connection, None, is_moved=are_moved)
    account_keys = list(connection.execute(text("select account_key from people_accounts")).scalars())
    _drop_tables(connection)
    return account_keys


def _of_window(
    connection: Connection, window_id: int, channel_code: str, *, guests_only: bool
) -> dict[str, int]:
    _create_tables(connection)
    window = {"window_id": window_id, "guests_only": guests_only}
    count = connection.execute(text(_OF_WINDOW), window).rowcount
    hold(connection)
    count += connection.execute(text(_OF_CHANGED_SETTINGS), {"channel_code": channel_code}).rowcount
    outcome = {"inserted": 0, "updated": 0, "deleted": 0}
    if count:
        outcome = _settle(connection, window_id)
    _drop_tables(connection)
    return outcome


def _settle(connection: Connection, window_id: int | None, *, is_moved: bool = False) -> dict[str, int]:
    connection.execute(text("analyze people_touched"))
    keep_statistics(connection)
    if match(connection, window_id) or is_moved:
        _label(connection)
    connection.execute(text(_ACCOUNTS_OF_TOUCHED))
    connection.execute(text("analyze people_accounts"))
    outcome = write_cards(connection, window_id)
    connection.execute(text(_TELL), {"window_id": window_id})
    return outcome


def _label(connection: Connection) -> None:
    connection.execute(text(_ROOTS))
    connection.execute(text("analyze people_roots"))
    while connection.execute(text(_FOLLOW)).rowcount:
        pass
    connection.execute(text(_LABEL))
    connection.execute(text("drop table people_roots"))


def _create_tables(connection: Connection) -> None:
    for statement in _TABLES.split(";"):
        connection.execute(text(statement))


def _drop_tables(connection: Connection) -> None:
    connection.execute(text("drop table people_touched, people_moved, people_accounts, people_changed"))
