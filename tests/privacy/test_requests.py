"""An erased person's changes are forgotten, sent or not, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from include.write_back.requests import RequestRefused, request_change
from tests.privacy.people import EMAIL, traces, zelda
from tests.privacy.test_erase import erase
from tests.sync.records import customer, dictionaries, subscriber
from tests.sync.shop import Shop


def ask(shop: Shop, *arguments: Any) -> int:
    with shop.engine.begin() as connection:
        return request_change(connection, *arguments)


def test_person_is_forgotten_in_what_was_asked_and_what_waits_is_not_sent(shop: Shop) -> None:
    shop.execute(
        "insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,"
        " updated_at) values ('us', 'US', 'magento1', 'UTC', 'EUR', true, now()) on conflict do nothing"
    )
    shop.load("stores", dictionaries())
    shop.load("customers", zelda(), customer(6))
    shop.load("newsletter_subscribers", subscriber(5))
    waiting = ask(shop, "customer_update", "us:5", {"first_name": "Zeldina"})
    done = ask(shop, "customer_update", "us:5", {"last_name": "Quuxer"})
    new = ask(
        shop,
        "customer_create",
        "us",
        {"email": EMAIL, "first_name": "Zelda", "last_name": "Quux", "website_id": 2, "store_id": 3},
    )
    others = [
        ask(shop, "customer_update", "us:6", {"first_name": "Ada"}),
        ask(shop, "newsletter_unsubscribe", "us:5"),  # the number of somebody else's entry
    ]
    shop.execute("update crm.outbox set state = 'done', finished_at = now() where outbox_id = :n", n=done)
    shop.execute(
        "insert into ops.write_back_log (outbox_id, channel_code, attempt_number, field_name, base_value, local_value,"
        " remote_value, taken_value, reason) values (:n, 'us', 1, 'last_name', 'Quux', 'Quuxer', 'Quux', 'Quux', 'x')",
        n=done,
    )
    assert erase(shop).rows["outbox"] == 3
    assert traces(shop) == []
    states = "select state from crm.outbox where outbox_id = :n"
    assert [shop.one(states, n=n) for n in (waiting, done, new)] == ["dropped", "done", "dropped"]
    kept = "select count(*) from crm.outbox where state = 'pending' and wanted_json is not null"
    assert shop.one(kept) == len(others)
    with pytest.raises(RequestRefused, match="erased"):
        ask(shop, "customer_update", "us:5", {"first_name": "Back"})
