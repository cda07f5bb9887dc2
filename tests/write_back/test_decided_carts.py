"""A cart that people gave up is not ordered by a request that was still about."""

from __future__ import annotations

import pytest

from include.write_back.requests import decide_change
from tests.sync.shop import Shop
from tests.write_back.test_sender import Bench, TwoWayStore


@pytest.fixture
def bench(crm: Shop) -> Bench:
    crm.execute(
        "insert into crm.carts (cart_key, channel_code, cart_id, status, store_id, first_seen_at, changed_at)"
        " values ('us:77', 'us', 77, 'open', 1, now(), now())"
    )
    return Bench(crm, TwoWayStore(records=[]))


@pytest.mark.parametrize("kind", ["cart_to_order", "cart_change"])
def test_cart_given_up_is_refused_when_a_dead_request_for_it_is_tried_again(bench: Bench, kind: str) -> None:
    wanted = {"coupon_code": "A"} if kind == "cart_change" else {}
    number = bench.ask(wanted, "us:77", kind)
    bench.crm.execute("update crm.outbox set state = 'dead', finished_at = now()")
    bench.crm.execute("select crm.convert_cart_to_opportunity('us:77')")
    with bench.crm.engine.begin() as connection:
        decide_change(connection, number, "retry")
    assert bench.send() == {"rejected": 1}
    assert bench.entry(number).last_error.startswith("The cart was made an opportunity in the CRM")
    assert bench.store.written == []
