"""What people decide, through the forms of its DAGs."""

from __future__ import annotations

import pytest

from tests.orchestration.house import House

pytestmark = pytest.mark.slow


def test_cart_order_and_task_are_decided_by_form_and_bad_answers_are_refused_with_the_reason(
    house: House,
) -> None:
    house.execute(
        "insert into crm.carts (cart_key, channel_code, cart_id, status, base_grand_total_amount,"
        " first_seen_at, changed_at) values ('us:1', 'us', 1, 'open', 150, now(), now())"
    )
    house.execute(
        "insert into crm.orders (order_key, channel_code, order_id, first_seen_at, changed_at)"
        " values ('us:1', 'us', 1, now(), now())"
    )
    house.execute(
        "insert into crm.tasks (channel_code, rule_name, title, subject, subject_key, occasion_at, due_at, opened_at)"
        " values ('us', 'r', 'Call', 'order', 'us:2', now(), now(), now())"
    )
    made = house.run(
        "maintain_decide_cart",
        action="convert to opportunity",
        cart=" us:1 ",
        opportunity_name="Mugs",
        opportunity_owner="bob",
    )
    assert (made.state, made.events["crm.carts"]) == ("success", 1)
    kept = house.rows("select status_after, opportunity_name, opportunity_owner from crm.cart_transitions")
    assert [tuple(row) for row in kept] == [("converted_to_opportunity", "Mugs", "bob")]
    told = house.run(
        "maintain_record_contact",
        order="us:1",
        outcome="reached",
        feedback="Likes it",
        contacted_at="2026-03-01T10:00:00+01:00",
    )
    assert told.state == "success"
    contacts = house.rows("select feedback, contacted_at at time zone 'UTC' from crm.order_contacts")
    assert [(said, str(at)) for said, at in contacts] == [("Likes it", "2026-03-01 09:00:00")]
    number = house.rows("select task_id from crm.tasks")[0][0]
    assert house.run("maintain_close_task", task_number=number, outcome="not_needed").state == "success"
    assert [tuple(row) for row in house.rows("select state, outcome from crm.tasks")] == [
        ("closed", "not_needed")
    ]
    for dag_id, answers, sentence in (
        ("maintain_decide_cart", {"action": "abandon"}, "Nothing was done: fill in Cart."),
        (
            "maintain_decide_cart",
            {"action": "abandon", "cart": "us:1"},
            "This was not accepted: cart_key: a cart that is converted_to_opportunity cannot be made lost.",
        ),
        (
            "maintain_record_contact",
            {"order": "us:1", "outcome": "reached", "contacted_at": "2026-03-01T10:00:00"},
            "This was not accepted: contacted_at: it has no time zone",
        ),
        ("maintain_close_task", {}, "Nothing was done: fill in Task and Outcome."),
        (
            "maintain_close_task",
            {"task_number": number, "outcome": "done"},
            "This was not accepted: task_id: no open task has this number.",
        ),
    ):
        refused = house.run(dag_id, **answers)
        assert (refused.state, len(refused.sentences)) == ("failed", 1)
        assert refused.sentences[0].startswith(sentence)
