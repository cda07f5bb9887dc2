from __future__ import annotations

import pytest
from sqlalchemy import Engine

from include.approvals.questions import Held, decide, hold, release, said_of, waiting
from tests.suppressions.addresses import DAY, NOW, rows


def held(size: int, *, minimum: int = 10, maximum: int = 100) -> Held:
    return Held(segment_name="champions", size=size, minimum=minimum, maximum=maximum)


def ask(engine: Engine, size: int) -> None:
    with engine.begin() as connection:
        hold(connection, held(size), NOW)


def answer(engine: Engine, decision: str, size: int, *, days: int = 0) -> None:
    with engine.begin() as connection:
        decide(connection, "champions", decision, by="Maya", size=size, now=NOW + days * DAY)


def said(engine: Engine, about: Held) -> str | None:
    with engine.connect() as connection:
        return said_of(connection, about)


def asked_about(engine: Engine) -> list[Held]:
    with engine.connect() as connection:
        return waiting(connection)


def test_a_segment_that_is_held_again_is_one_question_about_its_newest_size(database: Engine) -> None:
    ask(database, 200)
    ask(database, 300)
    assert asked_about(database) == [held(300)]


@pytest.mark.parametrize("decision", ["approved", "rejected"])
def test_an_answer_holds_for_sizes_no_further_away_on_the_same_side(database: Engine, decision: str) -> None:
    ask(database, 200)
    answer(database, decision, 200)
    assert asked_about(database) == []
    assert [said(database, held(size)) for size in (200, 101, 201, 5)] == [decision, decision, None, None]


def test_an_answer_is_about_what_was_expected_then(database: Engine) -> None:
    ask(database, 200)
    answer(database, "approved", 200)
    assert said(database, held(200, maximum=150)) is None


def test_the_last_answer_counts(database: Engine) -> None:
    ask(database, 200)
    answer(database, "approved", 200)
    ask(database, 200)
    answer(database, "rejected", 200, days=1)
    assert said(database, held(150)) == "rejected"


def test_no_answer_is_none(database: Engine) -> None:
    ask(database, 3)
    answer(database, "unanswered", 3)
    assert said(database, held(3)) is None
    ask(database, 3)
    assert asked_about(database) == [held(3)]


def test_an_answer_is_about_the_size_that_was_shown(database: Engine) -> None:
    ask(database, 200)
    ask(database, 5000)  # while the question for 200 was open
    answer(database, "approved", 200)
    assert [said(database, held(size)) for size in (200, 5000)] == ["approved", None]


def test_a_question_is_taken_back_when_the_size_is_as_expected_again(database: Engine) -> None:
    ask(database, 200)
    with database.begin() as connection:
        release(connection, "champions")
    assert asked_about(database) == []
    assert rows(database, "select count(*) from marketing.approvals") == [(0,)]
