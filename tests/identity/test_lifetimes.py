from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from include.identity.lifetimes import value_lifetimes_of
from tests.identity.people import APRIL, FEBRUARY, MARCH, ada, bought, of
from tests.sync.prepared_shop import prepared
from tests.sync.records import credit_memo, dictionaries, order
from tests.sync.shop import Shop

CURRENT = "from crm.account_lifetimes where valid_to is null"
VALUES = (
    "select order_count, lifetime_amount, refund_amount, lifetime_net_amount"
    f" {CURRENT} and not is_reporting_currency"
)


@pytest.fixture
def us(shop: Shop) -> Shop:
    return of(prepared(shop, load_ada))


def load_ada(shop: Shop) -> None:
    shop.load("stores", dictionaries())
    of(shop).load("customers", ada(5, FEBRUARY))


def sold(number: int, subtotal: str = "20", /, **changes: Any) -> Any:
    """An order of the registered customer; its base subtotal is worth that much."""
    return order(number, customer_id="5", base_subtotal=subtotal, **changes)


def memo(number: int, of_order: int, subtotal: str, /, **changes: Any) -> Any:
    known = {"order_id": str(of_order), "base_subtotal": subtotal, "base_grand_total": "99"}
    return credit_memo(number, **known | changes)


def value(shop: Shop) -> tuple[Any, ...]:
    """Orders, gross, refunds and net of the only account."""
    return tuple(shop.one(VALUES))


def test_status_change_does_not_add_the_order_again(us: Shop) -> None:
    for state, stamp in (("new", "03-02"), ("processing", "03-03"), ("complete", "03-04")):
        us.load("orders", sold(1, state=state, status=state, updated_at=f"2026-{stamp} 12:00:00"))
        assert value(us) == (1, 20, 0, 20)
    assert us.one("select count(*) from crm.account_lifetimes where not is_reporting_currency") == 1


def test_subtotal_that_is_edited_counts_once_and_leaves_a_snapshot(us: Shop) -> None:
    us.load("orders", sold(1))
    us.load("orders", sold(1, "25", updated_at="2026-03-03 00:00:00"))
    assert value(us) == (1, 25, 0, 25)
    assert us.rows(
        "select lifetime_amount, valid_to is null from crm.account_lifetimes where not is_reporting_currency order by 1"
    ) == [(20, False), (25, True)]


def test_discount_is_taken_off_whatever_its_sign_and_tax_and_shipping_do_not_count(us: Shop) -> None:
    us.load("orders", sold(1, base_discount_amount="-3"), sold(2, base_discount_amount="3"))
    assert value(us) == (2, 34, 0, 34)


def test_cancelled_order_leaves(us: Shop) -> None:
    us.load("orders", sold(1), sold(2))
    us.load("orders", sold(2, state="canceled", updated_at="2026-03-03 00:00:00"))
    assert value(us) == (1, 20, 0, 20)
    us.load("orders", sold(1, state="canceled", updated_at="2026-03-03 00:00:00"))
    assert value(us) == (0, 0, 0, 0)


def test_refund_lowers_the_net_by_what_the_order_counted(us: Shop) -> None:
    us.load("orders", sold(1), sold(2))
    us.load(
        "credit_memos", memo(1, 1, "20"), memo(2, 2, "10", base_discount_amount="-2", base_adjustment="1")
    )
    assert value(us) == (2, 40, 29, 11)
    us.load("credit_memos", memo(2, 2, "10", state="3", updated_at="2026-03-03 00:00:00"))
    assert value(us) == (2, 40, 20, 20)


def test_refund_that_loads_before_its_order_counts(us: Shop) -> None:
    us.load("credit_memos", memo(1, 1, "5"))
    us.load("orders", sold(1))
    assert value(us) == (1, 20, 5, 15)


def test_orders_that_load_before_their_customer_count(shop: Shop) -> None:
    known = of(shop)
    known.load("orders", sold(1))
    assert known.rows(VALUES) == []
    known.load("customers", ada(5))
    assert value(known) == (1, 20, 0, 20)


def test_orders_of_all_the_account_s_customers_count(us: Shop) -> None:
    us.load("orders", sold(1), bought(2, MARCH, base_subtotal="7"))
    assert value(us) == (2, 27, 0, 27)


