"""Anonymise: personal columns of an erased person's records become NULL, wherever schema crm keeps them.

Set-based, in the caller's transaction. What follows from a record follows it here: its children, superseded versions,
and the records of other entities that are of the same person through it. A row's fingerprint is made as the merge makes
it of a row that arrives without the person, so that the next sync finds nothing to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql

from include.entities.catalogue import ENTITIES
from include.entities.fields import Policy
from include.entities.model import Entity, Table
from include.privacy.frames import personal_columns
from include.privacy.mentions import forgotten_with, mentions
from include.privacy.tombstones import Tombstones
from include.warehouse.schema import CRM, HISTORY, content_columns

_LISTS = (
    """
    create temp table erased_now (
        entity text, record_key text collate "C", erasure_id bigint, primary key (entity, record_key)
    ) on commit drop
    """,
    'create temp table forgotten_now (entity text, record_key text collate "C") on commit drop',
)
_FORGET = """
with forgotten as (
    update crm.{table} as known set
        {nothing},
        changed_at = now(),
        row_hash = hash_record_extended(row({content}), 0)
    {whose} and num_nonnulls({personal}) > 0
    returning known.{owner} as record_key
),
noted as (
    insert into forgotten_now (entity, record_key) select {entity}, record_key from forgotten
)
select count(*) from forgotten
"""
_OF_ERASED = "from erased_now where erased_now.entity = {entity} and known.{owner} = erased_now.record_key"
_NAMING = "where known.{column}::text = any({contents})"
_FORGET_HISTORY = """
with forgotten as (
    update crm.{history} as old set {nothing}
    from crm.{table} as known inner join erased_now on known.{owner} = erased_now.record_key
    where erased_now.entity = {entity} and old.{key} = known.{key} and num_nonnulls({personal}) > 0
    returning 1
)
select count(*) from forgotten
"""
_FOLLOW = """
insert into erased_now (entity, record_key, erasure_id)
select {entity}, known.{key}, min(erased_now.erasure_id)
from crm.{table} as known inner join erased_now on known.{column} = erased_now.record_key
where erased_now.entity = {of}
group by known.{key}
on conflict do nothing
"""
_TOUCH = """
insert into ops.touched (window_id, channel_code, subject, {target})
select distinct {window_id}::bigint, known.channel_code, {subject}, {value}
from crm.{table} as known
where
    known.{key} in (select record_key from forgotten_now where entity = {entity})
    and {value} is not null
"""


def anonymise(
    connection: Connection,
    roots: Mapping[tuple[str, str], int],
    *,
    named: Tombstones | None = None,
    window_id: int | None = None,
) -> Counter[str]:
    """Forget whose these records are, and those that are the same person's through them.

    Args:
        connection: a transaction in which nothing else changes these records.
        roots: number of the erasure by entity and root key.
        named: whose addresses are forgotten in all other records, too.
        window_id: the window that brought them, for ops.touched; None where no window did.

    Returns:
        Rows anonymised by table, those without any left out.
    """
    _make_list(connection, roots)
    for entity in _in_order():
        _follow(connection, entity)
    _note(connection)
    counts = Counter[str]()
    for entity in ENTITIES:
        if entity.person is not None:
            counts += _forget(connection, entity)
            counts += _forget_mentions(connection, entity, named) if named else Counter()
            _touch(connection, entity, window_id)
    connection.execute(text("drop table erased_now, forgotten_now"))
    return counts


def _make_list(connection: Connection, roots: Mapping[tuple[str, str], int]) -> None:
    for statement in _LISTS:
        connection.execute(text(statement))
    rows = [{"entity": e, "key": k, "erasure": number} for (e, k), number in roots.items()]
    if rows:
        connection.execute(text("insert into erased_now values (:entity, :key, :erasure)"), rows)


def _in_order() -> list[Entity]:
    """Entities with a person, each after those through which its records are somebody's."""
    ordered: list[Entity] = []
    waiting = [entity for entity in ENTITIES if entity.person is not None]
    while waiting:
        known = {entity.name for entity in ordered}
        ready = [e for e in waiting if e.person and set(e.person.through.values()) - {e.name} <= known]
        if not ready:
            raise ValueError("entities are somebody's through one another in a circle")
        ordered += ready
        waiting = [entity for entity in waiting if entity not in ready]
    return ordered


