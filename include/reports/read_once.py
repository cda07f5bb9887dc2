"""Folders that are read once per process as long as no file in them changes.

One run asks for its segments some hundred times over; each time all folders are read to know which are refused. What
is in the files is compared, not their times: an edit within the same tick of the clock must not go unnoticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, TypeVarTuple

_Folders = TypeVarTuple("_Folders")
_Read = TypeVar("_Read")


def read_once(read: Callable[[*_Folders], _Read]) -> Callable[[*_Folders], _Read]:
    """Wrap a function of folders: it is called again only when the files below one of them say something else."""

    @lru_cache(maxsize=8)
    def kept(fingerprint: str, *folders: *_Folders) -> _Read:
        return read(*folders)

    def reading(*folders: *_Folders) -> _Read:
        return kept(_fingerprint([folder for folder in folders if isinstance(folder, Path)]), *folders)

    return reading


def _fingerprint(folders: list[Path]) -> str:
    """Changes with every change of a name or of a file's contents."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            contents = _contents(path)
            digest.update(f"{path}\0{len(contents)}\0".encode())
            digest.update(contents)
    return digest.hexdigest()


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # a folder, or a file that may not be read: whoever needs it says so
        return b""
