from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pyarrow as pa
import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from include.entities.fields import Kind
from include.errors import ConfigError
from include.sync.casting import ARROW_TYPES
from include.warehouse.copying import ROWS_AT_ONCE, copy_frames
from include.warehouse.engine import libpq_uri

TARGET = sql.Identifier("target")
# NUL cannot be stored by PostgreSQL, nor can XML bring it; surrogates are no text.
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


def copied(connection: psycopg.Connection, texts: list[str | None]) -> list[str | None]:
    connection.execute("create temp table target (position bigint, value text) on commit drop")
    frame = pa.table(
        {"value": pa.array(texts, pa.string()), "position": pa.array(range(len(texts)), pa.int64())}
    )
    assert copy_frames(connection, TARGET, [frame], ["position", "value"]) == len(texts)
    found = [row[0] for row in connection.execute("select value from target order by position")]
    connection.rollback()
    return found


def test_texts_arrive_to_the_letter(any_warehouse_url: sqlalchemy.URL) -> None:
    odd = [
        "",
        " ",
        None,
        "\\.",
        "a\n\\.\nb",
        "\\N",
        '"',
        '""',
        "a,b",
        "a\r\nb",
        "\r",
        "\\",
        "NULL",
        "é\u0301",
        "\x0b",
        "𝄞",
        "-1",
    ]
    with psycopg.connect(libpq_uri(any_warehouse_url)) as connection:
        assert copied(connection, list(odd)) == odd


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(texts=st.lists(st.none() | TEXTS, min_size=1, max_size=5))
def test_any_text_arrives_to_the_letter(database: sqlalchemy.Engine, texts: list[str | None]) -> None:
    with database.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        assert copied(driver, texts) == texts


VALUES: dict[Kind, tuple[str, list[object]]] = {
    Kind.INTEGER: ("bigint", [2**63 - 1, -(2**63), 0, None]),
    Kind.AMOUNT: (
        "numeric(20,4)",
        [Decimal("9999999999999999.9999"), Decimal("-0.0001"), Decimal("0.0000"), None],
    ),
    Kind.RATE: ("numeric(20,8)", [Decimal("0.00000001"), Decimal("-999999999999.99999999"), None]),
    Kind.INSTANT: (
        "timestamptz",
        [
            datetime(1, 1, 1, tzinfo=UTC),
            datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC),
            datetime(9999, 12, 31, tzinfo=UTC),
            None,
        ],
    ),
    Kind.DAY: ("date", [date(1, 1, 1), date(2024, 2, 29), date(9999, 12, 31), None]),
    Kind.FLAG: ("boolean", [True, False, None]),
}


@pytest.mark.parametrize("kind", VALUES)
def test_values_of_every_type_arrive_exactly(kind: Kind, database: sqlalchemy.Engine) -> None:
    sql_type, values = VALUES[kind]
    frame = pa.table({"position": range(len(values)), "value": pa.array(values, ARROW_TYPES[kind])})
    with psycopg.connect(libpq_uri(database.url), options="-c timezone=Asia/Kolkata") as connection:
        connection.execute(f"create temp table target (position int, value {sql_type})")
        copy_frames(connection, TARGET, [frame], ["position", "value"])
        connection.execute("set timezone = 'UTC'")
        found = [row[0] for row in connection.execute("select value from target order by position")]
    assert found == values


def test_frame_larger_than_one_piece_arrives_whole_and_empty_one_not_at_all(
    database: sqlalchemy.Engine,
) -> None:
    with psycopg.connect(libpq_uri(database.url)) as connection:
        connection.execute("create temp table target (value bigint)")
        frame = pa.table({"value": pa.array(range(2 * ROWS_AT_ONCE + 1), pa.int64())})
        assert copy_frames(connection, TARGET, [frame], ["value"]) == 2 * ROWS_AT_ONCE + 1
        assert copy_frames(connection, TARGET, [frame.slice(0, 0)], ["value"]) == 0
        counted = connection.execute("select count(*), count(distinct value) from target").fetchone()
    assert counted == (2 * ROWS_AT_ONCE + 1, 2 * ROWS_AT_ONCE + 1)


def test_trouble_with_a_later_frame_ends_the_copy_with_what_went_wrong(database: sqlalchemy.Engine) -> None:
    def frames() -> Iterator[pa.Table]:
        yield pa.table({"value": [1]})
        raise ConfigError("The staged part is gone.")

    with psycopg.connect(libpq_uri(database.url)) as connection:
        connection.execute("create table target (value bigint)")
        connection.commit()
        with pytest.raises(ConfigError, match=r"part is gone\."):
            copy_frames(connection, TARGET, frames(), ["value"])
        connection.rollback()
        assert connection.execute("select count(*) from target").fetchone() == (0,)


def test_copy_is_part_of_the_caller_s_transaction(database: sqlalchemy.Engine) -> None:
    with psycopg.connect(libpq_uri(database.url)) as connection:
        connection.execute("create table target (value bigint)")
        connection.commit()
        copy_frames(connection, TARGET, [pa.table({"value": [1]})], ["value"])
        connection.rollback()
        assert connection.execute("select count(*) from target").fetchone() == (0,)
