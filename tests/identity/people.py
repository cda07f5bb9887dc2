"""Customers and guest orders in few words, and who shares an account with whom."""

from __future__ import annotations

from typing import Any

from include.magento.door import Record
from include.sync.registered import register
from tests.sync.records import customer, order
from tests.sync.shop import T0, Shop

JANUARY, FEBRUARY, MARCH, APRIL, MAY = (f"2026-{month:02}-01 10:00:00" for month in range(1, 6))


def ada(number: int, created_at: str = MARCH, /, **changes: Any) -> Record:
    """A registered customer called Ada Byron with one e-mail on every website."""
    return customer(number, created_at=created_at, **{"email": "ada@example.com"} | changes)


def bought(number: int, created_at: str = MARCH, /, **changes: Any) -> Record:
    """An order by a guest called Ada Byron."""
    named = {"customer_firstname": "Ada", "customer_lastname": "Byron", "customer_email": "ada@example.com"}
    return order(number, created_at=created_at, **named | changes)


def of(shop: Shop, **settings: Any) -> Shop:
    """A channel with these settings, known to the warehouse as by a run."""
    other = shop.of(**settings)
    register(other.engine, other.channel, T0)
    return other


def accounts(shop: Shop) -> set[frozenset[str]]:
    """Who shares an account: registered customers by key, guests by channel, website and e-mail."""
    return partition(shop, "account_key")


def contacts(shop: Shop) -> set[frozenset[str]]:
    """Which records are one person."""
    return partition(shop, "contact_key")


def partition(shop: Shop, column: str) -> set[frozenset[str]]:
    named = (
        "case when is_guest then channel_code || ' guest ' || coalesce(website_id::text, '?') || ' '"
        " || email_normalised else customer_key end"
    )
    return {
        frozenset(members)
        for members in shop.rows(f"select array_agg({named}) from crm.customers group by {column}")  # noqa: S608 - our own
    }


def alone(*names: str) -> set[frozenset[str]]:
    return {frozenset({name}) for name in names}


def together(*names: str) -> set[frozenset[str]]:
    return {frozenset(names)}
