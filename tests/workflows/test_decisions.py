"""Decisions from Python: through the same doors as SQL, and once where a try was cut off after its commit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from include.warehouse.refusals import RequestRefused
from include.workflows.decisions import STEPS, Author, close_task, decide_cart, record_contact
from tests.sync.shop import Shop

EARLIER = datetime(2026, 1, 1, tzinfo=UTC)


def test_every_step_is_taken_and_refused_with_its_field_where_it_does_not_fit(people: Shop) -> None:
    with people.engine.begin() as connection:
        for step in STEPS:
            assert decide_cart(connection, step, "us:1", author=Author(name="ada"))
        with pytest.raises(RequestRefused, match="cannot be made lost") as caught:
            decide_cart(connection, "abandon", "us:1")
        assert caught.value.field == "cart_key"
        with pytest.raises(RequestRefused, match="only a cart that becomes an opportunity") as caught:
            decide_cart(connection, "abandon", "us:2", opportunity_name="Mugs")
        assert caught.value.field == "opportunity_name"
    steps = people.rows("select transition, made_by from crm.cart_transitions order by transition_id")
    assert steps == [(step, "ada") for step in STEPS]


def test_try_that_follows_a_cut_off_one_does_nothing_more_and_another_persons_does(people: Shop) -> None:
    people.execute(
        "insert into crm.tasks (channel_code, rule_name, title, subject, subject_key, occasion_at, due_at, opened_at)"
        " values ('us', 'r', 'Call', 'cart', 'us:2', now(), now(), now())"
    )
    task = people.one("select task_id from crm.tasks")
    again = Author(name="ada", since=EARLIER)
    with people.engine.begin() as connection:
        first = [
            decide_cart(connection, "abandon", "us:1", author=Author(name="ada")),
            record_contact(connection, "us:1", outcome="no_answer", author=Author(name="ada")),
        ]
        close_task(connection, task, outcome="done", author=Author(name="ada"))
        followed = [
            decide_cart(connection, "abandon", "us:1", author=again),
            record_contact(connection, "us:1", outcome="no_answer", author=again),
        ]
        close_task(connection, task, outcome="done", author=again)
        assert followed == first
        bob = Author(name="bob", since=EARLIER)
        assert record_contact(connection, "us:1", outcome="no_answer", author=bob) not in first
        with pytest.raises(RequestRefused, match="no open task"):
            close_task(connection, task, outcome="done", author=bob)
