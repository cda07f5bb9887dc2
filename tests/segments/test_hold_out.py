"""Who is held out: the same in Python, where files are written, and in SQL, where campaigns are compared."""

from __future__ import annotations

from sqlalchemy import Engine

from include.segments.hold_out import is_held_out
from tests.sql.sample_warehouse import rows_of


def test_sql_and_python_hold_out_the_same_people(warehouse: Engine) -> None:
    query = """
        select pct, email, marketing.is_held_out('loyal', email, pct) as found
        from
            generate_series(1, 100) as number,
            unnest(array[0, 1, 20, 99]) as pct,
            lateral (
                values
                (number || '@example.com'),
                ('a.' || number || '+x+y@gmail.com'),
                ('a"@b"' || number || '@googlemail.com')
            ) as addresses (email)
    """
    rows = rows_of(warehouse, query)
    for row in rows:
        assert row["found"] == is_held_out("loyal", row["email"], row["pct"]), row
    assert 30 < sum(row["found"] for row in rows if row["pct"] == 20) < 90


def test_a_mailbox_is_held_out_under_all_its_addresses() -> None:
    for number in range(50):
        spellings = (f"ada{number}@gmail.com", f"a.da{number}@gmail.com", f"ada{number}+shop@gmail.com")
        assert len({is_held_out("loyal", email, 50) for email in spellings}) == 1
    assert {is_held_out("loyal", f"ada+{number}@example.com", 50) for number in range(50)} == {True, False}
