"""What customers are compared by: a channel's `account_matching`, turned into keys that are equal or not.

Whatever a channel compares (names, e-mail, any address, billing with billing, ...), two customers match when they share
a key, so one join answers for all settings. A guest has a key for every name on their orders and carts: were it only
the newest, the order in which they load would decide.
"""

from __future__ import annotations

import json
from typing import Any

from include.channels.parts import AccountMatching


def settings_of(matching: AccountMatching) -> dict[str, Any]:
    """The settings as the warehouse keeps them: equal ones are equal there, however a file lists its fields."""
    settings = matching.model_dump(mode="json")
    for part in (settings, settings["addresses"] or {"fields": []}):
        part["fields"] = sorted(part["fields"])
    return settings


# Of channels that no run has registered yet, and of warehouses older than the setting.
DEFAULT = json.dumps(settings_of(AccountMatching()))

BY_EMAIL, BY_MATCHING, BY_HAND = "same_website_email", "account_matching", "by_hand"

_SEPARATOR = "chr(31)"


def _folded(column: str) -> str:
    """SQL for a name without differences of case, blanks and Unicode form; NULL where nothing is left."""
    return rf"nullif(lower(btrim(regexp_replace(normalize({column}), '\s+', ' ', 'g'))), '')"


RULES = """
create temp table people_rules on commit drop as
select
    codes.channel_code,
    (said.settings - 'strategy')::text as signature,
    said.settings ->> 'strategy' as strategy,
    (said.settings ->> 'match_empty')::boolean as matches_empty,
    said.settings -> 'fields' @> '"first_name"' as by_first_name,
    said.settings -> 'fields' @> '"last_name"' as by_last_name,
    said.settings -> 'fields' @> '"email"' as by_email,
    said.settings #>> '{addresses,strategy}' as address_strategy,
    coalesce(said.settings #> '{addresses,fields}' @> '"postal_code"', false) as by_postal_code,
    coalesce(said.settings #> '{addresses,fields}' @> '"phone"', false) as by_phone,
    coalesce(said.settings #> '{addresses,fields}' @> '"country"', false) as by_country,
    coalesce(channels.shared_guest_emails_json, '[]') as shared_emails
from (
    select channel_code from ops.channels
    union
    select customers.channel_code
    from crm.customers inner join people_touched on customers.customer_key = people_touched.customer_key
) as codes
left join ops.channels as channels on codes.channel_code = channels.channel_code
cross join lateral (
    select coalesce(channels.account_matching_json, cast(:default as jsonb)) as settings
) as said
"""

# Everybody whom a touched customer could match, and both ends of the matches that exist.
PEOPLE = f"""
create temp table people on commit drop as
with near as (
    select customer_key from people_touched
    union
    select other.customer_key
    from people_touched as touched
    inner join crm.customers as one on touched.customer_key = one.customer_key
    inner join crm.customers as other on one.email_normalised = other.email_normalised
    union
    select matches.matched_customer_key
    from people_touched as touched
    inner join crm.account_matches as matches on touched.customer_key = matches.customer_key
    union
    select customer_key from people_namesakes
)
select
    customers.customer_key,
    customers.channel_code,
    customers.is_guest,
    customers.website_id,
    customers.email_normalised,
    {_folded("customers.first_name")} as first_name,
    {_folded("customers.last_name")} as last_name,
    coalesce(customers.source_created_at, 'infinity') as known_since,
    customers.first_seen_at,
    touched.customer_key is not null as is_touched,
    coalesce(touched.is_new, false) as is_new
from near
inner join crm.customers as customers on near.customer_key = customers.customer_key
left join people_touched as touched on near.customer_key = touched.customer_key
"""  # noqa: S608 - made of names of our own

NO_NAMESAKES = 'create temp table people_namesakes (customer_key text collate "C") on commit drop'

# For channels that do not compare e-mails, which is rare: it looks through all customers.
NAMESAKES = f"""
insert into people_namesakes (customer_key)
select other.customer_key
from people_touched as touched
inner join crm.customers as one on touched.customer_key = one.customer_key
inner join people_rules as rules on one.channel_code = rules.channel_code and not rules.by_email
inner join people_rules as others on rules.signature = others.signature
inner join crm.customers as other
    on others.channel_code = other.channel_code
    and (
        not rules.by_first_name
        or {_folded("one.first_name")} is not distinct from {_folded("other.first_name")}
    )
    and (
        not rules.by_last_name
        or {_folded("one.last_name")} is not distinct from {_folded("other.last_name")}
    )
"""  # noqa: S608 - made of names of our own

PLACES = """
create temp table people_places (customer_key text collate "C", place text) on commit drop
"""

COMPARES_PLACES = "select exists (select from people_rules where address_strategy is not null)"
COMPARES_WITHOUT_EMAIL = "select exists (select from people_rules where not by_email)"

