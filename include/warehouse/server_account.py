"""Which operating-system account runs PostgreSQL's programs, and running them as that account.

PostgreSQL refuses to run as root. A plain user simply runs it himself; root borrows an account that exists already and
that owns nothing (`nobody`, or the one named by `CRM_SERVER_USER`). Nothing is added to the system for this, and no
permission outside our own folders is touched.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from include.errors import ConfigError

DEFAULT_SERVER_USER = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account that PostgreSQL's programs run as.

    Attributes:
        name: for messages.
        uid: user id; owns the cluster and the socket folder.
        gid: group id.
    """

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this process runs as the account already."""
        return self.uid == os.geteuid()

    def own(self, folder: Path) -> None:
        """Make a folder that this account and root may enter, and nobody else."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if not self.is_ours:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def can_write(self, folder: Path) -> bool:
        """Whether the account gets through all parents of a folder and may write in it (asked by trying)."""
        probe = 'cd -- "$1" && test -w .'
        return self.run(["/bin/sh", "-c", probe, "sh", str(folder)]).returncode == 0

    def run(self, argv: Sequence[str], *, timeout: float | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program as the account and return its exit status and output.

        Raises:
            OSError: the program is missing or out of the account's reach.
            subprocess.TimeoutExpired: it took longer than `timeout` seconds.
        """
        switch = {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}
        # A file and not a pipe: `pg_ctl start` leaves a server behind, and a pipe would stay open as long as that runs.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(  # type: ignore[call-overload]  # the overloads do not know a dict of keywords
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_clean_environment(),
                cwd="/",  # the caller's folder may be closed to the account
                timeout=timeout,
                check=False,
                **switch,
            )
            output.seek(0)
            return subprocess.CompletedProcess(list(argv), done.returncode, output.read())


def server_account(cluster: Path, configured: str = DEFAULT_SERVER_USER) -> Account:
    """Return who runs the server of a cluster: its owner, else this user, else (as root) the configured account.

    Raises:
        ConfigError: the configured account does not exist or is root.
    """
    if cluster.exists() and os.geteuid() == 0:
        owner = cluster.stat()
        if owner.st_uid != 0:
            return Account(name=_name(owner.st_uid), uid=owner.st_uid, gid=owner.st_gid)
    if os.geteuid() != 0:
        return Account(name=_name(os.geteuid()), uid=os.geteuid(), gid=os.getegid())
    return _existing_account(configured)


def _existing_account(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise ConfigError(
            f"PostgreSQL cannot run as root, and the account '{name}' does not exist here: "
            "set CRM_SERVER_USER to an existing unprivileged account, or run as a normal user."
        ) from None
    if entry.pw_uid == 0:
        raise ConfigError(
            f"PostgreSQL cannot run as root, and CRM_SERVER_USER names root ('{name}'): "
            "set it to an unprivileged account such as nobody."
        )
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _clean_environment() -> dict[str, str]:
    """Keep the environment from the server: it lives on, and its account may read what we were given (secrets)."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
        if name in os.environ
    }
    return {"PATH": os.defpath, **kept, "LC_ALL": "C", "TZ": "UTC"}
