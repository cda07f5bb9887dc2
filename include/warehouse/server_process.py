"""The server's process: making a cluster, launching, asking how it is, stopping.

PostgreSQL's `postmaster.pid` alone proves nothing: it stays behind after `kill -9` or a power cut, and its number may
belong to another process by then. A server counts as running when that file is there *and* its socket answers.
"""

from __future__ import annotations

import enum
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from include.errors import ConfigError, TransientError
from include.warehouse.server_account import Account
from include.warehouse.server_binaries import major_version
from include.warehouse.server_settings import PORT

# Recovery after a crash replays up to max_wal_size (4 GB) of log; a slow disk takes minutes for that.
START_SECONDS = 600
STOP_SECONDS = 120
# The children of a killed server let go of its memory when they next look for their parent.
# A server whose folder was deleted notices within a minute and frees its socket.
BLOCKED_SECONDS = 90
_RETRY_SECONDS = 0.5
_PAUSE_SECONDS = 0.1
_LOG_LIMIT_BYTES = 10 * 1024 * 1024

_BLOCKED = ("pre-existing shared memory block", "already exists")
_BUILTIN_LOCALE_SINCE = 17


class ServerState(enum.Enum):
    """What a look at the server shows."""

    STOPPED = "stopped"
    BUSY = "starting or stopping"
    READY = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerProcess:
    """One cluster and the account and programs to run it with.

    Attributes:
        home: folder with `cluster/` and `server.conf`.
        sockets: folder of the unix socket.
    """

    home: Path
    sockets: Path
    account: Account
    programs: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.cluster / "server.log"

    def make_cluster(self, *, durable: bool) -> None:
        """Run initdb unless the cluster is there; an interrupted initdb leaves nothing that looks like a cluster.

        Raises:
            ConfigError: initdb failed, or the cluster is of another major version of PostgreSQL.
        """
        if self.cluster.exists():
            self._check_version()
            return
        unfinished = self.home / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self.account.own(unfinished)
        done = self.account.run(self._initdb(unfinished, durable=durable))
        if done.returncode != 0:
            raise ConfigError(
                f"PostgreSQL could not create its data folder in {self.home}: see the details, "
                "free disk space or set CRM_DATA_DIR to another folder.",
                details=_last_lines(done.stdout),
            )
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude '../server.conf'\n")
        unfinished.rename(self.cluster)

    def launch(self) -> None:
        """Start the server and wait until it takes connections, crash recovery included.

        Raises:
            ConfigError: it refuses to start.
            TransientError: it is still recovering after `START_SECONDS`.
        """
        deadline = time.monotonic() + BLOCKED_SECONDS
        while not self._try_to_launch(last_try=time.monotonic() > deadline):
            time.sleep(_RETRY_SECONDS)
            discard_pid_file_of_another_program(self.cluster)

    def wait_until_settled(self) -> ServerState:
        """Wait while the server is between running and stopped, and return where it ended.

        Raises:
            TransientError: it was still busy after `START_SECONDS`.
        """
        deadline = time.monotonic() + START_SECONDS
        while (state := server_state(self.cluster, self.sockets)) is ServerState.BUSY:
            if time.monotonic() > deadline:
                raise self._still_busy()
            time.sleep(_PAUSE_SECONDS)
        return state

    def stop(self) -> None:
        """Close all connections and stop.

        Raises:
            TransientError: it did not stop in `STOP_SECONDS`.
        """
        done = self._pg_ctl("stop", "-m", "fast", "-t", str(STOP_SECONDS))
        if done.returncode != 0 and server_state(self.cluster, self.sockets) is not ServerState.STOPPED:
            raise TransientError(
                f"The embedded warehouse in {self.home} did not stop: try again; its log is {self.log}.",
                details=_last_lines(done.stdout),
            )

    def _initdb(self, folder: Path, *, durable: bool) -> list[str]:
        # Unicode letters and code point order, the same on every system: the builtin locale is PostgreSQL's own.
        builtin = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locale = builtin if major_version(self.programs) >= _BUILTIN_LOCALE_SINCE else ["--locale=C.UTF-8"]
        return [
            *(
                str(self.programs / "initdb"),
                "--pgdata",
                str(folder),
                "--username=postgres",
                "--encoding=UTF8",
            ),
            *("--auth-local=trust", "--auth-host=reject", "--no-instructions"),
            *locale,
            *([] if durable else ["--no-sync"]),
        ]

    def _check_version(self) -> None:
        made_by = int((self.cluster / "PG_VERSION").read_text(encoding="ascii").strip())
        ours = major_version(self.programs)
        if made_by != ours:
            raise ConfigError(
                f"The warehouse in {self.home} was made by PostgreSQL {made_by}, the installed programs are "
                f"{ours}: dump it with the old version and restore it, or set CRM_DATA_DIR to a new folder."
            )

    def _try_to_launch(self, *, last_try: bool) -> bool:
        log_start = self._trim_log()
        done = self._pg_ctl("start", "-t", str(START_SECONDS), "-l", str(self.log))
        if done.returncode == 0 or self.wait_until_settled() is ServerState.READY:
            return True
        with self.log.open("rb") as log:
            log.seek(log_start)
            complaint = _last_lines(log.read().decode(errors="replace"))
        if any(sign in complaint for sign in _BLOCKED) and not last_try:
            return False
        raise ConfigError(
            f"The embedded warehouse in {self.home} does not start: see the details and its log {self.log}.",
            details=complaint or _last_lines(done.stdout),
        )

    def _trim_log(self) -> int:
        """Start a new log when the old one is long; return where this start's lines begin."""
        if not self.log.exists():
            return 0
        if self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))
            return 0
        return self.log.stat().st_size

    def _pg_ctl(self, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self.account.run(
            [str(self.programs / "pg_ctl"), verb, "-w", "-D", str(self.cluster), *options]
        )

    def _still_busy(self) -> TransientError:
        return TransientError(
            f"The embedded warehouse in {self.home} is still recovering after {START_SECONDS} seconds: "
            f"wait and try again; its log is {self.log}."
        )


def server_state(cluster: Path, sockets: Path) -> ServerState:
    """Look at the server without waiting for anything."""
    lines = _pid_file(cluster)
    if not lines or not _answers(sockets / f".s.PGSQL.{PORT}"):
        return ServerState.STOPPED
    status = lines[7].strip() if len(lines) > 7 else "starting"
    return ServerState.READY if status == "ready" else ServerState.BUSY


def discard_pid_file_of_another_program(cluster: Path) -> None:
    """Remove a stale `postmaster.pid` whose number now belongs to some other program, as happens after a reboot.

    PostgreSQL clears a stale file itself, except when a process with that number lives under the same account: then it
    refuses to start. Only a process that is surely no PostgreSQL is overruled; where /proc is missing, none is.
    """
    lines = _pid_file(cluster)
    if not lines:
        return
    try:
        program = Path(f"/proc/{int(lines[0])}/comm").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return
    if program != "postgres":
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _pid_file(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(5.0)
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


def _last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-5:])
