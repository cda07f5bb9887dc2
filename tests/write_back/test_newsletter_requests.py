"""A customer's newsletter state, asked for by the customer."""

from __future__ import annotations

import pytest

from include.write_back.newsletter_requests import request_newsletter
from include.write_back.requests import RequestRefused
from tests.sync.records import customer, subscriber
from tests.sync.shop import Shop


def requested(crm: Shop, key: str, *, is_subscribed: bool) -> list[tuple[str, str]]:
    crm.execute("delete from crm.outbox")
    with crm.engine.begin() as connection:
        for _ in range(2):
            request_newsletter(connection, key, is_subscribed=is_subscribed, idempotency_key="run")
    return crm.rows("select kind, target_key from crm.outbox order by outbox_id")


def test_newsletter_is_asked_for_by_the_customer_with_every_entry_there_is(crm: Shop) -> None:
    crm.load("customers", customer(6))
    crm.load("newsletter_subscribers", *(subscriber(n, customer_id="6") for n in (8, 9)))
    assert requested(crm, "us:6", is_subscribed=False) == [
        ("newsletter_unsubscribe", "us:8"),
        ("newsletter_unsubscribe", "us:9"),
    ]
    assert requested(crm, "us:6", is_subscribed=True) == [
        ("newsletter_subscribe", "us:8"),
        ("newsletter_subscribe", "us:9"),
    ]
    assert requested(crm, "us:5", is_subscribed=True) == [("newsletter_create", "us:5")]
    with pytest.raises(RequestRefused, match="no newsletter entry"):
        requested(crm, "us:5", is_subscribed=False)
