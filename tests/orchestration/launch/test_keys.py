from __future__ import annotations

import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from include.errors import ConfigError
from include.orchestration.launch.keys import admin_password, load_keys


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_keys_stay_the_same_so_that_stored_connections_stay_readable(tmp_path: Path) -> None:
    assert load_keys(tmp_path) == load_keys(tmp_path)
    assert admin_password(tmp_path) == admin_password(tmp_path)


def test_two_installations_have_nothing_in_common(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert load_keys(first).fernet_key != load_keys(second).fernet_key
    assert admin_password(first) != admin_password(second)


def test_processes_that_start_together_agree_on_the_keys(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        found = {keys.fernet_key for keys in pool.map(load_keys, [tmp_path] * 8)}
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_only_the_owner_can_read_secrets(tmp_path: Path) -> None:
    load_keys(tmp_path)
    admin_password(tmp_path)
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}


def test_secrets_have_no_repr(tmp_path: Path) -> None:
    keys = load_keys(tmp_path)
    assert keys.fernet_key not in repr(keys)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"fernet_key": 1}', '{"fernet_key": "x"}'])
def test_a_damaged_key_file_is_refused_and_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(ConfigError, match=r"keys\.json is damaged"):
        load_keys(tmp_path)
