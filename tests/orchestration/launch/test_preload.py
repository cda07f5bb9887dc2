from __future__ import annotations

import sys
from pathlib import Path

import pytest

from include.orchestration.launch.preload import LOCAL_SETTINGS, preload_in_scheduler


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "heavy_library.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "heavy_library", raising=False)
    return "heavy_library"


def test_the_scheduler_imports_what_its_tasks_will_inherit(library: str) -> None:
    assert preload_in_scheduler(["airflow", "scheduler", "--skip-serve-logs"], [library])
    assert library in sys.modules


@pytest.mark.parametrize(
    "argv", [["airflow", "api-server"], ["airflow"], ["airflow", "dags", "list", "scheduler"]]
)
def test_no_other_command_pays_for_it(library: str, argv: list[str]) -> None:
    assert not preload_in_scheduler(argv, [library])
    assert library not in sys.modules


def test_the_file_that_airflow_reads_gives_it_no_settings() -> None:
    names: dict[str, object] = {}
    exec(compile(LOCAL_SETTINGS, "airflow_local_settings.py", "exec"), names)  # noqa: S102 - our own text
    assert names["__all__"] == []
