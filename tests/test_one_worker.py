from __future__ import annotations

import pytest

from include.settings import PROJECT_ROOT
from tests.one_worker import _GROUPS, group_of


@pytest.mark.parametrize("folder", [folder for folders in _GROUPS.values() for folder in folders])
def test_folder_of_a_group_is_there_and_all_of_it_is_one_worker_s(folder: str) -> None:
    files = [path.relative_to(PROJECT_ROOT) for path in (PROJECT_ROOT / folder).rglob("test_*.py")]
    assert files
    assert len({group_of(f"{path.as_posix()}::test_this[a/b]") for path in files} - {None}) == 1


def test_file_elsewhere_goes_anywhere() -> None:
    assert group_of("tests/sync/test_plan.py::test_this") is None
