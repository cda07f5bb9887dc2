from __future__ import annotations

from pathlib import Path

import pytest

from include.reports.read_once import read_once


@pytest.fixture
def counted() -> list[Path]:
    return []


def test_folder_is_read_again_only_when_a_file_in_it_says_something_else(
    tmp_path: Path, counted: list[Path]
) -> None:
    @read_once
    def read(folder: Path) -> int:
        counted.append(folder)
        return len(counted)

    (tmp_path / "one").mkdir()
    file = tmp_path / "one" / "report.yml"
    file.write_text("abc")
    assert [read(tmp_path), read(tmp_path)] == [1, 1]
    file.write_text("abd")  # of the same length, perhaps at the same tick of the clock
    assert read(tmp_path) == 2
    file.rename(file.with_name("other.yml"))
    assert read(tmp_path) == 3
    (tmp_path / "two").mkdir()
    assert read(tmp_path) == 4


def test_folder_that_cannot_be_read_is_tried_again(tmp_path: Path, counted: list[Path]) -> None:
    @read_once
    def read(folder: Path) -> int:
        counted.append(folder)
        raise FileNotFoundError(folder)

    for _ in range(2):
        with pytest.raises(FileNotFoundError, match="missing"):
            read(tmp_path / "missing")
    assert len(counted) == 2