FILL_PLACES = f"""
insert into people_places (customer_key, place)
with cards as (
    select
        addresses.customer_key,
        coalesce(addresses.is_default_billing, false) as is_billing,
        coalesce(addresses.is_default_shipping, false) as is_shipping,
        addresses.postcode,
        addresses.telephone,
        addresses.country_code
    from crm.customer_addresses as addresses
    where addresses.customer_key in (select customer_key from people) and addresses.deleted_at is null
    union all
    select
        orders.customer_key,
        addresses.address_type = 'billing' as is_billing,
        addresses.address_type = 'shipping' as is_shipping,
        addresses.postcode,
        addresses.telephone,
        addresses.country_code
    from crm.orders as orders
    inner join crm.order_addresses as addresses on orders.order_key = addresses.order_key
    where
        orders.customer_key in (select customer_key from people where is_guest)
        and orders.deleted_at is null
        and addresses.deleted_at is null
    union all
    select
        carts.customer_key,
        addresses.address_type = 'billing' as is_billing,
        addresses.address_type = 'shipping' as is_shipping,
        addresses.postcode,
        addresses.telephone,
        addresses.country_code
    from crm.carts as carts
    inner join crm.cart_addresses as addresses on carts.cart_key = addresses.cart_key
    where
        carts.customer_key in (select customer_key from people where is_guest)
        -- Of a cart that is gone, the last that was heard.
        and (addresses.deleted_at is null or carts.deleted_at is not null)
),
compared as (
    select
        people.customer_key,
        rules.matches_empty,
        kinds.kind,
        case when rules.by_postal_code then upper(regexp_replace(cards.postcode, '\\s', '', 'g')) end as postcode,
        case when rules.by_phone then nullif(regexp_replace(cards.telephone, '\\D', '', 'g'), '') end as telephone,
        case when rules.by_country then upper(cards.country_code) end as country_code,
        rules.by_postal_code::int + rules.by_phone::int + rules.by_country::int as wanted_count
    from cards
    inner join people on cards.customer_key = people.customer_key
    inner join people_rules as rules on people.channel_code = rules.channel_code
    cross join lateral (
        select 'any' as kind where rules.address_strategy = 'any_of'
        union all
        select 'billing' as kind where rules.address_strategy in ('by_type', 'billing') and cards.is_billing
        union all
        select 'shipping' as kind where rules.address_strategy in ('by_type', 'shipping') and cards.is_shipping
    ) as kinds
)
select distinct
    customer_key,
    concat(kind, {_SEPARATOR}, postcode, {_SEPARATOR}, telephone, {_SEPARATOR}, country_code) as place
from compared
where
    num_nonnulls(postcode, telephone, country_code) = wanted_count
    or (matches_empty and num_nonnulls(postcode, telephone, country_code) > 0)
"""  # noqa: S608 - made of names of our own

KEYS = f"""
create temp table people_keys on commit drop as
with names as (
    select customer_key, first_name, last_name from people
    union
    select
        people.customer_key,
        {_folded("coalesce(orders.customer_first_name, billing.first_name)")} as first_name,
        {_folded("coalesce(orders.customer_last_name, billing.last_name)")} as last_name
    from people
    inner join crm.orders as orders on people.customer_key = orders.customer_key and orders.deleted_at is null
    left join crm.order_addresses as billing
        on orders.order_key || '\\:billing' = billing.order_address_key and billing.deleted_at is null
    where people.is_guest
    union
    select
        people.customer_key,
        {_folded("coalesce(carts.customer_first_name, billing.first_name)")} as first_name,
        {_folded("coalesce(carts.customer_last_name, billing.last_name)")} as last_name
    from people
    inner join crm.carts as carts on people.customer_key = carts.customer_key
    left join crm.cart_addresses as billing
        on carts.cart_key || '\\:billing' = billing.cart_address_key
        and (billing.deleted_at is null or carts.deleted_at is not null)
    where people.is_guest
)
select
    people.customer_key,
    '{BY_EMAIL}' as rule,
    concat_ws({_SEPARATOR}, people.channel_code, people.website_id, people.email_normalised) as match_key
from people
inner join people_rules as rules on people.channel_code = rules.channel_code
where
    people.website_id is not null
    and people.email_normalised is not null
    -- A guest of an address that many share is told by name alone.
    and not (people.is_guest and rules.shared_emails @> to_jsonb(people.email_normalised))
union
select
    people.customer_key,
    '{BY_MATCHING}' as rule,
    concat(
        rules.signature,
        {_SEPARATOR}, case when rules.by_first_name then names.first_name end,
        {_SEPARATOR}, case when rules.by_last_name then names.last_name end,
        {_SEPARATOR}, case when rules.by_email then people.email_normalised end,
        {_SEPARATOR}, places.place
    ) as match_key
from people
inner join names on people.customer_key = names.customer_key
inner join people_rules as rules on people.channel_code = rules.channel_code
left join people_places as places
    on rules.address_strategy is not null and people.customer_key = places.customer_key
cross join lateral (
    select
        num_nulls(
            case when rules.by_first_name then names.first_name else '' end,
            case when rules.by_last_name then names.last_name else '' end,
            case when rules.by_email then people.email_normalised else '' end
        ) as empty_count,
        rules.by_first_name::int + rules.by_last_name::int + rules.by_email::int as wanted_count
) as counted
where
    counted.empty_count < case when rules.matches_empty then counted.wanted_count else 1 end
    and (rules.address_strategy is null or places.place is not null)
    and not (
        rules.by_email and not (rules.by_first_name and rules.by_last_name)
        and coalesce(rules.shared_emails @> to_jsonb(people.email_normalised), false)
    )
"""  # noqa: S608 - made of names of our own
