"""Opt-outs reach the stores that take them: once, for who is on the list, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from include.suppressions.suppressing import OptOut, suppress
from include.suppressions.tables import EVERY_CHANNEL
from include.suppressions.telling import tell_stores
from tests.sync.prepared_shop import prepared
from tests.sync.records import subscriber
from tests.sync.shop import T0, Shop, channel, shop

__all__ = ["shop"]
TOLD = channel(two_way={"enabled": True, "unsubscribe_suppressed": True})
DAY = timedelta(days=1)


@pytest.fixture
def listed(shop: Shop) -> Shop:
    """A warehouse whose newsletter list is loaded: Ada twice, Bob, and Cleo who has left."""
    return prepared(shop, load_list)


def load_list(shop: Shop) -> None:
    shop.execute(
        "insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,"
        " updated_at) values ('us', 'US', 'magento1', 'UTC', 'EUR', true, now()) on conflict do nothing"
    )
    shop.load(
        "newsletter_subscribers",
        subscriber(1, subscriber_email="Ada@Example.com"),
        subscriber(2, subscriber_email="ada@example.com", store_id="2"),
        subscriber(3, subscriber_email="bob@example.com"),
        subscriber(4, subscriber_email="cleo@example.com", subscriber_status="3"),
    )
    loaded(shop, "us")


def loaded(shop: Shop, code: str) -> None:
    shop.execute(
        "insert into ops.frontiers (channel_code, entity, frontier_at, initial_started_at, initial_done_at) values"
        " (:code, 'newsletter_subscribers', :at, :at, :at) on conflict (channel_code, entity) do update set"
        " frontier_at = excluded.frontier_at, initial_done_at = excluded.initial_done_at",
        code=code,
        at=T0,
    )


def opt_out(
    shop: Shop, email: str, reason: str = "unsubscribed", scope: str = EVERY_CHANNEL, at: object = T0
) -> None:
    with shop.engine.begin() as connection:
        one = OptOut(shop.keys.email_hash(email), reason, at)  # type: ignore[arg-type]
        suppress(connection, [one], source="klaviyo", now=T0, scope=scope)


def tell(shop: Shop, *channels: object) -> int:
    return tell_stores(shop.engine, shop.keys, channels or (TOLD,), now=T0)  # type: ignore[arg-type]


def asked(shop: Shop) -> list[str]:
    return shop.rows("select target_key from crm.outbox where kind = 'newsletter_unsubscribe' order by 1")


def test_every_subscribed_entry_of_the_address_is_asked_for_once(listed: Shop) -> None:
    for email in ("ada@example.com", "cleo@example.com", "nobody@example.com"):
        opt_out(listed, email)
    assert tell(listed) == 2
    assert asked(listed) == ["us:1", "us:2"]
    assert listed.rows("select distinct requested_by from crm.outbox") == ["suppressions"]
    assert listed.one("select count(*) from marketing.suppressions where store_told_at is null") == 0
    assert tell(listed) == 0


def test_guest_of_magento_2_cannot_be_told_of(listed: Shop) -> None:
    listed.execute(
        "update crm.newsletter_subscribers set newsletter_subscriber_key = 'us:-1', newsletter_subscriber_id = -1"
        " where newsletter_subscriber_key = 'us:1'"
    )
    opt_out(listed, "ada@example.com")
    assert tell(listed) == 1
    assert asked(listed) == ["us:2"]


def test_other_address_of_the_same_mailbox_stays_subscribed(listed: Shop) -> None:
    listed.load("newsletter_subscribers", subscriber(5, subscriber_email="a.da+news@gmail.com"))
    opt_out(listed, "ada@gmail.com")
    assert tell(listed) == 0


def test_only_channels_that_say_so_are_told_and_of_their_own_scope(listed: Shop) -> None:
    opt_out(listed, "ada@example.com", scope="eu")
    opt_out(listed, "bob@example.com")
    for settings in ({"enabled": True}, {"unsubscribe_suppressed": True}):
        assert tell(listed, channel(two_way=settings)) == 0
    assert listed.one("select count(*) from marketing.suppressions where store_told_at is null") == 2
    assert tell(listed) == 1
    assert asked(listed) == ["us:3"]


def test_dead_mailbox_or_lifted_opt_out_unsubscribes_nobody(listed: Shop) -> None:
    opt_out(listed, "ada@example.com", "bounced")
    opt_out(listed, "bob@example.com")
    listed.execute(
        "update marketing.suppressions set lifted_at = :at, lifted_note = 'x' where reason <> 'bounced'",
        at=T0,
    )
    assert tell(listed) == 0


def test_who_left_again_is_told_again(listed: Shop) -> None:
    opt_out(listed, "bob@example.com")
    assert tell(listed) == 1
    listed.execute("update crm.outbox set state = 'done', finished_at = now()")
    opt_out(listed, "bob@example.com", at=T0)
    assert tell(listed) == 0
    opt_out(listed, "bob@example.com", at=T0 + DAY)
    assert tell(listed) == 1


def test_entry_that_is_being_unsubscribed_is_not_asked_for_twice(listed: Shop) -> None:
    opt_out(listed, "bob@example.com")
    opt_out(listed, "bob@example.com", "complained")
    assert tell(listed) == 1
    opt_out(listed, "bob@example.com", at=T0 + DAY)
    assert tell(listed) == 0


def test_list_that_is_read_for_the_first_time_is_awaited(listed: Shop) -> None:
    second = channel(code="eu", two_way={"enabled": True, "unsubscribe_suppressed": True})
    opt_out(listed, "bob@example.com")
    assert tell(listed, TOLD, second) == 0
    loaded(listed, "eu")
    assert tell(listed, TOLD, second) == 1
