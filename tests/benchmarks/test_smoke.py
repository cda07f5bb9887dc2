"""Each benchmark runs to its table at a size where its figures mean nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import accounts, dag_parsing, export, extraction, loading, reports, write_back
from benchmarks.__main__ import main


def test_extraction_shows_its_bound_and_zeep_beside_it() -> None:
    report = extraction.run(rounds=1, orders=100)
    assert [line.bound for line in report.lines if line.bound] == [2.0]
    assert "zeep" in report.as_text()


def test_dag_file_that_imports_something_heavy_is_missed_and_named(tmp_path: Path) -> None:
    (tmp_path / "light.py").write_text("import json\n")
    (tmp_path / "heavy.py").write_text("import lxml, pyarrow\n")
    report = dag_parsing.run(rounds=1, folder=tmp_path)
    missed = [line.name for line in report.lines if not line.has_passed and line.unit != "s"]
    assert len(missed) == 1
    assert "heavy.py imports pyarrow, which takes seconds." in report.notes


@pytest.mark.slow(50)
def test_loading_loads_what_it_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PLANNED_WINDOWS", 2)
    report = loading.run(rounds=1, block_orders=20, copies=2)
    assert "40 orders with 80 lines" in report.title
    assert [line.bound for line in report.lines if line.bound] == [3.0, 3.0, 600]


@pytest.mark.slow
@pytest.mark.usefixtures("on_the_tests_server")
def test_accounts_are_compared_at_two_sizes() -> None:
    report = accounts.run(rounds=1, small=100, large=200, changed=10)
    assert [line.bound for line in report.lines] == [1.5] * 4
    assert report.notes[0] == "250 customers, guests included, in 210 accounts by 40 matches."


@pytest.mark.slow
@pytest.mark.usefixtures("on_the_tests_server")
def test_reports_that_follow_equal_those_computed_whole() -> None:
    report = reports.run(orders=400, customers=120, changed=20)
    assert [(line.name, line.bound) for line in report.lines if line.bound is not None] == [
        ("all reports", 0.05)
    ]
    assert any(note.startswith("sales_orders: 380 rows") for note in report.notes)


@pytest.mark.slow
@pytest.mark.usefixtures("on_the_tests_server")
def test_exports_write_the_rows_that_a_copy_has() -> None:
    report = export.run(small=10, large=30)
    assert report.notes[0] == "Rows written by each: 30."
    assert [line.bound for line in report.lines if line.bound] == [1.2] * 3


@pytest.mark.slow
@pytest.mark.usefixtures("on_the_tests_server")
def test_every_update_is_written_back_and_its_calls_are_counted() -> None:
    report = write_back.run(updates=4, latency=0.001)
    assert [line.bound for line in report.lines if line.bound is not None] == [1.25] * 2
    assert report.notes[0].startswith("4 updates, ")


def test_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["speed"])
    assert refused.value.code == 2
    assert "choose from extraction, loading, accounts" in capsys.readouterr().err
