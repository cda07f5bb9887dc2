"""Rows of crm.accounts and crm.contacts, made anew from the customers of the accounts in `people_accounts`.

Names follow the customers; the owner is kept once there is one.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_CONTACT_COLUMNS = (
    "contact_key channel_code account_key customer_key email email_normalised name_prefix first_name middle_name "
    "last_name name_suffix birth_date gender source_created_at source_updated_at"
).split()
_ACCOUNT_COLUMNS = (
    "account_key channel_code account_name customer_count has_registered_customer source_created_at source_updated_at"
).split()

# Keys begin with the channel, which has no colon in it.
_CONTACTS_NOW = """
create temp table contacts_now on commit drop as
select distinct on (customers.contact_key)
    customers.contact_key,
    split_part(customers.contact_key, '\\:', 1) as channel_code,
    customers.account_key,
    customers.customer_key,
    customers.email,
    customers.email_normalised,
    customers.name_prefix,
    customers.first_name,
    customers.middle_name,
    customers.last_name,
    customers.name_suffix,
    customers.birth_date,
    customers.gender,
    min(customers.source_created_at) over (partition by customers.contact_key) as source_created_at,
    max(customers.source_updated_at) over (partition by customers.contact_key) as source_updated_at,
    customers.deleted_at is not null as is_gone
from crm.customers as customers
where customers.account_key in (select account_key from people_accounts)
order by
    customers.contact_key,
    customers.deleted_at is not null,
    customers.is_guest,
    customers.source_updated_at desc nulls last,
    customers.customer_key
"""

_ACCOUNTS_NOW = """
create temp table accounts_now on commit drop as
select
    members.account_key,
    founders.channel_code,
    coalesce(nullif(concat_ws(' ', founders.first_name, founders.last_name), ''), founders.email) as account_name,
    members.customer_count,
    members.has_registered_customer,
    members.source_created_at,
    members.source_updated_at,
    members.customer_count = 0 as is_gone
from (
    select
        account_key,
        count(*) filter (where deleted_at is null) as customer_count,
        coalesce(bool_or(not is_guest) filter (where deleted_at is null), false) as has_registered_customer,
        min(source_created_at) as source_created_at,
        max(source_updated_at) as source_updated_at
    from crm.customers
    where account_key in (select account_key from people_accounts)
    group by account_key
) as members
inner join contacts_now as founders on members.account_key = founders.contact_key
"""


def _merge(table: str, key: str, columns: list[str], revived: str = "") -> str:
    return f"""
with merged as (
    insert into crm.{table} as known
        ({", ".join(columns)}, owner_name, deleted_at, first_seen_at, changed_at, window_id, row_hash)
    select
        {", ".join(f"fresh.{c}" for c in columns)},
        channels.default_owner,
        case when fresh.is_gone then now() end,
        now(),
        now(),
        cast(:window_id as bigint),
        hash_record_extended(fresh, 0)
    from {table}_now as fresh
    left join ops.channels as channels on fresh.channel_code = channels.channel_code
    on conflict ({key}) do update set
        {", ".join(f"{c} = excluded.{c}" for c in columns if c != key)},
        owner_name = coalesce(known.owner_name, excluded.owner_name),
        deleted_at = case when excluded.deleted_at is not null then coalesce(known.deleted_at, now()) end,{revived}
        changed_at = now(),
        window_id = excluded.window_id,
        row_hash = excluded.row_hash
    where
        known.row_hash is distinct from excluded.row_hash
        or (known.deleted_at is null) <> (excluded.deleted_at is null)
        or (known.owner_name is null and excluded.owner_name is not null)
    returning account_key, xmax = 0 as is_new
),
told as (insert into people_changed (account_key) select account_key from merged)
select count(*) filter (where is_new) as inserted, count(*) filter (where not is_new) as updated from merged
"""  # noqa: S608 - made of names of our own


_MERGE_CONTACTS = _merge("contacts", "contact_key", _CONTACT_COLUMNS)
_MERGE_ACCOUNTS = _merge(
    "accounts", "account_key", _ACCOUNT_COLUMNS, revived="\n        merged_into_account_key = null,"
)

# An account or contact lives as long as its founder is in it. What went into another keeps no name: whoever erases the
# person would not find it there.
_GONE_CONTACTS = """
delete from crm.contacts
where
    account_key in (select account_key from people_accounts)
    and not exists (
        select from crm.customers
        where customers.customer_key = contacts.contact_key and customers.contact_key = contacts.contact_key
    )
"""
_GONE_ACCOUNTS = """
with gone as (
    update crm.accounts set
        deleted_at = now(),
        changed_at = now(),
        window_id = :window_id,
        account_name = null,
        customer_count = 0,
        has_registered_customer = false,
        merged_into_account_key = founders.account_key
    from people_accounts as affected
    left join crm.customers as founders on affected.account_key = founders.customer_key
    where
        accounts.account_key = affected.account_key
        and accounts.merged_into_account_key is distinct from founders.account_key
        and founders.account_key is distinct from accounts.account_key
    returning accounts.account_key
)
insert into people_changed (account_key) select account_key from gone
"""


def write_cards(connection: Connection, window_id: int | None) -> dict[str, int]:
    """Bring accounts and contacts of `people_accounts` up to date; `people_changed` gets the accounts that changed.

    Returns:
        Numbers of accounts inserted, updated and deleted.
    """
    window = {"window_id": window_id}
    for statement in (_CONTACTS_NOW, _ACCOUNTS_NOW, _MERGE_CONTACTS):
        connection.execute(text(statement), window if ":window_id" in statement else {})
    merged = connection.execute(text(_MERGE_ACCOUNTS), window).one()
    connection.execute(text(_GONE_CONTACTS))
    gone = connection.execute(text(_GONE_ACCOUNTS), window).rowcount
    connection.execute(text("drop table contacts_now, accounts_now"))
    return {"inserted": merged.inserted, "updated": merged.updated, "deleted": gone}
