"""Old files outside the staging root: logs, pages of checks that belong to nothing any more, halves of exports.

Staged and raw records are `include.sync.retention`'s business: they go by their channel's own days.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from include.private_storage import local_path
from include.sync.data_docs import INDEX
from include.sync.staging import FolderPath, writing

UNFINISHED = timedelta(days=1)
"""How old a half-written export must be to be a leftover: none takes so long."""


def prune_logs(folder: Path, before: datetime, *, is_dry: bool = False) -> int:
    """Delete files below a local folder that were last written before, and the folders they leave empty."""
    old = [path for path in sorted(folder.rglob("*")) if path.is_file() and _written_at(path) < before]
    if not is_dry:
        for path in old:
            path.unlink(missing_ok=True)
        _remove_empty(folder)
    return len(old)


def _written_at(path: Path) -> datetime:
    with suppress(FileNotFoundError):
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    return datetime.max.replace(tzinfo=UTC)


def _remove_empty(folder: Path) -> None:
    """Deepest first; a folder that somebody has just written to stays."""
    for path in sorted((p for p in folder.rglob("*") if p.is_dir() and not p.is_symlink()), reverse=True):
        with suppress(OSError):
            path.rmdir()


def prune_pages(
    root: FolderPath, channel_codes: Collection[str], entities: Collection[str], *, is_dry: bool = False
) -> int:
    """Delete pages of checks whose channel or entity is no more; how many.

    Raises:
        ConfigError: they may not be deleted.
    """
    pages = [
        page
        for channel in _listed(local_path(root) or root)
        for page in (_listed(channel) if channel.name != INDEX else ())
        if page.name.endswith(".html")
        and (channel.name not in channel_codes or page.name.removesuffix(".html") not in entities)
    ]
    with writing("Data Docs", "CRM_DATA_DOCS_URL"):
        for page in () if is_dry else pages:
            page.unlink()
    return len(pages)


def remove_channel(root: FolderPath, channel_code: str) -> None:
    """Delete the folder of a channel with everything in it; nothing where there is none.

    Args:
        root: staging root, or folder of the pages of checks.
        channel_code: a code that is known, not just any answer of a form.

    Raises:
        ConfigError: it may not be deleted.
    """
    with writing():
        _remove_tree((local_path(root) or root) / channel_code)


def _remove_tree(folder: Any) -> None:
    local = local_path(folder)
    if local is not None:
        if local.exists():
            shutil.rmtree(local)
        return
    for path in _listed(folder):
        _remove_tree(path)
    # An object store has files only; what looked like a folder is gone with its last one.
    with suppress(FileNotFoundError, IsADirectoryError):
        folder.unlink()


def prune_partials(root: FolderPath, now: datetime, *, is_dry: bool = False) -> int:
    """Delete what a killed export left unfinished; how many files.

    Only on a local disk: an object store shows nothing unfinished.
    """
    local = local_path(root)
    if local is None:
        return 0
    left = [path for path in sorted(local.glob("*/**/.*.partial")) if _written_at(path) < now - UNFINISHED]
    for path in () if is_dry else left:
        path.unlink(missing_ok=True)
    return len(left)


def _listed(folder: Any) -> Iterator[Any]:
    with suppress(FileNotFoundError, NotADirectoryError):
        yield from sorted(folder.iterdir(), key=lambda path: str(path.name))
