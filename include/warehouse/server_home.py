"""Where the embedded server keeps its files, and why that is sometimes not where one would look.

Normally everything is in the data folder. Two things can be elsewhere, and a file in the data folder then says where:

    <data folder>/          e.g. .data/postgres
        server.lock         held while a server is being started or stopped
        location            only when the server's account cannot get here: the folder below that is used instead
    <home>/                 the data folder itself, or /var/tmp/crm-postgres-...
        server.conf         the tuned settings, written at every start
        cluster/            PostgreSQL's data and `server.log`
        socket/             the unix socket; only the server's account and root get in
        socket_folder       only when the path is too long for a socket: the folder used instead, and whose it is
        programs/           only when the account cannot run the installed ones: a copy

The folders outside the data folder have unguessable names made by `mkdtemp`, so nobody can put one there first, and a
data folder that was deleted starts afresh.
"""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
from pathlib import Path

from include.errors import ConfigError
from include.warehouse.server_account import Account
from include.warehouse.server_settings import PORT

RELOCATED_PARENT = Path("/var/tmp")  # noqa: S108 - survives a reboot, unlike /tmp; names are made by mkdtemp

_SOCKET_PATH_LIMIT = 103  # bytes without the closing zero: 107 on Linux, 103 on macOS
# Anything else needs escaping in a URL, in postgresql.conf or in libpq, where a comma separates two hosts.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")

logger = logging.getLogger(__name__)


def server_home(data_dir: Path) -> Path:
    """Return the folder that holds (or will hold) the server's files; creates nothing."""
    recorded = _read_lines(data_dir / "location")
    return Path(recorded[0]) if recorded else data_dir


def prepare_home(data_dir: Path, account: Account) -> Path:
    """Create the server's home where the account can work, and return it. Call with the lock held.

    Raises:
        ConfigError: no folder was found that the account can use.
    """
    home = server_home(data_dir)
    if home != data_dir and not home.is_dir():
        raise ConfigError(
            f"The warehouse's data was kept in {home}, which is gone: restore it, "
            f"or delete {data_dir / 'location'} to start with an empty warehouse."
        )
    if _usable(home, account):
        return home
    if home != data_dir or account.is_ours:
        raise ConfigError(
            f"The account '{account.name}' cannot write in {home}: "
            "set CRM_DATA_DIR to a folder it may use, or run as the user who owns that folder."
        )
    return _relocate(data_dir, account)


def socket_folder(home: Path) -> Path:
    """Return the folder of the server's socket.

    Raises:
        ConfigError: the path is too long for a socket and the server was never started, so none is chosen yet.
    """
    inside = home / "socket"
    if _fits_a_socket(inside):
        return inside
    recorded = _read_lines(home / "socket_folder")
    # The second line tells a copied data folder from its original: both must not meet on one socket.
    if len(recorded) == 2 and recorded[1] == str(home):
        return Path(recorded[0])
    raise ConfigError(
        "The embedded warehouse has not been started yet: run `python -m include.warehouse.server start` first."
    )


def prepare_socket_folder(home: Path, account: Account) -> Path:
    """Create the folder of the socket, private to the account, and return it. Call with the lock held."""
    try:
        folder = socket_folder(home)
    except ConfigError:
        return _choose_socket_folder(home, account)
    if folder.parent == home:
        account.own(folder)
    elif not _is_private(folder, account):
        return _choose_socket_folder(
            home, account
        )  # the temporary folder was cleared, as it is after a reboot
    return folder


def write_file(path: Path, text: str) -> None:
    """Put a small file in place at once: never half written, and also over one that another account left."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.chmod(0o644)  # the server's account reads its settings, whatever our umask
    unfinished.replace(path)


def _usable(home: Path, account: Account) -> bool:
    """Open the home for the account and ask it to write in the one folder that every server needs."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        if account.is_ours:
            home.chmod(0o700)
        elif home.stat().st_uid != account.uid:
            home.chmod(
                0o711
            )  # the account passes through to its own folders and cannot list or change the rest
        probe = home / "socket"
        account.own(probe)
    except OSError:
        return False
    return account.can_write(probe)


def _relocate(data_dir: Path, account: Account) -> Path:
    prefix = f"crm-postgres-{hashlib.sha256(str(data_dir).encode()).hexdigest()[:8]}-"
    home = Path(tempfile.mkdtemp(prefix=prefix, dir=RELOCATED_PARENT))
    if not _usable(home, account):
        raise ConfigError(
            f"PostgreSQL cannot run as root, and its account '{account.name}' can use neither {data_dir} nor "
            f"{RELOCATED_PARENT}: set CRM_DATA_DIR to a folder whose parents are open to all, or run as a normal user."
        )
    write_file(data_dir / "location", f"{home}\n")
    logger.warning(
        "embedded warehouse: the account '%s' cannot get into %s, so the server keeps its data in %s",
        account.name,
        data_dir,
        home,
    )
    return home


def _choose_socket_folder(home: Path, account: Account) -> Path:
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - the name below is made by mkdtemp
        folder = Path(tempfile.mkdtemp(prefix="crm-", dir=parent))
        account.own(folder)
        if _fits_a_socket(folder) and account.can_write(folder):
            write_file(home / "socket_folder", f"{folder}\n{home}\n")
            return folder
        folder.rmdir()
    raise ConfigError(
        f"No folder for the warehouse's socket: {home} has too long a path and the temporary folder cannot be used. "
        "Set CRM_DATA_DIR to a shorter path."
    )


def _fits_a_socket(folder: Path) -> bool:
    socket = str(folder / f".s.PGSQL.{PORT}")
    return len(socket.encode()) <= _SOCKET_PATH_LIMIT and _PLAIN_PATH.fullmatch(socket) is not None


def _is_private(folder: Path, account: Account) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    state = folder.stat()
    return state.st_uid == account.uid and state.st_mode & 0o077 == 0


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
