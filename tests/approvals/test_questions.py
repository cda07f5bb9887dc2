from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from sqlalchemy import Engine

from include.approvals.questions import HOLDS_FOR, Answer, Held, decide, hold, release, said_of, waiting
from include.segments.sizes import Size
from tests.suppressions.addresses import DAY, NOW, rows


def size(count: int, what: str = "members") -> Size:
    return Size(what=what, count=count, minimum=10, maximum=100)


def held(*counts: int, definition: str = "this") -> Held:
    return Held(
        segment_name="champions", definition_hash=definition, sizes=tuple(size(count) for count in counts)
    )


def ask(engine: Engine, count: int) -> None:
    with engine.begin() as connection:
        hold(connection, held(count), NOW)


def answer(engine: Engine, decision: str, *counts: int, days: int = 0) -> None:
    with engine.begin() as connection:
        decide(connection, held(*counts), decision, by="Maya", now=NOW + days * DAY)


def said(engine: Engine, *, definition: str = "this", days: int = 0) -> Answer:
    with engine.connect() as connection:
        return said_of(connection, "champions", definition, NOW + days * DAY)


def asked_about(engine: Engine) -> list[Held]:
    with engine.connect() as connection:
        return waiting(connection)


def test_a_segment_that_is_held_again_is_one_question_about_its_newest_size(database: Engine) -> None:
    ask(database, 200)
    ask(database, 300)
    assert asked_about(database) == [held(300)]


def test_a_question_reaches_a_task_and_back(database: Engine) -> None:
    ask(database, 200)
    [found] = asked_about(database)
    assert Held.of(json.loads(json.dumps(asdict(found)))) == held(200)


@pytest.mark.parametrize("decision", ["approved", "rejected"])
def test_an_answer_holds_for_what_it_was_asked_of(database: Engine, decision: str) -> None:
    ask(database, 200)
    answer(database, decision, 200)
    assert asked_about(database) == []
    last = said(database)
    assert [last.covers(size(count)) for count in (200, 101, 201, 5)] == [True, True, False, False]
    assert not last.covers(size(200, "rows"))
    assert (last.allows(size(200)), last.refuses([size(200)])) == (
        decision == "approved",
        decision == "rejected",
    )


def test_an_answer_is_about_the_contract_and_query_of_then(database: Engine) -> None:
    ask(database, 200)
    answer(database, "approved", 200)
    assert said(database, definition="another") == Answer()


def test_an_answer_has_an_end(database: Engine) -> None:
    ask(database, 200)
    answer(database, "approved", 200)
    assert [said(database, days=HOLDS_FOR.days - one).decision for one in (1, 0)] == ["approved", None]


def test_the_last_answer_counts(database: Engine) -> None:
    ask(database, 200)
    answer(database, "approved", 200)
    ask(database, 200)
    answer(database, "rejected", 200, days=1)
    assert said(database, days=1).decision == "rejected"


def test_no_answer_is_none(database: Engine) -> None:
    ask(database, 3)
    answer(database, "unanswered", 3)
    assert said(database) == Answer()
    ask(database, 3)
    assert asked_about(database) == [held(3)]


def test_an_answer_is_about_the_sizes_that_were_shown(database: Engine) -> None:
    ask(database, 200)
    ask(database, 5000)  # while the question for 200 was open
    answer(database, "approved", 200)
    assert [said(database).allows(size(count)) for count in (200, 5000)] == [True, False]


def test_a_no_to_one_size_is_none_to_another_that_is_new(database: Engine) -> None:
    ask(database, 200)
    answer(database, "rejected", 200)
    assert not said(database).refuses([size(200), size(7, "rows")])


def test_a_question_is_taken_back_when_the_size_is_as_expected_again(database: Engine) -> None:
    ask(database, 200)
    with database.begin() as connection:
        release(connection, "champions")
    assert asked_about(database) == []
    assert rows(database, "select count(*) from marketing.approvals") == [(0,)]
