"""A shop as a set-up left it: loaded once per worker, and copied for every test that begins there.

Loading four records takes half a second, copying the database they made a twentieth. What a set-up does to the shop
other than in its warehouse and its staging folder (the door, the clock) is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.copied_database import copy_database, drop_database, send_away
from tests.sync.shop import Shop


@dataclass(frozen=True)
class _Kept:
    """The database that a set-up left, and its staged files by their path."""

    database: str
    files: dict[Path, bytes]


_kept: dict[Callable[[Shop], object], _Kept] = {}


def prepared(shop: Shop, set_up: Callable[[Shop], object]) -> Shop:
    """Bring an empty shop to where the set-up leaves one.

    Args:
        shop: of this test, nobody but its engine connected to its database.
        set_up: a function of a module, the same for all tests; it is given a shop of its own.
    """
    url, root = shop.engine.url, Path(str(shop.root))
    if set_up not in _kept:
        set_up(replace(shop))
        shop.engine.dispose()
        send_away(url)
        kept = _Kept(f"prepared_{len(_kept)}", _files(root))
        copy_database(str(url.database), url.set(database=kept.database))
        _kept[set_up] = kept
        return shop
    kept = _kept[set_up]
    shop.engine.dispose()
    drop_database(url)
    copy_database(kept.database, url)
    for name, content in kept.files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return shop


def _files(root: Path) -> dict[Path, bytes]:
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
