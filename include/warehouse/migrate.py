"""Bring a warehouse to this version's shape: `make migrate`, which reads `.env`.

Without make, `python -m include.warehouse.migrate [up | down | check]` does it, and goes back: with the project's
environment and its root on PYTHONPATH, and AIRFLOW_CONN_CRM_WAREHOUSE exported, since it does not read `.env`.
Migrations are frozen steps in `migrations/versions`; views are definitions, not steps, and are made anew after each.
Where `sql/roles.sql` was run they need a member of crm_owner; a warehouse that is up to date needs only a loader.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, exc, text

from include.errors import ConfigError, SyncError
from include.settings import Settings
from include.warehouse.definitions import create_definitions, drop_definitions
from include.warehouse.engine import open_engine, warehouse_url
from include.warehouse.schema import SCHEMAS

# Every task asks for the version; Alembic would log two lines each time.
logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)

FOLDER = Path(__file__).resolve().parent / "migrations"
CONNECTION_VARIABLE = "AIRFLOW_CONN_CRM_WAREHOUSE"
# Two processes that start at once must not both migrate.
LOCK = "select pg_advisory_xact_lock(hashtextextended('crm:migrate', 0))"
OWNER = "crm_owner"
# Whether sql/roles.sql was run in this database, not merely on this server, and the login may act as the owner.
ACTS_AS_OWNER = """
select exists (
    select from pg_namespace join pg_roles on pg_roles.oid = nspowner
    where nspname = 'ops' and rolname = :owner and pg_has_role(current_user, rolname, 'member')
)
"""


def configuration() -> Config:
    """Alembic's settings, without a file of their own."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("version_path_separator", "os")
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Make schemas, tables and views; where they are up to date it changes nothing and needs only to read.

    Raises:
        ConfigError: there is something to make and the login may not, or someone's own view hangs on a table.
    """
    with _as_owner(engine) as connection:
        found = _current(connection)
        if found != _head():
            _create_schemas(connection)
            if found is not None:
                drop_definitions(connection)  # a migration may change the columns that views read
            command.upgrade(_on(connection), revision)
        if revision in ("head", _head()):
            create_definitions(connection)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Undo migrations down to a revision; the data of dropped tables is lost.

    Raises:
        ConfigError: the login does not own the tables, or someone's own view hangs on one.
    """
    with _as_owner(engine) as connection:
        if _current(connection) is not None:
            drop_definitions(connection)
        command.downgrade(_on(connection), revision)


@contextmanager
def _as_owner(engine: Engine) -> Iterator[Connection]:
    """One transaction, in which what is made belongs to crm_owner where there is one: its default privileges count."""
    with _rights_explained(), engine.begin() as connection:
        connection.execute(text(LOCK))
        if connection.execute(text(ACTS_AS_OWNER), {"owner": OWNER}).scalar_one():
            connection.execute(text(f"set local role {OWNER}"))
        yield connection


@contextmanager
def _rights_explained() -> Iterator[None]:
    try:
        yield
    except exc.ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise ConfigError(
            "The warehouse's login may not read the version of its tables, or not make those of this version: make "
            f"it a member of a role of sql/roles.sql, run `make migrate` with a member of {OWNER}, then try again."
        ) from None


def _create_schemas(connection: Connection) -> None:
    """Only those that are missing: PostgreSQL wants the right to create one even where it would not."""
    known = set(connection.execute(text("select nspname from pg_namespace")).scalars())
    for schema in SCHEMAS:
        if schema not in known:
            connection.execute(text(f'create schema "{schema}"'))


def _on(connection: Connection) -> Config:
    config = configuration()
    config.attributes["connection"] = connection
    return config


def _current(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table_schema": "ops"})
    return context.get_current_revision()


@cache
def _head() -> str | None:
    """Of this process's code, which does not change under it; finding it reads every migration."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def assure_current(engine: Engine) -> None:
    """Refuse to work on a warehouse of another shape.

    Raises:
        ConfigError: it was made by another version of the project, or the login may not ask.
    """
    with _rights_explained(), engine.connect() as connection:
        found = _current(connection)
    if found != _head():
        raise ConfigError(
            "The warehouse does not have this version's tables: run `make migrate` against it, then try again."
        )


def main(arguments: list[str] | None = None) -> int:
    """Entry of the command line."""
    parser = argparse.ArgumentParser(prog="python -m include.warehouse.migrate", description=__doc__)
    parser.add_argument("direction", nargs="?", default="up", choices=("up", "down", "check"))
    parser.add_argument("--revision", help="stop there; head or base by default")
    chosen = parser.parse_args(arguments)
    try:
        engine = open_engine(warehouse_url(os.environ.get(CONNECTION_VARIABLE), Settings.from_environment()))
        try:
            _go(engine, chosen.direction, chosen.revision)
        finally:
            engine.dispose()
    except SyncError as error:
        sys.stderr.write(f"{error.summary}\n")
        return 1
    return 0


def _go(engine: Engine, direction: str, revision: str | None) -> None:
    if direction == "up":
        upgrade(engine, revision or "head")
    elif direction == "down":
        downgrade(engine, revision or "base")
    else:
        assure_current(engine)


if __name__ == "__main__":
    sys.exit(main())
