"""The embedded PostgreSQL: a real server in a folder of the project, started on demand.

    python -m include.warehouse.server start|stop|status|url [--database crm]

The server outlives the process that started it: nobody who merely finishes may stop it, since a scheduler, its tasks
and a person at a prompt share it. Starting is safe from any number of processes at once.
"""

from __future__ import annotations

import argparse
import fcntl
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy
from psycopg import sql

from include.errors import ConfigError, SyncError
from include.settings import Settings
from include.warehouse.server_account import DEFAULT_SERVER_USER, server_account
from include.warehouse.server_binaries import usable_programs
from include.warehouse.server_home import (
    prepare_home,
    prepare_socket_folder,
    server_home,
    socket_folder,
    write_file,
)
from include.warehouse.server_process import (
    ServerProcess,
    ServerState,
    discard_pid_file_of_another_program,
    server_state,
)
from include.warehouse.server_settings import PORT, Machine, render_settings, server_settings

WAREHOUSE_DATABASE = "crm"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class EmbeddedServer:
    """A PostgreSQL server of our own, reached over a unix socket only.

    Attributes:
        data_dir: absolute folder of the server; made by `start()`. What is in it: `server_home`.
        server_user: the account that runs the server when we are root.
        durable: False trades safety after a power cut for speed; for tests.
        programs: folder of the PostgreSQL programs; None means those of the wheel.
    """

    data_dir: Path
    server_user: str = DEFAULT_SERVER_USER
    durable: bool = True
    programs: Path | None = None

    def start(self) -> None:
        """Start the server unless it runs, and wait until it takes connections.

        Raises:
            ConfigError: it cannot run here; the sentence says what to change.
            TransientError: it is still recovering from a crash.
        """
        if self._state() is ServerState.READY:
            return
        with self._lock():
            process = self._prepared_process()
            if process.wait_until_settled() is ServerState.READY:
                return
            discard_pid_file_of_another_program(process.cluster)
            process.make_cluster(durable=self.durable)
            self._write_settings(process)
            process.launch()
        logger.info(
            "embedded warehouse: server started home=%s account=%s", process.home, process.account.name
        )

    def stop(self) -> None:
        """Stop this folder's server, if it runs; others on the same machine are never touched.

        Raises:
            TransientError: it did not stop in time.
        """
        if not self._home().is_dir():
            return
        with self._lock():
            if self._state() is not ServerState.STOPPED:
                self._prepared_process().stop()

    def is_running(self) -> bool:
        """Whether the server takes connections now."""
        return self._state() is ServerState.READY

    def url(self, database: str = WAREHOUSE_DATABASE, driver: str = "psycopg") -> sqlalchemy.URL:
        """Return the address of a database for SQLAlchemy, with the driver psycopg, psycopg2 or asyncpg.

        Raises:
            ConfigError: the server was never started and its socket has no place yet.
        """
        folder = socket_folder(self._home())
        # The port names the socket file; without it a PGPORT in the environment would.
        return sqlalchemy.URL.create(
            f"postgresql+{driver}",
            username="postgres",
            database=database,
            query={"host": str(folder), "port": str(PORT)},
        )

    def ensure_database(self, name: str) -> None:
        """Create a database unless it exists; the server must run."""
        folder = socket_folder(self._home())
        with psycopg.connect(
            host=str(folder),
            port=PORT,
            user="postgres",
            dbname="postgres",
            autocommit=True,
            connect_timeout=10,
        ) as connection:
            if (
                connection.execute("select from pg_database where datname = %s", [name]).fetchone()
                is not None
            ):
                return
            try:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return  # another process was faster

    def _home(self) -> Path:
        try:
            return server_home(self.data_dir)
        except PermissionError:
            raise _belongs_to_another_user(self.data_dir) from None

    def _state(self) -> ServerState:
        home = self._home()
        try:
            return server_state(home / "cluster", socket_folder(home))
        except ConfigError:
            return ServerState.STOPPED  # no place for the socket yet: never started
        except PermissionError:
            raise _belongs_to_another_user(self.data_dir) from None

    def _prepared_process(self) -> ServerProcess:
        """Put all folders in order and return the process to run in them. Call with the lock held."""
        account = server_account(self._home() / "cluster", self.server_user)
        home = prepare_home(self.data_dir, account)
        return ServerProcess(
            home=home,
            sockets=prepare_socket_folder(home, account),
            account=account,
            programs=usable_programs(home, account, self.programs),
        )

    def _write_settings(self, process: ServerProcess) -> None:
        machine = Machine.here(process.home)
        settings = server_settings(machine, socket_folder=process.sockets, durable=self.durable)
        write_file(process.home / "server.conf", render_settings(settings))

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one process at a time start or stop this server; the lock goes with the process that holds it."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.data_dir / "server.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError:
            raise _belongs_to_another_user(self.data_dir) from None
        try:
            if os.geteuid() == 0:
                owner = self.data_dir.stat()  # so that the owner can lock it too when root was here first
                os.fchown(handle, owner.st_uid, owner.st_gid)
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def embedded_server(settings: Settings, environ: Mapping[str, str] | None = None) -> EmbeddedServer:
    """Return the server of this installation, below its data folder; starts and creates nothing."""
    env = os.environ if environ is None else environ
    return EmbeddedServer(
        data_dir=settings.data_dir / "postgres", server_user=env.get("CRM_SERVER_USER") or DEFAULT_SERVER_USER
    )


def _belongs_to_another_user(data_dir: Path) -> ConfigError:
    return ConfigError(
        f"The warehouse folder {data_dir} cannot be used: it belongs to another user or a read-only disk. "
        "Run as its owner, or set CRM_DATA_DIR to a folder of your own."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m include.warehouse.server", description="The embedded warehouse."
    )
    parser.add_argument("command", choices=["start", "stop", "status", "url"])
    parser.add_argument(
        "--database", default=WAREHOUSE_DATABASE, help="which database (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        answer, status = _carry_out(
            options.command, options.database, embedded_server(Settings.from_environment())
        )
    except SyncError as error:
        sys.stderr.write("\n".join(filter(None, [error.summary, error.details])) + "\n")
        return 1
    sys.stdout.write(f"{answer}\n")
    return status


def _carry_out(command: str, database: str, server: EmbeddedServer) -> tuple[str, int]:
    if command == "start":
        server.start()
        server.ensure_database(database)
        return f"running: {_address(server, database)}", 0
    if command == "stop":
        server.stop()
        return "stopped", 0
    if command == "url":
        return _address(server, database), 0
    running = server.is_running()
    return ("running" if running else "stopped"), 0 if running else 3  # 3: as pg_ctl and init scripts have it


def _address(server: EmbeddedServer, database: str) -> str:
    """Write the URL without %2F: the socket's path is plain, and a % is special in configuration files."""
    return server.url(database).render_as_string(hide_password=False).replace("%2F", "/")


if __name__ == "__main__":
    raise SystemExit(main())
