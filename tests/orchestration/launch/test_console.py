from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from include.errors import ConfigError
from include.orchestration.launch.console import quiet
from include.settings import PROJECT_ROOT

SAY = """
import os, subprocess, sys
from pathlib import Path
from include.orchestration.launch.console import quiet
print("before")
try:
    with quiet(Path(sys.argv[1])) as screen:
        print("library")
        print("library's error", file=sys.stderr)
        os.write(1, b"C code\\n")
        subprocess.run(["echo", "child"], check=True)
        screen.write("for the reader\\n")
        raise KeyError
except KeyError:
    print("after")
"""


def test_only_what_is_meant_for_the_reader_reaches_the_screen(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "run.log"
    environ = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    command = [sys.executable, "-c", SAY, str(log)]
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=environ, capture_output=True, text=True, check=True)
    assert (done.stdout.split("\n"), done.stderr) == (["before", "for the reader", "after", ""], "")
    assert sorted(log.read_text().splitlines()) == ["C code", "child", "library", "library's error"]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_each_run_begins_a_new_log(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    log.write_text("yesterday")
    with quiet(log):
        pass
    assert log.read_text() == ""


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ConfigError, match=r"cannot be written .*CRM_DATA_DIR"),
        quiet(tmp_path / "file" / "run.log"),
    ):
        pass
