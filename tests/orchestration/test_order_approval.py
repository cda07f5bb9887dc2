"""The question whether a cart may be ordered: asked under Required Actions, answered by yes, no or nobody."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

import pytest
from sqlalchemy import text

from include.write_back.order_question import TOTAL, OrderQuestion, waiting
from tests.orchestration.house import House
from tests.orchestration.test_segment_files import answering

pytestmark = pytest.mark.slow

ASK = "ask_a_person.check_with_a_person[0]"


ENTRY = text(
    """
    insert into crm.outbox (
        channel_code, kind, target_key, entity, record_key, wanted_json, base_json, idempotency_key, requested_by,
        requested_login, state, result_json
    ) values (
        'us', 'cart_to_order', :cart, 'carts', :cart, '{}', '{}', :cart, 'a', 'a', 'conflict',
        jsonb_build_object('question', 'Two shirts.')
    )
    """
)
LOG = text(
    """
    insert into ops.write_back_log (outbox_id, channel_code, attempt_number, field_name, remote_value, reason)
    select max(outbox_id), 'us', 1, :name, '38.35', 'both changed it, somebody has to decide' from crm.outbox
    """
)


def cart_that_waits(house: House, key: str) -> None:
    """An entry as an attempt leaves it that came upon a cart which needs a yes."""
    with house.engine.begin() as connection:
        connection.execute(ENTRY, {"cart": key})
        connection.execute(LOG, {"name": TOTAL})


def test_yes_lets_the_order_go_on_and_no_drops_it(house: House) -> None:
    nothing = house.run("write_back_cart_approval")
    assert (nothing.state, nothing.events["crm.outbox"]) == ("success", 0)
    cart_that_waits(house, "us:1")
    with answering("Approve") as asked:
        approved = house.run("write_back_cart_approval")
    assert (approved.state, approved.states[ASK]) == ("success", "success"), approved.sentences
    assert (asked, approved.events["crm.outbox"]) == (["May cart us:1 be ordered?"], 1)
    cart_that_waits(house, "us:2")
    with answering("Reject"):
        rejected = house.run("write_back_cart_approval")
    assert (rejected.state, rejected.states["send_at_once"]) == ("success", "skipped")
    found = house.rows("select state, base_json ->> 'order_total' from crm.outbox order by outbox_id")
    assert [tuple(row) for row in found] == [("pending", "38.35"), ("dropped", None)]


def test_no_answer_leaves_the_entry_waiting_and_says_so(house: House) -> None:
    from include.orchestration.failures import SaidFailure
    from include.orchestration.order_approval import AskWhetherToOrder

    cart_that_waits(house, "us:1")
    with house.engine.connect() as connection:
        (question,) = waiting(connection)
    shown = house.rows("select max(entry_id) from ops.write_back_log")[0][0]
    assert question == OrderQuestion(
        outbox_id=question.outbox_id, cart_key="us:1", words="Two shirts.", shown_entry_id=shown
    )
    ask = AskWhetherToOrder(task_id="check_with_a_person", question=asdict(question))
    with pytest.raises(SaidFailure, match="so it waits on"):
        ask.execute_complete(cast("Any", {}), {"error": "too late", "error_type": "timeout"})
    assert [tuple(row) for row in house.rows("select state from crm.outbox")] == [("conflict",)]
