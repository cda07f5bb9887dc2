"""The SQL of a merge, with places for the names of one table; `merge` says when which runs, and why in this order.

Every statement is about one window's staged rows, and none depends on how many there are.
"""

from __future__ import annotations

# hash_record_extended costs next to nothing; an md5 of the row's text costs as much as the merge itself.
COMPARE = """
create unlogged table {delta} as
select
    staged.{key} as row_key,
    staged.row_hash,
    known.{key} is null as is_new,
    {stale} as is_stale,
    false as is_gone
from (select s.*, hash_record_extended(s, 0) as row_hash from {staged} as s) as staged
left join {known} as known on staged.{key} = known.{key}
where
    (known.{key} is null or known.row_hash is distinct from staged.row_hash or known.deleted_at is not null)
    and {not_behind}
"""

# What a partial window could not read stays as it is: so the staged row tells no change where it knows nothing.
FILL_FROM_KNOWN = """
update {staged} as staged set {filled}
from {known} as known
where staged.{key} = known.{key}
"""

FILL_SILENT = """
update {staged} as staged set {filled}
from {known} as known
where staged.{key} = known.{key} and staged.{state} is not distinct from {value}
"""

# A new record has no children in the warehouse that could be gone; a stale one keeps those it has.
GONE_CHILDREN = """
insert into {delta} (row_key, row_hash, is_new, is_stale, is_gone)
select known.{key}, null, false, false, true
from {root_staged} as root
inner join {known} as known on root.{root_key} = known.{parent_key}
where
    known.deleted_at is null
    and {is_told}
    and not exists (select from {staged} as staged where staged.{key} = known.{key})
    and not exists (
        select from {root_delta} as spared
        where (spared.is_stale or spared.is_new) and spared.row_key = root.{root_key}
    )
"""

# An empty answer is a broken answer: a dictionary never loses all its rows at once.
GONE_ROWS = """
insert into {delta} (row_key, row_hash, is_new, is_stale, is_gone)
select known.{key}, null, false, false, true
from {known} as known
where
    known.channel_code = {channel}
    and known.deleted_at is null
    and exists (select from {staged})
    and not exists (select from {staged} as staged where staged.{key} = known.{key})
"""

CHANGED_ROWS = """
select
    delta.row_key,
    case
        when delta.is_new then 'inserted' when delta.is_stale then 'stale' when delta.is_gone then 'deleted'
        else 'updated'
    end as change,
    array_remove(array[{differences}]::text[], null) as columns
from {delta} as delta
left join {staged} as staged on delta.row_key = staged.{key}
left join {known} as known on delta.row_key = known.{key}
order by delta.row_key
limit {most}
"""

GONE_BY_KEY = """
create unlogged table {delta} as
select known.{key} as row_key, cast(null as bigint) as row_hash, false as is_new, false as is_stale, true as is_gone
from {known} as known
where known.deleted_at is null and known.{owner} = any({keys})
"""

KEEP_HISTORY = """
insert into {history} ({key}, valid_from, valid_to, {tracked}, window_id)
select
    known.{key},
    coalesce((select max(valid_to) from {history} as older where older.{key} = known.{key}), known.first_seen_at),
    now(),
    {kept},
    {window_id}
from {delta} as delta
inner join {known} as known on delta.row_key = known.{key}
inner join {staged} as staged on delta.row_key = staged.{key}
where not delta.is_new and not delta.is_stale and ({old}) is distinct from ({new})
"""

TOUCHED_ROOTS = """
insert into staging_touched_roots (row_key)
select delta.row_key from {delta} as delta where not delta.is_stale
"""

# Most changed children belong to a record that is listed already.
TOUCHED_ROOTS_OF_CHILDREN = """
insert into staging_touched_roots (row_key)
select staged.{owner}
from {delta} as delta inner join {staged} as staged on delta.row_key = staged.{key}
where not delta.is_stale and not exists (select from staging_touched_roots as t where t.row_key = staged.{owner})
union
select known.{owner}
from {delta} as delta inner join {known} as known on delta.row_key = known.{key}
where delta.is_gone and not exists (select from staging_touched_roots as t where t.row_key = known.{owner})
"""

TOUCHED = """
insert into ops.touched (window_id, channel_code, subject, {target})
select distinct {window_id}::bigint, {channel}, {subject}, affected.value
from (
    select {value} as value from {staged} where {key} in (select row_key from staging_touched_roots)
    union all
    select {value} as value from {known} where {key} in (select row_key from staging_touched_roots)
) as affected
where affected.value is not null
"""

# Apart from the changed rows: nobody else can have inserted these meanwhile, and ON CONFLICT, which would make sure of
# that row by row, costs a quarter more.
INSERT_NEW = """
insert into {known} ({columns}, first_seen_at, changed_at, window_id, row_hash)
select {staged_columns}, now(), now(), {window_id}, delta.row_hash
from {delta} as delta
inner join {staged} as staged on delta.row_key = staged.{key}
where delta.is_new
"""

DEFAULT_OWNER = (
    "(select channels.default_owner from ops.channels as channels where channels.channel_code = {channel})"
)

# An update in the words of an insert: `excluded` is the staged row, `known` the warehouse's.
OVERWRITE = """
insert into {known} as known ({columns}, first_seen_at, changed_at, window_id, row_hash)
select {staged_columns}, now(), now(), {window_id}, delta.row_hash
from {delta} as delta
inner join {staged} as staged on delta.row_key = staged.{key}
where not delta.is_new and not delta.is_stale and not delta.is_gone
on conflict ({key}) do update set
    {assignments},
    changed_at = excluded.changed_at,
    deleted_at = null,
    window_id = excluded.window_id,
    row_hash = excluded.row_hash
"""

DELETE = """
update {known} as known set deleted_at = now(), changed_at = now(), window_id = {window_id}
from {delta} as delta
where delta.is_gone and delta.row_key = known.{key}
"""

COUNT = """
select
    (select count(*) from {staged}),
    count(*) filter (where is_new),
    count(*) filter (where not is_new and not is_stale and not is_gone),
    count(*) filter (where is_stale),
    count(*) filter (where is_gone)
from {delta}
"""

# In pages, since the number of rows is not known without reading them.
HAS_OUTGROWN_STATISTICS = """
select pg_relation_size(oid) / current_setting('block_size')::int > 2 * greatest(relpages, 8)
from pg_class where oid = {name}::regclass
"""
