"""Databases of tests' own: where their server keeps them, and how one is made and dropped.

A thousand tests want one, each of a thousand files; that is a third of the suite's time on a disk, and next to nothing
in memory. Both places hold the same server with the same settings, so no rule depends on where it is.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy
from psycopg import sql

from include.warehouse.engine import libpq_uri
from include.warehouse.server import EmbeddedServer
from include.warehouse.server_settings import MIB, Machine

_IN_MEMORY = Path("/dev/shm")
# Far more than the servers of two workers need (120 MB each were seen); the rest of the memory is for Airflow.
_ENOUGH_SHARED = 4096 * MIB
_ENOUGH_MEMORY = 8192 * MIB
# Who has just hung up is there for some milliseconds more, and dropping the database would sleep a tenth of a second.
_SEND_AWAY = sql.SQL(
    """
    do $$
    begin
        perform pg_terminate_backend(pid) from pg_stat_activity where datname = {database};
        for attempt in 1..1000 loop
            perform pg_stat_clear_snapshot();
            exit when not exists (select from pg_stat_activity where datname = {database});
            perform pg_sleep(0.001);
        end loop;
    end
    $$
    """
)
# Connecting twice per test takes as long as making the database.
_administrators: dict[sqlalchemy.URL, psycopg.Connection] = {}


def new_folder() -> Path:
    """Make a folder that the server's account can reach: in memory where there is plenty, else where TMPDIR says."""
    folder = Path(tempfile.mkdtemp(prefix="crm-test-", dir=_IN_MEMORY if _has_plenty_of_memory() else None))
    folder.chmod(0o711)  # as root, the server's account must get through
    return folder


def _has_plenty_of_memory() -> bool:
    if "TMPDIR" in os.environ or not os.access(_IN_MEMORY, os.W_OK):
        return False
    memory = Machine.here(_IN_MEMORY).memory
    return shutil.disk_usage(_IN_MEMORY).free >= _ENOUGH_SHARED and memory >= _ENOUGH_MEMORY


@contextmanager
def copied_database(server: EmbeddedServer, template: str, name: str) -> Iterator[sqlalchemy.URL]:
    """Create a database from another that nobody is connected to, and drop it afterwards, whoever still is."""
    url = server.url(name)
    copy_database(template, url)
    try:
        yield url
    finally:
        drop_database(url)


def copy_database(template: str, url: sqlalchemy.URL) -> None:
    """Create the database of this address from another of its server, when nobody is connected to that any more.

    Files are copied as they are: the default strategy writes every page to the log as well and takes twice as long.
    """
    create = sql.SQL("create database {} template {} strategy file_copy")
    _as_administrator(url, create.format(sql.Identifier(str(url.database)), sql.Identifier(template)))


def drop_database(url: sqlalchemy.URL) -> None:
    """Drop the database of this address, whoever is connected to it."""
    send_away(url)
    drop = sql.SQL("drop database {} with (force)")
    _as_administrator(url, drop.format(sql.Identifier(str(url.database))))


def send_away(url: sqlalchemy.URL) -> None:
    """End all connections to the database of this address, and wait until they are gone."""
    _as_administrator(url, _SEND_AWAY.format(database=sql.Literal(url.database)))


def _as_administrator(url: sqlalchemy.URL, statement: sql.Composable) -> None:
    server = url.set(database="postgres")
    if server not in _administrators:
        _administrators[server] = psycopg.connect(libpq_uri(server), autocommit=True)
    _administrators[server].execute(statement)


def forget_servers() -> None:
    """Close the connections by which databases are made, before the servers are stopped."""
    for connection in _administrators.values():
        connection.close()
    _administrators.clear()
