from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from include.errors import ConfigError
from include.sync.request import MOST_RECORDS, Request, ids, instant, numbers

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        (None, ()),
        ("  ", ()),
        ("7", (7,)),
        ("12, 7;7\n 0012", (7, 12)),
        ("9223372036854775807", (2**63 - 1,)),
    ],
)
def test_ids_are_read_however_they_are_parted(answer: str | None, meant: tuple[int, ...]) -> None:
    assert ids(answer) == meant


@pytest.mark.parametrize("answer", ["a", "1-5", "0", "-1", "1.5", "9223372036854775808", "٣"])
def test_what_is_no_id_is_refused(answer: str) -> None:
    with pytest.raises(ConfigError, match="`ids` holds something that is no id"):
        ids(answer)


def test_numbers_keep_their_letters_and_order() -> None:
    assert numbers("100000086-1, B7 100000086-1") == ("100000086-1", "B7")


def test_instant_without_an_offset_is_utc() -> None:
    assert instant("2026-04-01T12:00:00", "from") == instant("2026-04-01T14:00:00+02:00", "from") == NOON
    assert instant("", "from") is None


def test_what_is_no_instant_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="`to` is no instant: write it like"):
        instant("tomorrow", "to")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"high_at": NOON}, "`to` was given without `from`"),
        ({"low_at": NOON, "is_full_resync": True}, "give one of the two"),
        ({"ids": (1,), "low_at": NOON}, "name single records"),
        ({"numbers": ("1",), "is_full_resync": True}, "name single records"),
        ({"ids": tuple(range(MOST_RECORDS)), "numbers": ("1",)}, "More than 1000 records are named"),
    ],
)
def test_answers_that_do_not_fit_together_are_refused(asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        Request(**asked)
