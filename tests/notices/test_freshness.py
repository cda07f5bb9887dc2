from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.channels.model import Channel
from include.notices.freshness import recovered, stale
from include.notices.memory import news
from tests.sync.shop import channel

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
US = channel(entities=["orders", "customers"], schedules={"orders": "15m", "customers": "1d"})


def note(database: Engine, entity: str = "orders", **frontier: Any) -> None:
    known = {"channel_code": "us", "entity": entity, "initial_done_at": NOW, "planned_at": NOW} | frontier
    names = ", ".join(known)
    values = ", ".join(f":{name}" for name in known)
    with database.begin() as connection:
        connection.execute(text(f"insert into ops.frontiers ({names}) values ({values})"), known)  # noqa: S608


def window(database: Engine, **facts: Any) -> None:
    known = {"channel_code": "us", "entity": "orders", "kind": "incremental", "state": "done"} | facts
    names = ", ".join(known)
    values = ", ".join(f":{name}" for name in known)
    with database.begin() as connection:
        connection.execute(text(f"insert into ops.windows ({names}) values ({values})"), known)  # noqa: S608


def behind(database: Engine, *channels: Channel) -> list[str]:
    with database.connect() as connection:
        return [notice.subject for notice in stale(connection, channels or [US], NOW)]


@pytest.mark.parametrize(
    ("entity", "hours", "is_late"),
    [("orders", 0.9, False), ("orders", 1.1, True), ("customers", 71, False), ("customers", 73, True)],
)
def test_entity_is_stale_after_three_of_its_intervals_and_at_least_an_hour(
    database: Engine, entity: str, hours: float, is_late: bool
) -> None:
    note(database, entity, frontier_at=NOW - timedelta(hours=hours))
    assert behind(database) == ([f"stale:us:{entity}"] if is_late else [])


def test_wrong_clock_of_a_store_makes_nothing_stale(database: Engine) -> None:
    its_now = NOW - timedelta(hours=5)
    note(database, frontier_at=its_now)
    window(database, planned_at=NOW, high_at=its_now)
    assert behind(database) == []


def test_wrong_clock_of_a_store_that_was_loaded_just_now_makes_nothing_stale(database: Engine) -> None:
    its_now = NOW - timedelta(days=5)
    note(database, frontier_at=its_now, initial_started_at=its_now)
    assert behind(database) == []


def test_store_whose_clock_runs_ahead_hides_nothing(database: Engine) -> None:
    ahead = timedelta(hours=5)
    note(database, frontier_at=NOW + ahead - timedelta(hours=2))
    window(database, planned_at=NOW, high_at=NOW + ahead, state="failed")
    assert behind(database) == ["stale:us:orders"]


def test_initial_load_that_moves_is_not_stale_and_one_that_stands_is(database: Engine) -> None:
    note(database, initial_done_at=None, frontier_at=NOW - timedelta(days=2))
    window(database, kind="initial", planned_at=NOW - timedelta(days=2), state="planned")
    assert behind(database) == ["stale:us:orders"]
    window(database, kind="initial", planned_at=NOW - timedelta(days=2), finished_at=NOW)
    assert behind(database) == []


def test_what_is_not_synced_is_not_stale(database: Engine) -> None:
    note(database, frontier_at=NOW - timedelta(days=2))
    assert behind(database, channel(entities=["customers"])) == []
    assert behind(database, channel(active=False)) == []
    assert behind(database, channel(code="eu")) == []


def test_sentence_names_what_is_behind_since_when_and_where_to_look(database: Engine) -> None:
    note(database, frontier_at=NOW - timedelta(hours=2))
    with database.connect() as connection:
        (notice,) = stale(connection, [US], NOW)
    assert notice.sentence == (
        "Channel us: orders is complete only until 2026-04-01 10:00 UTC by the store's clock, and is due every "
        "15 minutes: see that the scheduler runs and that the DAG sync_orders is not paused."
    )
    window(database, planned_at=NOW, high_at=NOW, state="failed")
    with database.connect() as connection:
        (notice,) = stale(connection, [US], NOW)
    assert "read `error` of its failed windows" in notice.sentence


def test_catching_up_is_told_once_and_only_of_what_was_told(database: Engine) -> None:
    note(database, frontier_at=NOW - timedelta(hours=2))
    note(database, "customers", frontier_at=NOW)
    with database.begin() as connection:
        late = stale(connection, [US], NOW)
        news(connection, late, NOW)
        assert recovered(connection, [US], late, NOW) == []
        (well,) = recovered(connection, [US], [], NOW)
        assert (well.sentence, well.is_good) == ("Channel us: orders is up to date again.", True)
        assert recovered(connection, [US], [], NOW) == []
