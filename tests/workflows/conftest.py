from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import exc

from tests.sync.migrated_warehouse import migrated_template
from tests.sync.prepared_shop import prepared
from tests.sync.records import cart, order
from tests.sync.shop import Shop, shop

__all__ = ["migrated_template", "shop"]


@pytest.fixture
def people(shop: Shop) -> Shop:
    """A warehouse with two open carts and two orders of guests."""
    return prepared(shop, load_guests)


def load_guests(shop: Shop) -> None:
    shop.execute(
        "insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,"
        " updated_at) values ('us', 'US', 'magento1', 'UTC', 'EUR', true, now()) on conflict do nothing"
    )
    shop.load("carts", *(cart(number, base_grand_total="150.0000") for number in (1, 2)))
    shop.load("orders", order(1), order(2, customer_email="bob@example.com"))


def do(shop: Shop, call: str, **values: Any) -> Any:
    """Call a function in a transaction of its own."""
    from sqlalchemy import text

    with shop.engine.begin() as connection:
        return connection.execute(text(f"select crm.{call}"), values).scalar_one()


def refusal(shop: Shop, call: str, **values: Any) -> tuple[str, str]:
    """The field and the reason of a call that is not accepted."""
    with pytest.raises(exc.DBAPIError) as caught:
        do(shop, call, **values)
    told = caught.value.orig.diag  # type: ignore[union-attr]
    assert told.sqlstate == "CRM01", told.message_primary
    return str(told.column_name), str(told.message_primary)
