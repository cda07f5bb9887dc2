"""What people decide about carts and orders: allowed from the right state, kept as history, seen by reports."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, text

from include.privacy.erase import erase_person
from tests.sync.records import cart, order
from tests.sync.shop import Shop
from tests.workflows.conftest import do, refusal


def status(shop: Shop, key: str = "us:1") -> str:
    return str(shop.one("select status from crm.carts where cart_key = :key", key=key))


def test_cart_is_given_up_reopened_and_made_an_opportunity_with_its_history(people: Shop) -> None:
    do(people, "abandon_cart('us:1', notes => 'Too dear', made_by => 'ada')")
    assert status(people) == "lost"
    do(people, "reopen_cart('us:1')")
    do(people, "convert_cart_to_opportunity('us:1', 'Mugs for the office', 'bob')")
    assert status(people) == "converted_to_opportunity"
    steps = people.rows(
        "select transition, status_before, status_after, notes, opportunity_name, opportunity_owner,"
        " budget_amount::int, budget_currency_code from crm.cart_transitions order by transition_id"
    )
    assert steps == [
        ("abandon", "open", "lost", "Too dear", None, None, None, None),
        ("reopen", "lost", "open", None, None, None, None, None),
        (
            "convert_to_opportunity", "open", "converted_to_opportunity", None, "Mugs for the office", "bob", 150,
            "EUR",
        ),
    ]  # fmt: skip
    assert people.rows("select made_by from crm.cart_transitions order by 1 limit 1") == ["ada"]
    superseded = "select status from crm.carts_history where cart_key = 'us:1' order by valid_to"
    assert people.rows(superseded) == ["open", "lost", "open"]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (None, "reopen_cart('us:1')"),
        ("abandon_cart('us:1')", "abandon_cart('us:1')"),
        ("abandon_cart('us:1')", "convert_cart_to_opportunity('us:1')"),
        (None, "abandon_cart('us:9')"),
    ],
)
def test_step_that_does_not_fit_the_cart_is_refused_and_changes_nothing(
    people: Shop, first: str | None, then: str
) -> None:
    if first:
        do(people, first)
    before = people.rows("select cart_key, status, changed_at from crm.carts order by 1")
    field, reason = refusal(people, then)
    assert field == "cart_key"
    assert reason.startswith("cart_key: ")
    assert people.rows("select cart_key, status, changed_at from crm.carts order by 1") == before


def test_cart_is_not_given_up_while_a_change_of_it_in_the_store_waits(people: Shop) -> None:
    waits = (
        "insert into crm.outbox (channel_code, kind, target_key, entity, record_key, wanted_json, idempotency_key,"
        " requested_by, requested_login) values ('us', 'cart_to_order', 'us:1', 'carts', 'us:1', '{}', 'x', 'x', 'x')"
    )
    people.execute(waits)
    field, reason = refusal(people, "abandon_cart('us:1')")
    assert (field, "waits or is at work: drop it" in reason) == ("cart_key", True)
    people.execute("update crm.outbox set state = 'dropped', finished_at = now()")
    do(people, "abandon_cart('us:1')")
    assert status(people) == "lost"


def test_step_stays_when_the_cart_is_read_again_until_the_store_sells_it(people: Shop) -> None:
    do(people, "abandon_cart('us:1')")
    people.load("carts", cart(1, base_grand_total="170.0000", updated_at="2026-03-09 09:00:00"))
    assert status(people) == "lost"
    people.load("orders", order(3, quote_id="1"))
    assert status(people) == "purchased"
    assert refusal(people, "reopen_cart('us:1')")[1].startswith("cart_key: a cart that is purchased")


def test_step_is_told_to_reports_that_follow_carts_and_customers(people: Shop) -> None:
    people.execute("delete from ops.touched")
    do(people, "abandon_cart('us:1')")
    do(people, "record_contact('us:2', 'Likes it')")
    touched = people.rows("select subject, touched_key from ops.touched order by 1")
    customer = people.one("select customer_key from crm.carts where cart_key = 'us:1'")
    assert touched == [("cart", "us:1"), ("customer", customer), ("order", "us:2")]


def test_contact_about_an_order_is_kept_with_what_was_said(people: Shop) -> None:
    do(people, "record_contact('us:1', outcome => 'no_answer')")
    do(people, "record_contact('us:1', 'Likes it', 'Ask again in May', made_by => 'ada')")
    kept = people.rows(
        "select outcome, feedback, notes, made_by = 'ada' from crm.order_contacts order by order_contact_id"
    )
    assert kept == [("no_answer", None, None, False), ("reached", "Likes it", "Ask again in May", True)]


def test_bad_contact_is_refused_with_field_and_reason(people: Shop) -> None:
    for call, field, reason in (
        ("record_contact('us:9')", "order_key", "no order has this key"),
        ("record_contact('us:1', outcome => 'shouted')", "outcome", "reached or no_answer"),
        ("record_contact('us:1', contacted_at => now() + interval '1 day')", "contacted_at", "not come yet"),
        ("record_contact('us:1', repeat('x', 65001))", "feedback", "longer than 65000"),
        ("close_task(7)", "task_id", "no open task"),
        ("close_task(7, 'won')", "outcome", "done or not_needed"),
    ):
        found = refusal(people, call)
        assert found[0] == field
        assert reason in found[1]
    assert people.one("select count(*) from crm.order_contacts") == 0


def test_erased_person_is_forgotten_in_what_people_wrote(people: Shop) -> None:
    do(people, "abandon_cart('us:1', 'Ada will not come back')")
    do(people, "record_contact('us:1', 'Ada likes it')")
    do(people, "record_contact('us:2', 'Friend of ada@example.com')")
    do(people, "record_contact('us:2', 'Likes it')")
    people.execute(
        "insert into crm.tasks (channel_code, rule_name, title, subject, subject_key, occasion_at, due_at, opened_at,"
        " note) values ('us', 'r', 'Call', 'cart', 'us:1', now(), now(), now(), 'Ada is in Rome')"
    )
    erased = erase_person(people.engine, people.keys, people.keys.email_hash("ada@example.com"))
    assert {name: erased.rows[name] for name in ("cart_transitions", "order_contacts", "tasks")} == {
        "cart_transitions": 1,
        "order_contacts": 2,
        "tasks": 1,
    }
    assert people.rows("select feedback from crm.order_contacts order by order_contact_id") == [
        None, None, "Likes it",
    ]  # fmt: skip
    assert refusal(people, "record_contact('us:1', 'Ada again')")[1].endswith("its person was erased")
    assert refusal(people, "abandon_cart('us:2')")[1].endswith("its person was erased")


def test_cart_is_not_given_up_while_somebody_asks_for_its_order(people: Shop) -> None:
    with people.engine.begin() as asking, people.engine.connect() as deciding:
        asking.execute(text("select pg_advisory_xact_lock(hashtextextended('outbox:carts:us:1', 0))"))
        deciding.execute(text("set lock_timeout = '50ms'"))
        with pytest.raises(exc.OperationalError, match="lock timeout"):
            deciding.execute(text("select crm.abandon_cart('us:1')"))
    assert status(people) == "open"
