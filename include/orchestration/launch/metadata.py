"""Airflow's own database in a checkout: on the embedded server, migrated once.

PostgreSQL and not SQLite, because Airflow on SQLite stops with "database is locked" under its default parallelism. The
URL names its driver (bare `postgresql://` means psycopg 3 to SQLAlchemy 2.1, Airflow wants psycopg2) and the socket's
folder as `?host=`, the one form that psycopg2 and Airflow's asyncpg both accept.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import sqlalchemy

from include.errors import ConfigError
from include.orchestration.launch.tail import last_lines
from include.settings import PROJECT_ROOT, Settings
from include.warehouse.server import embedded_server

CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
_DATABASE = "airflow"


def metadata_url(settings: Settings, environ: Mapping[str, str]) -> str | None:
    """SQLAlchemy URL of Airflow's database; None where the user set one in any of Airflow's three ways.

    Starts the embedded server and makes the database in it, unless it is not needed.
    """
    if any(CONNECTION + way in environ for way in ("", "_CMD", "_SECRET")):
        return None
    server = embedded_server(settings)
    server.start()
    server.ensure_database(_DATABASE)
    url = server.url(database=_DATABASE, driver="psycopg2").render_as_string(hide_password=False)
    return url.replace("%2F", "/")  # a % is special to configuration files, a / in a query is not


def ensure_migrated(home: Path, environ: Mapping[str, str]) -> None:
    """Bring the database to the installed Airflow's schema, at most once per version and database.

    Asking Airflow itself costs 5 s for its import alone. So the revision that a migration led to is remembered beside
    Airflow's version, and compared with the one the database holds: a new Airflow or a new database migrates again.
    A database behind `_CMD` or `_SECRET` is its owner's to migrate.

    Raises:
        ConfigError: the database does not answer or the migration failed; the log's last lines are in the details.
    """
    url = environ.get(CONNECTION)
    stamp = home / "migrated.json"
    if url is None or _read_stamp(stamp) == {
        "airflow": version("apache-airflow-core"),
        "revision": _revision(url),
    }:
        return
    _migrate(home / "db-migrate.log", environ)
    stamp.write_text(json.dumps({"airflow": version("apache-airflow-core"), "revision": _revision(url)}))


def _read_stamp(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # never migrated, or interrupted while writing: migrating twice is harmless


def _revision(url: str) -> str | None:
    """Revision that the database is at; None before the first migration."""
    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
        with engine.connect() as connection:
            if not sqlalchemy.inspect(connection).has_table("alembic_version"):
                return None
            revision = connection.scalar(sqlalchemy.text("select version_num from alembic_version"))
            return None if revision is None else str(revision)
    except sqlalchemy.exc.SQLAlchemyError as error:
        sentence = f"Airflow's database does not answer; see that it runs and that {CONNECTION} is right."
        raise ConfigError(sentence) from error


def _migrate(log: Path, environ: Mapping[str, str]) -> None:
    """In a process of its own: the migration reconfigures logging and must not leave that behind."""
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    with log.open("wb") as output:
        done = subprocess.run(
            command,
            cwd=PROJECT_ROOT,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode != 0:
        sentence = (
            f"Airflow could not make its tables; read the end of {log}, mend what it names, and start again."
        )
        raise ConfigError(sentence, details=last_lines(log))
