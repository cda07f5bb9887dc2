from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from benchmarks import against_dlt, against_dlt_rest, against_zeep, hundred_thousand, rest_our_load, unchanged
from benchmarks.measure import Report
from benchmarks.nested_rows import PARENT, count, rows_by_table
from benchmarks.warehouse import fresh_warehouse
from include.warehouse.server import EmbeddedServer


def bounds(report: Report) -> list[float | None]:
    return [line.bound for line in report.lines if line.bound]


def test_nested_records_become_a_table_for_each_field_that_holds_records() -> None:
    order = {
        "order_id": "7",
        "items": [{"sku": "A", "options": {"size": "M"}}, {"sku": "B"}],
        "payment": {"method": "cash"},
        "tags": [],
    }
    rows = rows_by_table([order])
    assert rows == {
        "orders": [{"order_id": "7"}],
        "orders_items": [{PARENT: "7", "sku": "A"}, {PARENT: "7", "sku": "B"}],
        "orders_payment": [{PARENT: "7", "method": "cash"}],
    }
    assert count(rows) == 4


@pytest.mark.slow(40)
@pytest.mark.usefixtures("on_the_tests_server")
def test_loop_with_zeep_inserts_as_many_orders_as_we_do() -> None:
    report = against_zeep.run(rounds=1, orders=100)
    assert "100 orders" in report.title
    assert bounds(report) == [0.25]


@pytest.mark.slow(40)
@pytest.mark.usefixtures("on_the_tests_server")
def test_run_without_changes_reads_nothing_at_either_size() -> None:
    report = unchanged.run(rounds=1, small=20, large=40, block_orders=20)
    assert bounds(report) == [1.5, 1.5]


@pytest.mark.slow(40)
@pytest.mark.usefixtures("on_the_tests_server")
def test_tasks_of_the_large_load_are_measured_each_by_itself() -> None:
    report = hundred_thousand.run(orders=60)
    assert [line.name for line in report.lines if line.bound] == [
        "peak memory, extract",
        "peak memory, validate",
        "peak memory, upsert",
    ]
    assert "Loaded: 60 orders" in report.notes[0]


def test_dlt_over_rest_is_judged_by_its_faster_way_and_its_fewer_requests() -> None:
    seconds = {way: [1.0] for way in against_dlt_rest.OURS}
    seconds |= {way: [4.0 + number] for number, way in enumerate(against_dlt_rest.WAYS)}
    requests = {"ours": 9, **{way: 8 + number for number, way in enumerate(against_dlt_rest.WAYS)}}
    lost = {"ours": 0, **dict.fromkeys(against_dlt_rest.SORTS, 3)}
    found = against_dlt_rest.report(seconds, requests, lost, 40)
    assert [(one.value, one.baseline, one.bound) for one in found.lines if one.bound is not None] == [
        (1.0, 4.0, 0.333),
        (9, None, 8),
        (0, None, 0),
    ]
    assert not found.has_passed
    assert "40 orders a second, 4.0 times" in found.notes[0]


@pytest.mark.slow(20)
@pytest.mark.usefixtures("on_the_tests_server")
def test_store_that_is_read_over_rest_loses_nothing_while_it_changes(
    postgres: EmbeddedServer, tmp_path: Path
) -> None:
    with (
        fresh_warehouse(postgres, "bench_rest") as url,
        rest_our_load.reading_tasks() as tasks,
    ):
        load = partial(against_dlt_rest.changes_by_us, url, tmp_path / "ours", tasks)
        assert against_dlt_rest.lost_by(120, load) == 0


def test_dlt_is_judged_by_the_faster_way_to_feed_it_dictionaries() -> None:
    seconds = {"ours": [1.0], **{way: [0.5] for way in against_dlt.ARROW}}
    seconds |= {way: [4.0 + number] for number, way in enumerate(against_dlt.JUDGED)}
    line = against_dlt.report(seconds, 10, 5).lines[0]
    assert (line.value, line.baseline, line.bound) == (1.0, 4.0, 0.333)
