"""Who is held out: the same in Python, where files are written, and in SQL, where campaigns are compared."""

from __future__ import annotations

from sqlalchemy import Engine

from include.segments.hold_out import is_held_out
from tests.sql.sample_warehouse import rows_of


def test_sql_and_python_hold_out_the_same_members(warehouse: Engine) -> None:
    query = """
        select pct, 'us:' || number as member_key, marketing.is_held_out('loyal', 'us:' || number, pct) as found
        from generate_series(1, 300) as number, unnest(array[0, 1, 20, 99]) as pct
    """
    rows = rows_of(warehouse, query)
    for row in rows:
        assert row["found"] == is_held_out("loyal", row["member_key"], row["pct"]), row
    assert 30 < sum(row["found"] for row in rows if row["pct"] == 20) < 90
