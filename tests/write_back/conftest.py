from __future__ import annotations

import pytest

from tests.sync.migrated_warehouse import migrated_template
from tests.sync.prepared_shop import prepared
from tests.sync.records import customer, dictionaries, order, subscriber
from tests.sync.shop import Shop, shop

__all__ = ["migrated_template", "shop"]


@pytest.fixture
def crm(shop: Shop) -> Shop:
    """A warehouse with a customer who has an address, a guest, an order and a newsletter entry."""
    return prepared(shop, load_people)


def load_people(shop: Shop) -> None:
    shop.execute(
        "insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,"
        " updated_at) values ('us', 'US', 'magento1', 'UTC', 'EUR', true, now()) on conflict do nothing"
    )
    book = [{"customer_address_id": "50", "country_id": "GB", "firstname": "Ada", "city": "Ware"}]
    shop.load("stores", dictionaries())
    shop.load("customers", customer(5, firstname="Ada", lastname="Byron", addresses=book))
    shop.load("orders", order(1))
    shop.load("newsletter_subscribers", subscriber(7))
