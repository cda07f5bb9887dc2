"""`crm.rfm_bands`: the bounds of a channel's file, as bands."""

from __future__ import annotations

from sqlalchemy import Engine

from include.sync.registered import register
from tests.sql.sample_warehouse import add_rows, rows_of
from tests.sync.shop import T0, channel

BANDS = "select * from crm.rfm_bands where channel_code = :code order by measure, score"


def bands(engine: Engine, code: str) -> list[tuple[object, ...]]:
    rows = rows_of(engine, BANDS, code=code)
    return [tuple(value for name, value in row.items() if name != "channel_code") for row in rows]


def test_a_channel_that_no_run_has_told_of_yet_has_the_bands_of_a_file_that_says_nothing(
    warehouse: Engine,
) -> None:
    register(warehouse, channel(code="said"), T0)
    add_rows(warehouse, {"ops.channels": [{"channel_code": "unsaid"}]})
    assert len(bands(warehouse, "unsaid")) == 15
    assert bands(warehouse, "said") == bands(warehouse, "unsaid")


def test_bands_of_a_measure_are_as_many_as_its_bounds_and_one_and_end_at_the_worst_label(
    warehouse: Engine,
) -> None:
    categories = {"recency_days": [7], "monetary_amount": [500.5, 400, 300, 200, 100, 50]}
    register(warehouse, channel(code="own", rfm={"categories": categories}), T0)
    found = bands(warehouse, "own")
    assert [row[1:] for row in found if row[0] == "recency"] == [(1, None, 7, None, 1), (2, 7, None, None, 5)]
    assert [row[-1] for row in found if row[0] == "monetary"] == [1, 2, 2, 3, 4, 4, 5]
