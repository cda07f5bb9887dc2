from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.entities.fields import Kind
from include.sync.casting import ARROW_TYPES, cast, cast_rows
from include.warehouse.schema import SQL_TYPES

HEALTHY: dict[Kind, tuple[Any, Any]] = {
    Kind.TEXT: ("Ada", "Ada"),
    Kind.KEY: ("us:1", "us:1"),
    Kind.INTEGER: ("42", 42),
    Kind.AMOUNT: ("12.3400", Decimal("12.3400")),
    Kind.QUANTITY: ("2.0000", Decimal("2.0000")),
    Kind.RATE: ("1.41500000", Decimal("1.41500000")),
    Kind.PERCENT: ("19.0000", Decimal("19.0000")),
    Kind.INSTANT: ("2026-03-01 10:15:00", datetime(2026, 3, 1, 10, 15, tzinfo=UTC)),
    Kind.DAY: ("1975-04-05 00:00:00", date(1975, 4, 5)),
    Kind.FLAG: ("1", True),
    Kind.JSON: ({"y": "1", "x": None}, '{"x":null,"y":"1"}'),
}
NUMBERS = (Kind.INTEGER, Kind.AMOUNT, Kind.QUANTITY, Kind.RATE, Kind.PERCENT)
TYPED = tuple(kind for kind in Kind if kind not in (Kind.TEXT, Kind.KEY, Kind.JSON))
PLACES = {Kind.AMOUNT: 4, Kind.QUANTITY: 4, Kind.RATE: 8, Kind.PERCENT: 4}


def read(cell: Any, kind: Kind) -> Any:
    """The one value of a column, which must be readable."""
    array, bad = cast([cell], kind)
    assert bad == []
    return array.to_pylist()[0]


def is_unreadable(cell: Any, kind: Kind) -> bool:
    array, bad = cast([cell], kind)
    return bad == [0] and array.to_pylist() == [None]


def test_every_kind_has_a_type_in_arrow_and_in_sql() -> None:
    assert set(ARROW_TYPES) == set(SQL_TYPES) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_healthy_cells_are_typed(kind: Kind) -> None:
    cell, value = HEALTHY[kind]
    array, bad = cast([cell, None, cell], kind)
    assert (array.to_pylist(), bad) == ([value, None, value], [])
    assert array.type == ARROW_TYPES[kind]


@pytest.mark.parametrize("kind", TYPED)
def test_odd_cell_costs_itself_and_not_its_column(kind: Kind) -> None:
    cell, value = HEALTHY[kind]
    array, bad = cast([cell, "n/a", None, cell, "?"], kind)
    assert (array.to_pylist(), bad) == ([value, None, None, value, None], [1, 4])
    assert array.type == ARROW_TYPES[kind]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.JSON])
def test_structure_where_a_text_should_be_is_an_unreadable_cell(kind: Kind) -> None:
    cell, value = HEALTHY[kind]
    structures: list[Any] = [{"a": "1"}, []]
    array, bad = cast([cell, *structures], kind)
    assert (array.to_pylist(), bad) == ([value, None, None], [1, 2])


@pytest.mark.parametrize("kind", TYPED)
@pytest.mark.parametrize("blank", ["", " ", "\n", "\t \n"])
def test_blank_cell_is_null(kind: Kind, blank: str) -> None:
    cell, value = HEALTHY[kind]
    array, bad = cast([blank, cell], kind)
    assert (array.to_pylist(), bad) == ([None, value], [])


@pytest.mark.parametrize("kind", TYPED)
def test_white_space_around_a_value_is_no_part_of_it(kind: Kind) -> None:
    cell, value = HEALTHY[kind]
    assert read(f" {cell}\n", kind) == value


def test_structure_is_one_text_whatever_the_order_of_its_keys() -> None:
    one, other = {"a": "1", "b": ["ü", None]}, {"b": ["ü", None], "a": "1"}
    array, bad = cast([one, other, {}, [], None, "a word"], Kind.JSON)
    assert array.to_pylist() == ['{"a":"1","b":["ü",null]}'] * 2 + [None] * 3 + ['"a word"']
    assert bad == []


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("cells", [[], [None, None]])
def test_columns_without_a_value_are_typed_too(kind: Kind, cells: list[None]) -> None:
    array, bad = cast(cells, kind)
    assert (array.to_pylist(), bad, array.type) == (cells, [], ARROW_TYPES[kind])


def test_texts_are_kept_to_the_letter() -> None:
    texts = [" two  blanks ", "", "line\r\nbreak", "0", "NULL", "\\N", 'quote "', "&#11;"]
    assert cast(texts, Kind.TEXT)[0].to_pylist() == texts


@pytest.mark.parametrize("kind", [Kind.INSTANT, Kind.DAY])
@pytest.mark.parametrize("zero", ["0000-00-00", "0000-00-00 00:00:00"])
def test_zero_date_is_null(kind: Kind, zero: str) -> None:
    assert read(zero, kind) is None


@pytest.mark.parametrize("kind", [Kind.INSTANT, Kind.DAY])
@pytest.mark.parametrize(
    "cell", ["2025-02-30", "2025-13-01", "-0001-11-30 00:00:00", "yesterday", "2025", "10000-01-01"]
)
def test_day_that_does_not_exist_is_unreadable(kind: Kind, cell: str) -> None:
    assert is_unreadable(cell, kind)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-01T10:15:00+01:00",
        "2026-03-01 09:15:00+00:00",
        "2026-03-01T09:15:00Z",
        "2026-03-01 03:45:00-05:30",
    ],
)
def test_zone_in_the_text_is_respected(cell: str) -> None:
    assert read(cell, Kind.INSTANT) == datetime(2026, 3, 1, 9, 15, tzinfo=UTC)


