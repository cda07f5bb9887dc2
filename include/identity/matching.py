"""Who joins whom: for every customer that was touched, the older customer it matches, if any.

A customer only ever joins an older one, so the outcome depends on what the customers are and not on when they loaded.
A match that was made stays, whatever the store says later: people marry and change addresses. What a person undid
stays undone.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from include.identity import rules
from include.identity.rules import BY_EMAIL, BY_HAND, BY_MATCHING

# A match may turn round when an order shows that a guest is older than thought: both ends are looked at again.
_JOINED_TOUCHED = """
insert into people_touched (customer_key, is_new)
select matches.customer_key, false
from people_touched as touched
inner join crm.account_matches as matches on touched.customer_key = matches.matched_customer_key
on conflict do nothing
"""

# Registered customers who have an account already keep it, as in OroCRM: only what is new is compared with them.
_FOUND = f"""
create temp table people_found on commit drop as
select
    younger.customer_key,
    older.customer_key as matched_customer_key,
    one.rule,
    one.rule = '{BY_EMAIL}' or (rules.by_first_name and rules.by_last_name and rules.by_email) as is_same_person,
    older.known_since,
    rules.strategy
from people_keys as one
inner join people_keys as other on one.rule = other.rule and one.match_key = other.match_key
inner join people as younger on one.customer_key = younger.customer_key
inner join people as older on other.customer_key = older.customer_key
inner join people_rules as rules on younger.channel_code = rules.channel_code
left join crm.account_matches as kept_apart
    on younger.customer_key = kept_apart.customer_key and kept_apart.undone_at is not null
left join crm.account_matches as parted
    on older.customer_key = parted.customer_key and parted.undone_at is not null
where
    (older.known_since, older.customer_key) < (younger.known_since, younger.customer_key)
    and (younger.is_touched or older.is_touched)
    and (one.rule <> '{BY_EMAIL}' or younger.is_guest <> older.is_guest)
    and (younger.is_new or older.is_new or younger.is_guest or older.is_guest)
    and kept_apart.customer_key is null
    -- Those known when an account was parted stay where they are; who comes later may join either side.
    and (parted.customer_key is null or parted.undone_at < younger.first_seen_at)
"""  # noqa: S608 - made of names of our own

_KNOWN = """
insert into people_found (customer_key, matched_customer_key, rule, is_same_person, known_since, strategy)
select
    case when ages.is_turned then matches.matched_customer_key else matches.customer_key end,
    case when ages.is_turned then matches.customer_key else matches.matched_customer_key end,
    matches.rule,
    matches.is_same_person,
    least(ages.one, ages.other),
    rules.strategy
from crm.account_matches as matches
inner join crm.customers as one on matches.customer_key = one.customer_key
inner join crm.customers as other on matches.matched_customer_key = other.customer_key
inner join people_rules as rules on one.channel_code = rules.channel_code
cross join lateral (
    select
        coalesce(one.source_created_at, 'infinity') as one,
        coalesce(other.source_created_at, 'infinity') as other,
        (coalesce(one.source_created_at, 'infinity'), one.customer_key)
        < (coalesce(other.source_created_at, 'infinity'), other.customer_key) as is_turned
) as ages
where matches.customer_key in (select customer_key from people) and matches.undone_at is null
"""

_CHOSEN = f"""
create temp table people_chosen on commit drop as
select distinct on (customer_key)
    customer_key,
    matched_customer_key,
    rule,
    is_same_person
from people_found
order by
    customer_key,
    array_position(array['{BY_HAND}', '{BY_EMAIL}', '{BY_MATCHING}'], rule),
    case when strategy = 'latest' then null else known_since end,
    case when strategy = 'latest' then known_since end desc,
    matched_customer_key
"""  # noqa: S608 - made of names of our own

_KEPT = """
with ended as (
    delete from crm.account_matches as matches
    where
        matches.customer_key in (select customer_key from people)
        and matches.undone_at is null
        and not exists (select from people_chosen as chosen where chosen.customer_key = matches.customer_key)
    returning customer_key
),
joined as (
    insert into crm.account_matches as known
        (customer_key, matched_customer_key, rule, is_same_person, matched_at, window_id)
    select customer_key, matched_customer_key, rule, is_same_person, now(), cast(:window_id as bigint)
    from people_chosen
    on conflict (customer_key) do update set
        matched_customer_key = excluded.matched_customer_key,
        rule = excluded.rule,
        is_same_person = excluded.is_same_person,
        matched_at = excluded.matched_at,
        window_id = excluded.window_id
    where
        known.undone_at is null
        and (known.matched_customer_key, known.rule, known.is_same_person)
        is distinct from (excluded.matched_customer_key, excluded.rule, excluded.is_same_person)
    returning customer_key
)
insert into people_moved (customer_key)
select customer_key from ended
union
select customer_key from joined
"""


def match(connection: Connection, window_id: int | None) -> int:
    """Compare the customers of `people_touched` with whom they may match, and keep the matches.

    Fills `people_moved` with those whose match is not as it was; the lock of `include.identity.lock` is held.

    Returns:
        How many these are.
    """
    run = connection.execute
    run(text(_JOINED_TOUCHED))
    run(text(rules.RULES), {"default": rules.DEFAULT})
    run(text(rules.NO_NAMESAKES))
    if run(text(rules.COMPARES_WITHOUT_EMAIL)).scalar_one():
        run(text(rules.NAMESAKES))
    run(text(rules.PEOPLE))
    run(text("analyze people"))
    run(text(rules.PLACES))
    if run(text(rules.COMPARES_PLACES)).scalar_one():
        run(text(rules.FILL_PLACES))
    run(text(rules.KEYS))
    run(text("analyze people_keys"))
    run(text(_FOUND))
    run(text(_KNOWN))
    run(text(_CHOSEN))
    moved = run(text(_KEPT), {"window_id": window_id}).rowcount
    run(text("drop table people_rules, people_namesakes, people, people_places, people_keys, people_found"))
    run(text("drop table people_chosen"))
    return moved
