from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.orchestration.house import House
from tests.reports.in_order import refresh_in_order

pytestmark = pytest.mark.slow


def test_tasks_follow_their_rules_and_those_of_no_rule_are_closed(house: House) -> None:
    house.execute(
        "insert into crm.tasks (channel_code, rule_name, title, subject, subject_key, occasion_at, due_at, opened_at)"
        " values ('us', 'gone', 'Call', 'cart', 'us:1', now(), now(), now())"
    )
    early = house.run("maintain_tasks")
    assert (early.states["open_and_close[0]"], early.titles["open_and_close[0]"]) == (
        "skipped",
        "call_about_cart",
    )
    refresh_in_order(house.engine, ["abandoned_carts", "order_follow_up"], now=datetime.now(UTC))
    run = house.run("maintain_tasks")
    assert (run.state, run.states["open_and_close[0]"], run.states["check_rules"]) == ("success",) * 3
    assert [tuple(row) for row in house.rows("select state, outcome from crm.tasks")] == [
        ("closed", "no_longer_due")
    ]
