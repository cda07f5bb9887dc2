"""Definitions that every report shares: the views and functions of `sql/shared/`, one per file.

A file is named after what it creates, in schema crm (`orders_that_count.sql` creates `crm.orders_that_count`) or in
the one it names (`ops.sync_health.sql`), and may read the others: the order follows from what their
texts name. PostgreSQL refuses to change a column that a view reads, so migrations run between `drop_definitions` and
`create_definitions`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from sqlalchemy import Column, Connection, Table, Text, delete, exc, func, insert, select, text

from include.errors import ConfigError
from include.settings import PROJECT_ROOT
from include.warehouse.schema import metadata

SHARED_FOLDER = PROJECT_ROOT / "sql" / "shared"
_CRM_NAME = re.compile(r"\bcrm\.([a-z_][a-z0-9_]*)")
_REPORT_NAME = re.compile(r"\breport\.([a-z_][a-z0-9_]*)")
_OTHER_NAME = re.compile(r"\b(?:ops|marketing)\.[a-z_][a-z0-9_]*")
_COMMENT = re.compile(r"--[^\n]*")
_QUOTED = re.compile(r"'(?:[^']|'')*'")
# The body of a function, between dollars, has semicolons of its own.
_STATEMENT = re.compile(r"(?:\$\$.*?\$\$|.)+?(?:;[ \t]*(?=\n|\Z)|\Z)", re.DOTALL)

DEFINITIONS = Table(
    "definitions",
    metadata,
    Column("definition_name", Text, primary_key=True, comment="Name of the view or function in schema crm."),
    Column("definition_hash", Text, nullable=False, comment="Fingerprint of the file it was made from."),
    schema="ops",
    comment="One row per shared definition as it stands: tells changed files from those in force.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One file of the shared folder.

    Attributes:
        name: what it creates, without the schema where that is crm.
        sql: the whole text.
    """

    name: str
    sql: str

    @property
    def qualified(self) -> str:
        """What it creates, with its schema."""
        return _qualified(self.name)

    @property
    def fingerprint(self) -> str:
        """Changes with every change of the file."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def _qualified(name: str) -> str:
    return name if "." in name else f"crm.{name}"


def load_definitions(folder: Path = SHARED_FOLDER) -> tuple[Definition, ...]:
    """Every definition, in an order in which each comes after those it reads.

    Raises:
        ConfigError: the folder cannot be read, or definitions read each other in a circle.
    """
    if not folder.is_dir():
        raise ConfigError(f"The folder of the shared definitions is missing: restore {folder}.")
    return _in_order(tuple((path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.sql"))))


# Whoever reads the folders of reports and segments asks for each of them.
@lru_cache(maxsize=8)
def _in_order(texts: tuple[tuple[str, str], ...]) -> tuple[Definition, ...]:
    found = {name: Definition(name=name, sql=sql) for name, sql in texts}
    reads = {name: sorted((_names(found[name].sql) & found.keys()) - {name}) for name in sorted(found)}
    try:
        return tuple(found[name] for name in TopologicalSorter(reads).static_order())
    except CycleError as error:
        circle = ", ".join(f"{name}.sql" for name in error.args[1][1:])
        raise ConfigError(
            f"The shared definitions {circle} read each other in a circle: take one of the references out."
        ) from None


def crm_names(sql: str) -> set[str]:
    """What a text reads from schema crm, comments and quoted texts aside."""
    return set(_CRM_NAME.findall(_QUOTED.sub("''", _COMMENT.sub("", sql))))


def reports_read(sql: str) -> set[str]:
    """What a text reads from schema report, comments and quoted texts aside."""
    return set(_REPORT_NAME.findall(_QUOTED.sub("''", _COMMENT.sub("", sql))))


def _names(sql: str) -> set[str]:
    """What a text reads, called as definitions are."""
    return crm_names(sql) | set(_OTHER_NAME.findall(_QUOTED.sub("''", _COMMENT.sub("", sql))))


def tables_read(sql: str, definitions: Iterable[Definition]) -> set[str]:
    """The crm tables that a text reads, itself or through shared definitions."""
    by_name = {definition.name: definition for definition in definitions}
    waiting, seen = _names(sql), set[str]()
    while waiting - seen:
        name = min(waiting - seen)
        seen.add(name)
        waiting |= _names(by_name[name].sql) if name in by_name else set()
    return {name for name in seen - by_name.keys() if "." not in name}


def create_definitions(connection: Connection, folder: Path = SHARED_FOLDER) -> bool:
    """Bring the definitions of a migrated warehouse up to date, in the caller's transaction.

    Returns:
        Whether anything had to change; equal definitions cost one query.

    Raises:
        ConfigError: a file does not create what it is named after, or someone's own view hangs on a definition.
    """
    wanted = load_definitions(folder)
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("crm definitions", 0))))
    if _in_force(connection) == [
        (one.name, one.fingerprint) for one in sorted(wanted, key=lambda one: one.name)
    ]:
        return False
    drop_definitions(connection, folder)
    for definition in wanted:
        _create(connection, definition)
    return True


def drop_definitions(connection: Connection, folder: Path = SHARED_FOLDER) -> None:
    """Take the shared views away, before a migration changes the tables below them.

    Raises:
        ConfigError: someone's own view hangs on one of them.
    """
    names = {name for name, _ in _in_force(connection)} | {one.name for one in load_definitions(folder)}
    _drop_views(connection, sorted(names))
    connection.execute(delete(DEFINITIONS))


def definitions_fingerprint(connection: Connection) -> str:
    """One fingerprint of all definitions in force: reports are computed anew when it changes."""
    return hashlib.sha256(repr(_in_force(connection)).encode()).hexdigest()


def _in_force(connection: Connection) -> list[tuple[str, str]]:
    columns = DEFINITIONS.c.definition_name, DEFINITIONS.c.definition_hash
    return [
        (row[0], row[1]) for row in connection.execute(select(*columns).order_by(columns[0].collate("C")))
    ]


def _create(connection: Connection, definition: Definition) -> None:
    # The driver's own execute: a file holds several statements, and no parameters.
    for statement in _statements(definition.sql):
        connection.exec_driver_sql(statement)
    if not _exists(connection, definition.name):
        raise ConfigError(
            f"sql/shared/{definition.name}.sql does not create {definition.qualified}: name file and object alike."
        )
    row = {"definition_name": definition.name, "definition_hash": definition.fingerprint}
    connection.execute(insert(DEFINITIONS), row)


def _statements(sql: str) -> Iterator[str]:
    """Statements end with a semicolon at the end of a line; % is the driver's, hence doubled."""
    for statement in _STATEMENT.findall(sql):
        if _COMMENT.sub("", statement).strip():
            yield statement.replace("%", "%%")


def _exists(connection: Connection, name: str) -> bool:
    query = text(
        "select to_regclass(:name) is not null or exists (select from pg_proc"
        " where pronamespace = to_regnamespace(:schema) and proname = :bare)"
    )
    schema, _, bare = _qualified(name).partition(".")
    values = {"name": f"{schema}.{bare}", "schema": schema, "bare": bare}
    return bool(connection.execute(query, values).scalar_one())


def _drop_views(connection: Connection, names: list[str]) -> None:
    """All in one statement, so that it does not matter which read which; functions stay, they are changed in place."""
    query = text(
        "select schemaname, viewname from pg_views where schemaname || '.' || viewname = any(:names) order by 1, 2"
    )
    views = connection.execute(query, {"names": [_qualified(name) for name in names]}).all()
    if not views:
        return
    quote = connection.dialect.identifier_preparer.quote
    try:
        listed = ", ".join(f"{quote(schema)}.{quote(name)}" for schema, name in views)
        connection.exec_driver_sql(f"drop view {listed}")
    except exc.InternalError:
        raise ConfigError(
            "The shared definitions cannot be replaced, because a view that is not ours reads them: "
            "drop that view, run again, and create it anew."
        ) from None