def _follow(connection: Connection, entity: Entity) -> None:
    for column, of in (entity.person.through if entity.person else {}).items():
        _run(connection, _FOLLOW, entity.root, column=sql.Identifier(column), entity=entity.name, of=of)


def _note(connection: Connection) -> None:
    connection.execute(
        text(
            "insert into ops.erased_records (entity, record_key, erasure_id) "
            "select entity, record_key, erasure_id from erased_now on conflict do nothing"
        )
    )


def _forget(connection: Connection, entity: Entity) -> Counter[str]:
    counts = Counter[str]()
    for table in entity.tables:
        names = personal_columns(table)
        if names:
            counts[table.name] = _forget_rows(connection, entity, table, names, _OF_ERASED)
        tracked = [field.name for field in table.fields if field.is_tracked and field.is_personal]
        if tracked:
            counts[HISTORY[table.name].name] = _forget_history(connection, entity, table, tracked)
    return counts


def _forget_mentions(connection: Connection, entity: Entity, named: Tombstones) -> Counter[str]:
    counts = Counter[str]()
    for table in entity.tables:
        for name, contents in mentions(connection, table, named).items():
            names, whose = forgotten_with(table, name), {"column": sql.Identifier(name), "contents": contents}
            counts[table.name] += _forget_rows(connection, entity, table, names, _NAMING, **whose)
    return counts


def _forget_rows(
    connection: Connection, entity: Entity, table: Table, names: list[str], whose: str, **parts: object
) -> int:
    """Set columns of rows to NULL; `whose` tells which, `parts` what it names."""
    # What only the warehouse writes is no part of what arrives.
    absent = {*names, *(f.name for f in table.fields if f.policy is Policy.WAREHOUSE_OWNED)}
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    content = [
        sql.SQL("cast(null as {})").format(sql.SQL(column.type.compile(dialect=dialect)))  # of our own types
        if column.name in absent
        else sql.Identifier("known", column.name)
        for column in content_columns(table)
    ]
    return _count(
        connection,
        _FORGET.replace("{whose}", whose),
        table,
        **parts,
        entity=entity.name,
        nothing=_nothing(names),
        personal=_listed(names, "known"),
        content=sql.SQL(", ").join(content),
    )


def _forget_history(connection: Connection, entity: Entity, table: Table, names: list[str]) -> int:
    return _count(
        connection,
        _FORGET_HISTORY,
        table,
        entity=entity.name,
        history=sql.Identifier(HISTORY[table.name].name),
        nothing=_nothing(names),
        personal=_listed(names, "old"),
    )


def _touch(connection: Connection, entity: Entity, window_id: int | None) -> None:
    """Reports and segments look again at whatever they kept of these people."""
    for touch in entity.root.touches:
        column = sql.Identifier("known", touch.column)
        is_instant = touch.column.endswith("_at")
        value = sql.SQL("date_trunc('hour', {}, 'UTC')").format(column) if is_instant else column
        _run(
            connection,
            _TOUCH,
            entity.root,
            entity=entity.name,
            target=sql.Identifier("touched_at" if is_instant else "touched_key"),
            value=value,
            subject=touch.subject,
            window_id=window_id,
        )


def _nothing(names: Iterable[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.SQL("{} = null").format(sql.Identifier(name)) for name in names)


def _listed(names: Iterable[str], alias: str) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(alias, name) for name in names)


def _count(connection: Connection, statement: str, table: Table, **parts: object) -> int:
    return int(_run(connection, statement, table, **parts).fetchone()[0])


def _run(connection: Connection, statement: str, table: Table, **parts: object) -> Any:
    """The driver's own execute: names are quoted by it, values are its literals."""
    driver: Any = connection.connection.driver_connection
    composed = sql.SQL(statement).format(
        table=sql.Identifier(CRM[table.name].name),
        key=sql.Identifier(table.key_column),
        owner=sql.Identifier(table.parent.name if table.parent else table.key_column),
        **{
            name: part if isinstance(part, sql.Composable) else sql.Literal(part)
            for name, part in parts.items()
        },
    )
    return driver.execute(composed)
