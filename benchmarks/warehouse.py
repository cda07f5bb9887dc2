"""The benchmarks' own PostgreSQL: the embedded server with the project's tuned settings, in a temporary folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from include.warehouse.engine import open_engine
from include.warehouse.migrate import upgrade
from include.warehouse.server import EmbeddedServer
from include.warehouse.server_home import server_home

TEMPLATE = "bench_template"
"""The database that warehouses are copied from."""


@contextmanager
def running_server() -> Iterator[EmbeddedServer]:
    """Start a server; it is stopped and its files are deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="crm-bench-"))
    folder.chmod(0o711)  # as root, the server's account must get through
    server = EmbeddedServer(folder / "postgres")
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server_home(server.data_dir), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_warehouse(server: EmbeddedServer, name: str) -> Iterator[URL]:
    """A migrated, empty warehouse, dropped at the end."""
    admin, own, template = server.url("postgres"), sql.Identifier(name), sql.Identifier(TEMPLATE)
    _ensure_template(server)
    run_sql(admin, sql.SQL("create database {} template {}").format(own, template))
    try:
        yield server.url(name)
    finally:
        run_sql(admin, sql.SQL("drop database {} with (force)").format(own))


def _ensure_template(server: EmbeddedServer) -> None:
    """Migrate once per server: it takes seconds, a copy a moment. Where nothing is to be done it is quick to say so."""
    server.ensure_database(TEMPLATE)
    engine = open_engine(server.url(TEMPLATE))
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def run_sql(url: URL, *statements: sql.Composable) -> None:
    """Run statements outside a transaction."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def settle(url: URL) -> None:
    """What time would do between two runs: statistics as autovacuum keeps them, and everything on disk."""
    run_sql(url, sql.SQL("vacuum analyze"), sql.SQL("checkpoint"))
