from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from include.errors import ConfigError
from include.suppressions.suppressing import Noted, OptOut, lift, suppress
from include.suppressions.tables import EVERY_CHANNEL
from tests.suppressions.addresses import DAY, NOW, hashed, held_back, opt_out, rows


def note(
    engine: Engine,
    *opt_outs: OptOut,
    scope: str = EVERY_CHANNEL,
    now: datetime = NOW,
    source: str = "klaviyo",
) -> Noted:
    with engine.begin() as connection:
        return suppress(connection, opt_outs, source=source, now=now, scope=scope)


def lifted(engine: Engine, name: str, *, now: datetime = NOW, why: str = "asked for it by phone") -> int:
    with engine.begin() as connection:
        return lift(connection, hashed(name), note=why, now=now)


def test_suppressed_addresses_are_found_among_others(database: Engine) -> None:
    note(database, opt_out("ada"), opt_out("bob", "bounced"))
    assert held_back(database, "ada", "bob", "cleo") == {"ada", "bob"}
    assert held_back(database) == set()


def test_an_opt_out_of_one_channel_holds_there_only(database: Engine) -> None:
    note(database, opt_out("ada"), scope="us")
    assert held_back(database, "ada", channel="us") == {"ada"}
    assert held_back(database, "ada", channel="eu") == set()


def test_noting_the_same_again_only_moves_when_it_was_last_heard(database: Engine) -> None:
    assert note(database, opt_out("ada")) == Noted(address_count=1, new_count=1)
    assert note(database, opt_out("ada"), now=NOW + DAY) == Noted(address_count=1, new_count=0)
    noted = rows(database, "select first_noted_at, last_noted_at from marketing.suppressions")
    assert noted == [(NOW, NOW + DAY)]


def test_one_address_twice_in_a_file_is_noted_once_with_its_latest_instant(database: Engine) -> None:
    counts = note(
        database, opt_out("ada", at=NOW - DAY), opt_out("ada", at=NOW), opt_out("ada", "complained")
    )
    assert counts == Noted(address_count=2, new_count=2)
    kept = "select reason, occurred_at from marketing.suppressions order by reason"
    assert rows(database, kept) == [("complained", None), ("unsubscribed", NOW)]


def test_lifted_by_hand_with_a_note_the_address_is_free(database: Engine) -> None:
    note(database, opt_out("ada"), opt_out("ada", "bounced"), opt_out("bob"))
    assert lifted(database, "ada") == 2
    assert held_back(database, "ada", "bob") == {"bob"}
    assert lifted(database, "ada") == 0


def test_lifting_without_saying_why_is_refused(database: Engine) -> None:
    note(database, opt_out("ada"))
    with pytest.raises(ConfigError, match="say why"):
        lifted(database, "ada", why=" ")
    assert held_back(database, "ada") == {"ada"}


def test_an_erased_person_is_never_lifted(database: Engine) -> None:
    note(database, opt_out("ada", "erased"), opt_out("ada"))
    with pytest.raises(ConfigError, match="was erased"):
        lifted(database, "ada")
    assert held_back(database, "ada") == {"ada"}


@pytest.mark.parametrize(
    ("told", "is_held_back"), [(NOW - DAY, False), (NOW, False), (NOW + DAY, True), (None, True)]
)
def test_what_was_lifted_comes_back_only_with_a_later_opt_out(
    database: Engine, told: datetime | None, is_held_back: bool
) -> None:
    note(database, opt_out("ada", at=NOW - DAY))
    lifted(database, "ada")
    note(database, opt_out("ada", at=told), now=NOW + DAY)
    assert bool(held_back(database, "ada")) is is_held_back


def test_a_failed_transaction_notes_nothing(database: Engine) -> None:
    def cut_short() -> object:
        yield opt_out("ada")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        note(database, *cut_short())  # type: ignore[misc]
    assert held_back(database, "ada") == set()


def test_no_address_is_kept(database: Engine) -> None:
    note(database, opt_out("ada"))
    assert [
        row for row in rows(database, "select s::text from marketing.suppressions as s") if "@" in row[0]
    ] == []
