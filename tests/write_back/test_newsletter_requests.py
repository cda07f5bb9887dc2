"""A customer's newsletter state, asked for by the customer."""

from __future__ import annotations

import pytest

from include.suppressions.suppressing import lift, suppress
from include.write_back.newsletter_requests import request_newsletter
from include.write_back.opt_outs import is_opted_out
from include.write_back.requests import RequestRefused
from tests.suppressions.addresses import KEYS, NOW, opt_out
from tests.sync.records import customer, subscriber
from tests.sync.shop import Shop


def requested(crm: Shop, key: str, *, is_subscribed: bool) -> list[tuple[str, str]]:
    crm.execute("delete from crm.outbox")
    with crm.engine.begin() as connection:
        for _ in range(2):
            request_newsletter(connection, KEYS, key, is_subscribed=is_subscribed, idempotency_key="run")
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


@pytest.mark.parametrize("reason", ["unsubscribed", "bounced", "complained", "by_hand"])
def test_nobody_who_opted_out_is_put_on_the_newsletter_until_that_is_taken_back(
    crm: Shop, reason: str
) -> None:
    with crm.engine.begin() as connection:
        suppress(connection, [opt_out("person5", reason)], source="klaviyo", now=NOW)
    for _ in range(2):
        with pytest.raises(RequestRefused, match=r"opt-out in marketing\.suppressions holds") as caught:
            requested(crm, "us:5", is_subscribed=True)
        assert caught.value.field == "target"
        assert "person5" not in str(caught.value)
        crm.load(
            "newsletter_subscribers", subscriber(8, customer_id="5", subscriber_email="person5@example.com")
        )
    assert requested(crm, "us:5", is_subscribed=False) == [("newsletter_unsubscribe", "us:8")]
    with crm.engine.begin() as connection:
        lift(connection, KEYS.email_hash("person5@example.com"), note="asked for it", now=NOW)
    assert requested(crm, "us:5", is_subscribed=True) == [("newsletter_subscribe", "us:8")]


def test_no_that_was_said_at_another_address_of_the_account_counts_and_a_bounce_there_does_not(
    crm: Shop,
) -> None:
    crm.load("customers", customer(6))
    crm.execute("update crm.customers set account_key = 'a' where customer_id in (5, 6)")
    for reason, is_free in (("bounced", True), ("unsubscribed", False)):
        with crm.engine.begin() as connection:
            suppress(connection, [opt_out("person6", reason)], source="klaviyo", now=NOW)
            assert is_opted_out(connection, KEYS, "us", "person5@example.com") is not is_free
