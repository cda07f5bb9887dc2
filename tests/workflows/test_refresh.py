"""Tasks open by their rules, once per occasion, and close by what people and buyers did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.errors import ConfigError
from include.workflows.loading import load_rules
from include.workflows.refresh import TaskOutcome, refresh_tasks, retire_tasks
from tests.reports.in_order import refresh_in_order
from tests.sync.records import cart, order
from tests.sync.shop import Shop
from tests.workflows.conftest import do

HOUR = timedelta(hours=1)
# Carts and orders of the tests are of March: 1 March 2026 at 10 o'clock, and 2 March at 10.
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def refresh(shop: Shop, rule: str = "call_about_cart", *, now: datetime = NOW) -> TaskOutcome | None:
    report = {"call_about_cart": "abandoned_carts", "follow_up_order": "order_follow_up"}[rule]
    refresh_in_order(shop.engine, [report], now=now)
    return refresh_tasks(shop.engine, load_rules().accepted[rule], now=now)


def tasks(shop: Shop) -> list[tuple[str, str, str | None]]:
    return shop.rows("select subject_key, state, outcome from crm.tasks order by subject_key, opened_at")


def test_cart_worth_a_call_becomes_a_task_once(people: Shop) -> None:
    people.load(
        "carts", cart(3, base_grand_total="99.0000"), cart(4, items_qty="0", items_count="0", items=[])
    )
    assert refresh(people) == TaskOutcome(2, 0)
    assert refresh(people, now=NOW + HOUR) == TaskOutcome(0, 0)
    assert tasks(people) == [("us:1", "open", None), ("us:2", "open", None)]
    listed = people.rows(
        "select title, email, telephone, amount::int from crm.open_tasks where subject_key = 'us:1'"
    )
    assert [row[:2] + row[3:] for row in listed] == [
        ("Call about the cart that was left", "ada@example.com", 150)
    ]


def test_what_became_of_the_cart_closes_its_task(people: Shop) -> None:
    refresh(people)
    do(people, "abandon_cart('us:1', made_by => 'ada')")
    assert tasks(people)[0] == ("us:1", "closed", "lost")
    do(people, "reopen_cart('us:1')")
    assert tasks(people)[0] == ("us:1", "open", None)
    people.load("orders", order(7, quote_id="1", created_at="2026-03-03 11:00:00"))
    assert refresh(people, now=NOW + HOUR) == TaskOutcome(0, 2)  # the buyer of both came back
    assert tasks(people) == [("us:1", "closed", "purchased"), ("us:2", "closed", "recovered")]


def test_task_that_is_too_late_ends_and_one_taken_up_again_is_asked_for_anew(people: Shop) -> None:
    refresh(people)
    people.load("carts", cart(2, base_grand_total="150.0000", updated_at="2026-03-05 10:00:00"))
    assert refresh(people, now=NOW + timedelta(days=7)) == TaskOutcome(1, 2)
    assert tasks(people) == [
        ("us:1", "closed", "too_late"),
        ("us:2", "closed", "taken_up_again"),
        ("us:2", "open", None),
    ]


def test_what_a_person_closed_stays_closed_for_the_same_occasion(people: Shop) -> None:
    refresh(people)
    number = people.one("select task_id from crm.tasks where subject_key = 'us:1'")
    do(people, "close_task(:n, 'not_needed', 'She is a colleague', 'ada')", n=number)
    assert refresh(people, now=NOW + HOUR) == TaskOutcome(0, 0)
    closed = people.one("select state, outcome, closed_by, note from crm.tasks where task_id = :n", n=number)
    assert closed == ("closed", "not_needed", "ada", "She is a colleague")


def test_contact_that_reached_the_buyer_ends_the_follow_up_and_one_in_vain_does_not(people: Shop) -> None:
    later = NOW + timedelta(days=20)
    assert refresh(people, "follow_up_order", now=later) == TaskOutcome(2, 0)
    do(people, "record_contact('us:1', outcome => 'no_answer')")
    do(people, "record_contact('us:2', 'Likes it')")
    assert tasks(people) == [("us:1", "open", None), ("us:2", "closed", "contacted")]
    assert refresh(people, "follow_up_order", now=later + HOUR) == TaskOutcome(0, 0)
    assert refresh(people, "follow_up_order", now=NOW + timedelta(days=90)) == TaskOutcome(0, 1)
    assert tasks(people)[0] == ("us:1", "closed", "too_late")


def test_rule_whose_report_was_never_made_waits(people: Shop) -> None:
    assert refresh_tasks(people.engine, load_rules().accepted["call_about_cart"], now=NOW) is None


def test_tasks_of_a_rule_that_is_no_more_are_closed(people: Shop) -> None:
    refresh(people)
    assert retire_tasks(people.engine, ["call_about_cart"], now=NOW) == 0
    assert retire_tasks(people.engine, ["follow_up_order"], now=NOW) == 2


def test_broken_rule_is_refused_with_file_and_line_and_harms_no_other(people: Shop, tmp_path: Path) -> None:
    due = "-- grain: one row\n-- time zone: none\n-- currency: none\nselect nothing_there as subject_key\n"
    outcome = "select ending.task_id, 'x' as outcome from ending\n"
    for name, subject in (("good_rule", "cart"), ("bad_rule", "moon")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "task.yml").write_text(f"title: A\nwhy: B\nsubject: {subject}\nowner: sales\n")
        (tmp_path / name / "due.sql").write_text(due)
        (tmp_path / name / "outcome.sql").write_text(outcome)
    found = load_rules(tmp_path)
    assert list(found.accepted) == ["good_rule"]
    assert "bad_rule/task.yml, line 3 is refused" in found.refused[0].sentence
    with pytest.raises(ConfigError, match=r"good_rule/due.sql does not run"):
        refresh_tasks(people.engine, found.accepted["good_rule"], now=NOW)


def test_every_rule_of_the_project_is_in_order() -> None:
    assert load_rules().refused == ()
