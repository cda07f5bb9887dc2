from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.private_storage import make_private_folder, open_private


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """The modes must not depend on who runs it."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_folder_that_is_made_is_private_and_those_there_stay_as_they_are(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_folder(tmp_path / "a" / "b" / "c")
    assert [mode(tmp_path / name) for name in ("a", "a/b", "a/b/c")] == [0o700] * 3
    make_private_folder(tmp_path)
    assert mode(tmp_path) == 0o755


def test_file_is_private_even_where_a_readable_one_was(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("longer than the new one")
    file.chmod(0o644)
    with open_private(file) as output:
        output.write(b"new")
    assert (mode(file), file.read_bytes()) == (0o600, b"new")
