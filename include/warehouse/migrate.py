"""Bring a warehouse to this version's shape, and back: `python -m include.warehouse.migrate [up | down | check]`.

Migrations are frozen steps in `migrations/versions`; views are definitions, not steps, and are made anew after each.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

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


def configuration() -> Config:
    """Alembic's settings, without a file of their own."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("version_path_separator", "os")
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Make schemas, tables and views; changes nothing where they are up to date."""
    with engine.begin() as connection:
        connection.execute(text(LOCK))
        for schema in SCHEMAS:
            connection.execute(text(f'create schema if not exists "{schema}"'))
        if _current(connection) not in (None, _head()):
            drop_definitions(connection)  # a migration may change the columns that views read
        command.upgrade(_on(connection), revision)
        if revision in ("head", _head()):
            create_definitions(connection)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Undo migrations down to a revision; the data of dropped tables is lost."""
    with engine.begin() as connection:
        connection.execute(text(LOCK))
        if _current(connection) is not None:
            drop_definitions(connection)
        command.downgrade(_on(connection), revision)


def _on(connection: Connection) -> Config:
    config = configuration()
    config.attributes["connection"] = connection
    return config


def _current(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table_schema": "ops"})
    return context.get_current_revision()


def _head() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def assure_current(engine: Engine) -> None:
    """Refuse to work on a warehouse of another shape.

    Raises:
        ConfigError: it was made by another version of the project.
    """
    with engine.connect() as connection:
        found = _current(connection)
    if found != _head():
        raise ConfigError(
            "The warehouse does not have this version's tables: run `python -m include.warehouse.migrate up` "
            "against it, then try again."
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
