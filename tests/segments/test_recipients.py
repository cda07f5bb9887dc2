from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from include.segments.recipients import MEMBERS, RECIPIENT_COLUMNS
from tests.sql.sample_warehouse import add_rows, rows_of

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def entry(number: int, status: str | None, at: datetime | None, **more: Any) -> dict[str, Any]:
    known = {"newsletter_subscriber_key": f"main:{number}", "email_normalised": "ada@example.com"}
    return known | {"status": status, "source_updated_at": at} | more


def person(number: int, **more: Any) -> dict[str, Any]:
    email = more.pop("email", f"{number}@example.com")
    known = {"customer_key": f"main:{number}", "email": email, "is_guest": False}
    return known | {"email_normalised": email and email.lower()} | more


def recipients(engine: Engine, member: str, *columns: str) -> list[tuple[Any, ...]]:
    names = ", ".join(("member_key", *columns))
    return [
        tuple(row.values())
        for row in rows_of(engine, f"select {names} from marketing.{member}_recipients order by 1")  # noqa: S608
    ]


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        ([entry(1, "subscribed", MAY), entry(2, "unsubscribed", JUNE)], "unsubscribed"),
        ([entry(1, "subscribed", JUNE), entry(2, "unsubscribed", MAY)], "subscribed"),
        # Nobody can tell which came first.
        ([entry(1, "subscribed", JUNE), entry(2, "unsubscribed", None)], "unsubscribed"),
        ([entry(1, "subscribed", None), entry(2, "not_active", MAY)], "not_active"),
        ([entry(1, "subscribed", MAY), entry(2, "unconfirmed", MAY)], "unconfirmed"),
        ([entry(1, "subscribed", None), entry(2, None, None)], "unknown"),
        # What is gone from the list, or is another shop's, says nothing.
        ([entry(1, "subscribed", MAY), entry(2, "unsubscribed", JUNE, deleted_at=JUNE)], "subscribed"),
        (
            [
                entry(1, "subscribed", MAY),
                entry(2, "unsubscribed", JUNE, newsletter_subscriber_key="other:2"),
            ],
            "subscribed",
        ),
    ],
)
def test_entry_that_changed_last_speaks_and_a_doubt_is_no_consent(
    warehouse: Engine, entries: list[dict[str, Any]], state: str
) -> None:
    add_rows(warehouse, {"crm.newsletter_subscribers": entries})
    found = rows_of(warehouse, "select state from marketing.consent where channel_code = 'main'")
    assert found == [{"state": state}]


def test_account_is_written_to_where_it_consented_then_as_registered(warehouse: Engine) -> None:
    both = {"account_key": "main:1"}
    people = [
        person(1, email="Ada@Example.com", **both, source_updated_at=MAY),
        person(2, **both, source_updated_at=JUNE),
        person(3, account_key="main:3", is_guest=True, source_updated_at=JUNE),
        person(4, account_key="main:3", source_updated_at=MAY),
        person(5),
        person(6, email=None),
        person(7, deleted_at=JUNE),
    ]
    add_rows(
        warehouse,
        {"crm.customers": people, "crm.newsletter_subscribers": [entry(1, "subscribed", MAY)]},
    )

    assert recipients(warehouse, "account", "email", "customer_key", "consent_state") == [
        ("main:1", "Ada@Example.com", "main:1", "subscribed"),
        ("main:3", "4@example.com", "main:4", None),
        ("main:5", "5@example.com", "main:5", None),
    ]


def test_address_is_the_one_billed_and_a_guest_s_that_of_the_last_order(warehouse: Engine) -> None:
    def address(number: int, city: str, **more: Any) -> dict[str, Any]:
        return {"customer_address_key": f"main:{number}", "customer_key": "main:1", "city": city, **more}

    def billed(number: int, at: datetime, city: str) -> tuple[dict[str, Any], dict[str, Any]]:
        order = {"order_key": f"main:{number}", "customer_key": "main:2", "source_created_at": at}
        where = {"order_address_key": f"main:{number}", "order_key": f"main:{number}", "city": city}
        return order, {**where, "address_type": "billing"}

    orders = [billed(1, MAY, "Bern"), billed(2, JUNE, "Basel")]
    add_rows(
        warehouse,
        {
            "crm.customers": [person(1), person(2, is_guest=True)],
            "crm.customer_addresses": [
                address(1, "Ulm"),
                address(2, "Köln", is_default_billing=True),
                address(3, "Gone", is_default_billing=True, deleted_at=MAY),
            ],
            "crm.orders": [order for order, _ in orders],
            "crm.order_addresses": [where for _, where in orders],
        },
    )
    assert recipients(warehouse, "account", "city") == [("main:1", "Köln"), ("main:2", "Basel")]


def test_cart_of_a_guest_is_written_about_to_the_address_typed_into_it(warehouse: Engine) -> None:
    def cart(number: int, **more: Any) -> dict[str, Any]:
        return {"cart_key": f"main:{number}", **more}

    add_rows(
        warehouse,
        {
            "crm.customers": [person(1, email="now@example.com", first_name="Ada")],
            "crm.carts": [
                cart(1, customer_key="main:1", customer_email="then@example.com"),
                cart(2, customer_email="Guest@Example.com", customer_first_name="Bo"),
                cart(3),
                cart(4),
                cart(5, customer_email="gone@example.com", deleted_at=MAY),
            ],
            "crm.cart_addresses": [
                {"cart_address_key": "main:1", "cart_key": "main:3", "email": " typed@example.com "},
            ],
        },
    )
    assert recipients(warehouse, "cart", "email_normalised", "first_name") == [
        ("main:1", "now@example.com", "Ada"),
        ("main:2", "guest@example.com", "Bo"),
        ("main:3", "typed@example.com", None),
    ]


def test_recipients_of_all_kinds_have_the_same_columns(warehouse: Engine) -> None:
    for member in MEMBERS:
        columns = rows_of(
            warehouse,
            "select column_name from information_schema.columns where table_schema = 'marketing'"
            " and table_name = :name order by ordinal_position",
            name=f"{member}_recipients",
        )
        names = [row["column_name"] for row in columns]
        assert names == ["channel_code", "member_key", *RECIPIENT_COLUMNS]