def test_account_that_is_joined_takes_its_value_along(us: Shop) -> None:
    us.load("orders", bought(1, MARCH, store_id="3", customer_firstname="Augusta", base_subtotal="7"))
    us.load("orders", sold(2))
    assert len(us.rows(VALUES)) == 2
    us.load("orders", bought(3, APRIL, store_id="3", base_subtotal="1"))
    assert us.rows(f"select account_key, lifetime_amount {CURRENT} and not is_reporting_currency") == [
        ("us:5", 28)
    ]


def test_currencies_are_apart_and_together_in_the_reporting_currency(us: Shop) -> None:
    us.load(
        "orders",
        sold(1),
        sold(2, "10", base_currency_code="USD", base_to_global_rate="0.5"),
        sold(3, "10", base_currency_code="USD", base_to_global_rate="0.25"),
    )
    assert us.rows(
        "select is_reporting_currency, currency_code, order_count, lifetime_amount, unconverted_order_count"
        f" {CURRENT} order by 1, 2"
    ) == [
        (False, "EUR", 1, 20, 0),
        (False, "USD", 2, 20, 0),
        (True, "EUR", 3, Decimal("27.5"), 0),
    ]
    us.load("orders", sold(4, "10", base_currency_code="GBP", base_to_global_rate=None))
    assert us.rows(
        f"select order_count, lifetime_amount, unconverted_order_count {CURRENT} and is_reporting_currency"
    ) == [(4, Decimal("27.5"), 1)]


def test_order_without_a_currency_counts_under_none(us: Shop) -> None:
    us.load("orders", sold(1, base_currency_code=None))
    assert us.rows(f"select currency_code {CURRENT} and not is_reporting_currency") == ["XXX"]


def test_channels_are_apart(us: Shop) -> None:
    us.load("orders", sold(1))
    other = of(us, code="de")
    other.load("customers", ada(7))
    other.load("orders", order(1, customer_id="7", base_subtotal="3"))
    assert us.rows(
        f"select account_key, channel_code, lifetime_amount {CURRENT} and not is_reporting_currency order by 2"
    ) == [
        ("us:5", "de", 3),
        ("us:5", "us", 20),
    ]


def test_nothing_changed_writes_nothing_and_a_new_count_of_everything_agrees(us: Shop) -> None:
    us.load("orders", sold(1), bought(2))
    us.load("credit_memos", memo(1, 1, "5"))
    before = us.rows("select * from crm.account_lifetimes order by 1, 2, 3, 4, 5")
    assert "lifetimes" not in us.load("orders", sold(1), bought(2))
    assert "lifetimes" not in us.load("orders", sold(1, coupon_code="X"), bought(2))
    with us.engine.begin() as connection:
        assert value_lifetimes_of(connection) == {"inserted": 0, "updated": 0, "deleted": 0}
    assert us.rows("select * from crm.account_lifetimes order by 1, 2, 3, 4, 5") == before


def test_totals_by_the_orders_and_the_current_snapshots_are_the_same(us: Shop) -> None:
    dollars = {"base_currency_code": "USD", "global_currency_code": "EUR", "base_to_global_rate": "0.3333"}
    us.load("orders", sold(1), sold(2, "7.77", **dollars), bought(3, base_subtotal="9"))
    us.load("credit_memos", memo(1, 2, "5"))
    columns = (
        "account_key, channel_code, currency_code, is_reporting_currency, order_count, unconverted_order_count,"
        " lifetime_amount, refund_amount, lifetime_net_amount"
    )
    totals = us.rows(f"select {columns} from crm.account_totals order by 1, 2, 3, 4")  # noqa: S608 - our own
    assert len(totals) == 3
    assert totals == us.rows(f"select {columns} {CURRENT} order by 1, 2, 3, 4")


def test_channel_that_is_not_active_keeps_what_it_had(us: Shop) -> None:
    us.load("orders", sold(1))
    other = of(us, code="de")
    other.load("customers", ada(7))
    of(us, active=False)
    other.load("orders", order(1, customer_id="7", base_subtotal="3"))
    assert us.rows(
        f"select lifetime_amount {CURRENT} and channel_code = 'us' and not is_reporting_currency"
    ) == [20]


def test_change_of_value_tells_whoever_follows_accounts(us: Shop) -> None:
    us.load("orders", sold(1))
    assert us.touched("account") == {"us:5"}