def test_instants_without_a_zone_are_utc_beside_those_with_one() -> None:
    array, _ = cast(["2026-03-01 09:15:00", "2026-03-01T10:15:00+01:00", "2026-03-01"], Kind.INSTANT)
    nine = datetime(2026, 3, 1, 9, 15, tzinfo=UTC)
    assert array.to_pylist() == [nine, nine, datetime(2026, 3, 1, tzinfo=UTC)]


@pytest.mark.parametrize("cell", ["2026-03-01 24:30:00", "2026-03-01 10:61:00", "0001-01-01T00:00:00+05:00"])
def test_instant_that_does_not_exist_is_unreadable(cell: str) -> None:
    assert is_unreadable(cell, Kind.INSTANT)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.34565", "12.3457"),
        ("12.34564999", "12.3456"),
        ("-12.34565", "-12.3457"),
        ("0.00005", "0.0001"),
        ("1e-9", "0"),
    ],
)
def test_fifth_decimal_is_rounded_half_up(cell: str, value: str) -> None:
    assert read(cell, Kind.AMOUNT) == Decimal(value)


@pytest.mark.parametrize(("cell", "value"), [("1e3", 1000), ("1.5E+2", 150), ("-2e0", -2)])
@pytest.mark.parametrize("kind", NUMBERS)
def test_exponents_are_read(kind: Kind, cell: str, value: int) -> None:
    assert read(cell, kind) == value


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize(
    "cell", ["NaN", "sNaN", "Infinity", "-inf", "1e999999999", "1,5", "1.2.3", "0-1", "EUR 5"]
)
def test_what_is_no_finite_number_is_unreadable(kind: Kind, cell: str) -> None:
    assert is_unreadable(cell, kind)


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [
        (Kind.AMOUNT, "9999999999999999.9999", "9999999999999999.99995"),
        (Kind.AMOUNT, "-9999999999999999.9999", "10000000000000000"),
        (Kind.RATE, "999999999999.99999999", "999999999999.999999995"),
        (Kind.PERCENT, "99999999.9999", "100000000"),
        (Kind.INTEGER, "9223372036854775807", "9223372036854775808"),
    ],
)
def test_number_that_the_warehouse_cannot_hold_is_unreadable(kind: Kind, inside: str, outside: str) -> None:
    assert read(inside, kind) == Decimal(inside)
    assert is_unreadable(outside, kind)


def test_noise_of_floating_point_is_rounded_away() -> None:
    assert read("2.8421709430404E-14", Kind.AMOUNT) == 0
    assert is_unreadable("2.8421709430404E-14", Kind.INTEGER)


def test_whole_number_may_be_written_with_decimals_but_have_none() -> None:
    assert read("12.0000", Kind.INTEGER) == 12
    assert is_unreadable("12.5", Kind.INTEGER)


@pytest.mark.parametrize(
    ("cell", "value"), [("1", True), ("0", False), ("true", True), ("False", False), ("yes", True)]
)
def test_flags_come_in_several_spellings(cell: str, value: bool) -> None:
    assert read(cell, Kind.FLAG) is value
    assert is_unreadable("2", Kind.FLAG)


@pytest.mark.parametrize("kind", PLACES)
@given(number=st.decimals(-9999999, 9999999, allow_nan=False, places=12))
def test_any_number_is_read_as_decimal_reads_it(kind: Kind, number: Decimal) -> None:
    step = Decimal(1).scaleb(-PLACES[kind])
    expected = number.quantize(step, rounding=ROUND_HALF_UP)
    assert read(str(number), kind) == expected


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_any_whole_number_is_read_as_int_reads_it(number: int) -> None:
    assert read(str(number), Kind.INTEGER) == number


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001 - the zone is added below
    st.one_of(st.none(), st.integers(-14 * 60, 14 * 60)),
)
def test_any_instant_is_read_as_datetime_reads_it(moment: datetime, offset: int | None) -> None:
    zone = UTC if offset is None else timezone(timedelta(minutes=offset))
    sent = moment.isoformat(sep=" ") if offset is None else moment.replace(tzinfo=zone).isoformat()
    assert read(sent, Kind.INSTANT) == moment.replace(tzinfo=zone)


@given(st.dates())
def test_any_day_is_read_as_date_reads_it(day: date) -> None:
    assert read(day.isoformat(), Kind.DAY) == day
    assert read(f"{day.isoformat()} 00:00:00", Kind.DAY) == day


CELLS = st.one_of(
    st.none(), st.sampled_from(["1", "0", "1.5", "2026-03-01", "2026-03-01 10:00:00", " ", "odd", "1.00005"])
)


ROWS = st.lists(st.dictionaries(st.sampled_from("abc"), CELLS | st.just({"a": "structure"})), max_size=4)


@given(rows=ROWS, kinds=st.lists(st.sampled_from(Kind), min_size=3, max_size=3))
def test_columns_typed_together_equal_columns_typed_alone(
    rows: Sequence[dict[str, Any]], kinds: Sequence[Kind]
) -> None:
    wanted = {
        "one": ("a", kinds[0]),
        "two": ("b", kinds[1]),
        "three": ("c", kinds[2]),
        "twin": ("a", kinds[1]),
    }
    together = {name: (array.to_pylist(), bad) for name, (array, bad) in cast_rows(rows, wanted).items()}
    alone = {name: cast([row.get(source) for row in rows], kind) for name, (source, kind) in wanted.items()}
    assert together == {name: (array.to_pylist(), bad) for name, (array, bad) in alone.items()}
    assert list(together) == list(wanted)
