from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from include.notices.memory import REPEATED_AFTER, news, resolve
from include.notices.notice import Notice

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
DOWN = Notice(subject="sync_orders", sentence="The store is down: 3 of 5 windows wait.", channel_code="us")


def told(database: Engine, *notices: Notice, after: timedelta = timedelta()) -> list[Notice]:
    with database.begin() as connection:
        return news(connection, notices, NOW + after)


def test_same_trouble_is_told_once_and_again_after_a_while(database: Engine) -> None:
    assert told(database, DOWN) == [DOWN]
    assert told(database, DOWN, after=timedelta(minutes=15)) == []
    assert told(database, DOWN, after=REPEATED_AFTER) == [DOWN]
    assert told(database, DOWN, after=REPEATED_AFTER + timedelta(minutes=15)) == []


def test_figure_that_grows_is_no_news_and_another_sentence_is(database: Engine) -> None:
    assert told(database, DOWN) == [DOWN]
    grown = Notice(subject="sync_orders", sentence="The store is down: 14 of 15 windows wait.")
    other = Notice(subject="sync_orders", sentence="The key is wrong: correct it.")
    elsewhere = Notice(subject="sync_carts", sentence=DOWN.sentence)
    assert told(database, grown, other, elsewhere) == [other, elsewhere]


def test_trouble_that_is_over_is_news_when_it_comes_back(database: Engine) -> None:
    stale = Notice(subject="stale:us:orders", sentence="Orders are behind.")
    lasting = Notice(subject="stale:us:carts", sentence="Carts are behind.")
    other = Notice(subject="stale:eu:orders", sentence="Orders are behind.")
    told(database, stale, lasting, other)
    with database.begin() as connection:
        assert resolve(connection, "stale:us:", [lasting.subject], NOW) == {stale.subject}
        assert resolve(connection, "stale:us:", [lasting.subject], NOW) == set()
    assert told(database, stale, lasting, other) == [stale]
