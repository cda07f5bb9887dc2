"""The folder that opt-out files are dropped in: each is taken in whole, in one transaction, or set aside whole.

Files in the folder itself hold for every channel, those in a folder named after a channel for that one. A file that was
taken in is deleted, since it is full of addresses, or moved to `done/`; a wrong one is moved to `refused/`, with a text
beside it that says why. Both get a name made of their checksum: what people call files may be somebody's name. The rows
are committed before the file goes: whatever cuts this short, the next run finds the file again and nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, insert, select, update

from include.errors import ConfigError, DataError
from include.identity.guest_keys import GuestKeys
from include.private_storage import make_private_folder, open_private
from include.segments.private_file import FilePath
from include.suppressions.opt_out_file import checksum, open_opt_out_file
from include.suppressions.suppressing import suppress
from include.suppressions.tables import EVERY_CHANNEL, OPT_OUT_FILES

DONE, REFUSED = "done", "refused"
QUIET = timedelta(seconds=60)
"""How long nobody must have written to a file: uploads take time, and half a file looks whole."""


_NO_CHANNEL = (
    "The folder is named after no channel, so nothing in it was taken in: move its files to the folder above, for all "
    "channels, or give it the code of a channel."
)


class DroppedPath(FilePath, Protocol):
    """What is asked of the folder and the files in it."""

    def is_file(self) -> bool:
        """Whether it is a file."""
        ...

    def is_dir(self) -> bool:
        """Whether it is a folder."""
        ...

    def stat(self) -> Any:
        """Its `st_mtime`, among others."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one file.

    Attributes:
        name: what it is called now, below the folder it was dropped in; its checksum, not what people called it.
        refusal: why it was set aside; None: it was taken in.
        address_count: different opt-outs in it.
        new_count: opt-outs that were not known before.
    """

    name: str
    refusal: str | None = None
    address_count: int = 0
    new_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Takes opt-out files in.

    Attributes:
        engine: the warehouse.
        keys: the secret of hashes.
        root: the folder, a `pathlib.Path` or an `ObjectStoragePath`.
        keeps_files: whether files that were taken in are moved to `done/` instead of being deleted.
    """

    engine: Engine
    keys: GuestKeys
    root: DroppedPath
    keeps_files: bool = False

    def take_all(
        self, channel_codes: Collection[str], now: datetime, *, is_at_once: bool = False
    ) -> list[Taken]:
        """Take in every file that nobody is writing to any more.

        Args:
            channel_codes: whose folders are looked into.
            now: with a zone.
            is_at_once: a person says that all uploads are over.

        Raises:
            ConfigError: the folder cannot be read or written.
        """
        with _reading(self.root):
            taken = [
                self._take(file, scope, now)
                for scope, folder in self._folders(channel_codes)
                for file in _files(folder)
                if is_at_once or _is_quiet(file, now)
            ]
            return taken + self._passed_over(channel_codes)

    def _passed_over(self, channel_codes: Collection[str]) -> list[Taken]:
        """Folders that nobody would ever look into."""
        known = {DONE, REFUSED, *channel_codes}
        folders = [path for path in self.root.iterdir() if path.is_dir()] if self.root.exists() else []
        return [
            Taken(name=f"in {folder.name}/", refusal=_NO_CHANNEL)
            for folder in sorted(folders, key=lambda path: path.name)
            if folder.name not in known and _files(folder)
        ]

    def _folders(self, channel_codes: Collection[str]) -> Iterator[tuple[str, DroppedPath]]:
        yield EVERY_CHANNEL, self.root
        yield from ((code, self.root / code) for code in sorted(channel_codes))

    def _take(self, file: DroppedPath, scope: str, now: datetime) -> Taken:
        with file.open("rb") as raw:
            sha256 = checksum(raw)
        name = f"{sha256[:16]}.csv"
        try:
            taken = self._load(file, scope, sha256, now)
        except DataError as error:
            _set_aside(file, name, error.summary)
            return Taken(name=f"{REFUSED}/{name}", refusal=error.summary)
        if self.keeps_files:
            _move(file, file.parent / DONE, name)
        else:
            file.unlink(missing_ok=True)
        return taken

    def _load(self, file: DroppedPath, scope: str, sha256: str, now: datetime) -> Taken:
        with self.engine.begin() as connection, file.open("rb") as raw:
            if _is_known(connection, scope, sha256):
                return Taken(name=f"{sha256[:16]}.csv")
            source = open_opt_out_file(raw, self.keys)
            platform = source.form.platform
            file_id = _note_file(connection, scope, sha256, platform, now)
            noted = suppress(
                connection, source.opt_outs(), source=platform, now=now, scope=scope, file_id=file_id
            )
            counts = {
                "row_count": source.row_count,
                "address_count": noted.address_count,
                "new_count": noted.new_count,
            }
            connection.execute(update(OPT_OUT_FILES).where(OPT_OUT_FILES.c.file_id == file_id).values(counts))
        return Taken(name=f"{sha256[:16]}.csv", address_count=noted.address_count, new_count=noted.new_count)


def _is_known(connection: Connection, scope: str, sha256: str) -> bool:
    once = select(OPT_OUT_FILES.c.file_id).where(
        OPT_OUT_FILES.c.scope == scope, OPT_OUT_FILES.c.sha256 == sha256
    )
    return connection.execute(once).first() is not None


def _note_file(connection: Connection, scope: str, sha256: str, platform: str, now: datetime) -> int:
    row = {
        "scope": scope,
        "sha256": sha256,
        "platform": platform,
        "row_count": 0,
        "address_count": 0,
        "new_count": 0,
        "taken_at": now,
    }
    statement = insert(OPT_OUT_FILES).values(row).returning(OPT_OUT_FILES.c.file_id)
    return int(connection.execute(statement).scalar_one())


def _files(folder: DroppedPath) -> list[DroppedPath]:
    """What was dropped there: everything but folders and names that begin with a dot."""
    if not folder.exists():
        return []
    found = [path for path in folder.iterdir() if not path.name.startswith(".") and path.is_file()]
    return sorted(found, key=lambda path: path.name)


def _is_quiet(file: DroppedPath, now: datetime) -> bool:
    return bool(now.timestamp() - file.stat().st_mtime >= QUIET.total_seconds())


def _set_aside(file: FilePath, name: str, sentence: str) -> None:
    """The reason first: a wrong file without one would be a riddle, one with a reason twice is none."""
    folder = file.parent / REFUSED
    make_private_folder(folder)
    with open_private(folder / f"{name}.txt") as reason:
        reason.write(
            f"{sentence}\nNothing of this file was taken in. Drop it again when it is mended.\n".encode()
        )
    _move(file, folder, name)


def _move(file: FilePath, folder: FilePath, name: str) -> None:
    make_private_folder(folder)
    file.rename(folder / name)


@contextmanager
def _reading(root: FilePath) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ConfigError(
            f"The folder {root} of opt-out files cannot be read and written ({reason}): let this user in, or set "
            "CRM_SUPPRESSIONS_URL to another place."
        ) from None
