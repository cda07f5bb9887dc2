from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from include.identity.normalisation import normalise_email
from include.segments.recipients import MEMBERS, OTHER_EMAILS, RECIPIENT_COLUMNS
from tests.reports.in_order import refresh_in_order
from tests.sql.sample_warehouse import add_rows, rows_of

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def entry(number: int, status: str | None, at: datetime | None, **more: Any) -> dict[str, Any]:
    known = {"newsletter_subscriber_key": f"main:{number}", "email_normalised": "ada@example.com"}
    return known | {"status": status, "source_updated_at": at} | more


def person(number: int, **more: Any) -> dict[str, Any]:
    email = more.pop("email", f"{number}@example.com")
    known = {"customer_key": f"main:{number}", "email": email, "is_guest": False}
    return known | {"email_normalised": email and normalise_email(email)} | more


def cart(number: int, email: str | None = None, **more: Any) -> dict[str, Any]:
    known = {"cart_key": f"main:{number}", "customer_email": email}
    return known | {"customer_email_normalised": email and normalise_email(email)} | more


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
    add_rows(
        warehouse,
        {
            "crm.customers": [person(1, email="now@example.com", first_name="Ada")],
            "crm.carts": [
                cart(1, "then@example.com", customer_key="main:1"),
                cart(2, "Guest@Example.com", customer_first_name="Bo"),
                cart(3),
                cart(4),
                cart(5, "gone@example.com", deleted_at=MAY),
            ],
            "crm.cart_addresses": [
                {
                    "cart_address_key": "main:1",
                    "cart_key": "main:3",
                    "email": " typed@example.com ",
                    "email_normalised": "typed@example.com",
                },
            ],
        },
    )
    assert recipients(warehouse, "cart", "email_normalised", "first_name") == [
        ("main:1", "now@example.com", "Ada"),
        ("main:2", "guest@example.com", "Bo"),
        ("main:3", "typed@example.com", None),
    ]


LISTS = {
    "crm.websites": [{"website_key": "main:1"}, {"website_key": "main:2"}],
    "crm.stores": [
        {"store_key": "main:1", "website_key": "main:1"},
        {"store_key": "main:2", "website_key": "main:2"},
        {"store_key": "main:0", "website_key": "main:0"},
    ],
}
GERMAN, FRENCH, OF_ADMIN = {"store_key": "main:1"}, {"store_key": "main:2"}, {"store_key": "main:0"}


@pytest.mark.parametrize(
    ("website", "entries", "state"),
    [
        # Each website has a list of its own.
        (
            "main:1",
            [entry(1, "unsubscribed", MAY, **GERMAN), entry(2, "subscribed", JUNE, **FRENCH)],
            "unsubscribed",
        ),
        (
            "main:2",
            [entry(1, "unsubscribed", JUNE, **GERMAN), entry(2, "subscribed", MAY, **FRENCH)],
            "subscribed",
        ),
        ("main:1", [entry(2, "subscribed", MAY, **FRENCH)], None),
        # Nobody knows whose list it is: that consents to nothing, and says no to all that is older.
        ("main:1", [entry(1, "subscribed", MAY)], None),
        ("main:1", [entry(1, "subscribed", MAY, **OF_ADMIN)], None),
        ("main:1", [entry(1, "subscribed", MAY, **GERMAN), entry(2, "unsubscribed", JUNE)], "unsubscribed"),
        ("main:1", [entry(1, "subscribed", JUNE, **GERMAN), entry(2, "unsubscribed", MAY)], "subscribed"),
        # Nobody knows to which website the person belongs: a no on any list is the last word.
        (
            None,
            [entry(1, "unsubscribed", MAY, **GERMAN), entry(2, "subscribed", JUNE, **FRENCH)],
            "unsubscribed",
        ),
        (None, [entry(2, "subscribed", MAY, **FRENCH)], "subscribed"),
    ],
)
def test_what_was_said_to_a_website_holds_for_accounts_carts_and_entries_there(
    warehouse: Engine, website: str | None, entries: list[dict[str, Any]], state: str | None
) -> None:
    whose = person(1, email="ada@example.com", website_key=website)
    left = {**cart(1), "customer_key": "main:1", "store_key": website, "items_qty": 1, "status": "open"}
    channel = {"ops.channels": [{"channel_code": "main"}]}
    given = {"crm.customers": [whose], "crm.carts": [left], "crm.newsletter_subscribers": entries}
    add_rows(warehouse, {**LISTS, **channel, **given})
    refresh_in_order(warehouse, ["abandoned_carts"], now=JUNE)

    assert recipients(warehouse, "account", "consent_state") == [("main:1", state)]
    assert recipients(warehouse, "cart", "consent_state") == [("main:1", state)]
    told = rows_of(warehouse, "select newsletter_status, has_consent from report.abandoned_carts")
    assert told == [{"newsletter_status": state, "has_consent": state == "subscribed"}]
    listed = rows_of(
        warehouse, "select website_key, state from marketing.consent where website_key = :w", w=website
    )
    # What is said to an unknown list stands in its own row.
    assert not listed or listed == [{"website_key": website, "state": state}]


def test_the_only_website_of_a_shop_has_the_only_list(warehouse: Engine) -> None:
    given = {
        "crm.websites": [{"website_key": "main:1"}],
        "crm.customers": [person(1, email="ada@example.com", website_key="main:1")],
        "crm.newsletter_subscribers": [entry(1, "subscribed", MAY)],
    }
    add_rows(warehouse, given)
    assert recipients(warehouse, "account", "consent_state") == [("main:1", "subscribed")]


@pytest.mark.parametrize(
    ("consented", "refused", "state"),
    [
        (MAY, JUNE, "unsubscribed"),
        (JUNE, MAY, "subscribed"),
        (MAY, None, "unsubscribed"),
        (None, MAY, "unsubscribed"),
        (MAY, MAY, "unsubscribed"),
    ],
)
def test_account_that_said_no_since_is_not_written_to_at_another_address(
    warehouse: Engine, consented: datetime | None, refused: datetime | None, state: str
) -> None:
    both = {"account_key": "main:1"}
    entries = [
        entry(1, "subscribed", consented),
        # Gone from the store, and still the same person.
        entry(2, "unsubscribed", refused, email_normalised="bo@example.com"),
    ]
    given = {
        "crm.customers": [
            person(1, email="ada@example.com", **both),
            person(2, email="bo@example.com", deleted_at=JUNE, **both),
        ],
        "crm.carts": [cart(1, customer_key="main:1")],
        "crm.newsletter_subscribers": [entries[0] | {"customer_key": "main:1"}, entries[1]],
    }
    add_rows(warehouse, given)
    assert recipients(warehouse, "account", "email", "consent_state") == [
        ("main:1", "ada@example.com", state)
    ]
    assert recipients(warehouse, "cart", "consent_state") == [("main:1", state)]
    assert recipients(warehouse, "subscriber", "consent_state") == [
        ("main:1", state),
        ("main:2", "unsubscribed"),
    ]


def test_telephone_and_street_are_those_of_who_pays(warehouse: Engine) -> None:
    def address(number: int, last_name: str, **more: Any) -> dict[str, Any]:
        known = {"last_name": last_name, "telephone": str(number), "street": "A street", "company": "Co"}
        return known | {"city": "Ulm"} | more

    def home(number: int, last_name: str, **more: Any) -> dict[str, Any]:
        whose = {"customer_address_key": f"main:{number}", "customer_key": f"main:{number}"}
        return address(number, last_name, **whose, **more)

    def on_cart(number: int, last_name: str, kind: str) -> dict[str, Any]:
        where = {"cart_address_key": f"main:{number}", "cart_key": f"main:{number}", "address_type": kind}
        return address(number, last_name, first_name="Gift", **where)

    people = [person(number, last_name="Lovelace") for number in (1, 2, 3)]
    carts = [
        cart(n, f"{n}@example.com", customer_last_name=(n < 3 and "Lovelace") or None) for n in (1, 2, 3)
    ]
    add_rows(
        warehouse,
        {
            "crm.customers": people,
            "crm.customer_addresses": [
                home(1, "Byron"),
                home(2, "LOVELACE"),
                home(3, "Byron", is_default_billing=True),
            ],
            "crm.carts": carts,
            "crm.cart_addresses": [
                on_cart(1, "Byron", "shipping"),
                on_cart(2, "lovelace", "shipping"),
                on_cart(3, "Byron", "billing"),
            ],
        },
    )
    columns = ("phone", "company", "street", "city")
    theirs, own = (None, None, None, "Ulm"), ("Co", "A street", "Ulm")
    assert recipients(warehouse, "account", *columns) == [
        ("main:1", *theirs),
        ("main:2", "2", *own),
        ("main:3", "3", *own),
    ]
    assert recipients(warehouse, "cart", *columns) == [
        ("main:1", *theirs),
        ("main:2", "2", *own),
        ("main:3", "3", *own),
    ]
    names = [("main:1", None, "Lovelace"), ("main:2", None, "Lovelace"), ("main:3", "Gift", "Byron")]
    assert recipients(warehouse, "cart", "first_name", "last_name") == names


def test_addresses_are_compared_as_they_were_stored(warehouse: Engine) -> None:
    """The server would neither take a no-break space off nor put an accent together."""
    written = "Zoe\u0308@example.com\u00a0"
    same = normalise_email(written)
    given = {
        "crm.carts": [cart(1, written)],
        "crm.newsletter_subscribers": [entry(1, "unsubscribed", MAY, email_normalised=same)],
    }
    add_rows(warehouse, given)
    assert recipients(warehouse, "cart", "email_normalised", "consent_state") == [
        ("main:1", same, "unsubscribed")
    ]


_MANY_ENTRIES = """
insert into crm.newsletter_subscribers
    (newsletter_subscriber_key, channel_code, newsletter_subscriber_id, email_normalised, first_seen_at, changed_at)
select 'main:' || n, 'main', n, n || '@example.com', now(), now() from generate_series(1, 5000) as n
"""


_MANY_CUSTOMERS = """
insert into crm.customers (
    customer_key, channel_code, customer_id, email_normalised, account_key, is_guest, first_seen_at, changed_at
)
select 'main:' || n, 'main', n, n || '@example.com', 'main:' || n / 2, false, now(), now()
from generate_series(1, 5000) as n
"""


# Of customers without an account the fewest are told by having none, which is no key.
@pytest.mark.parametrize(
    ("member", "name"),
    [
        *((member, "newsletter_subscribers") for member in MEMBERS),
        *((member, "customers") for member in MEMBERS if member != "account"),
    ],
)
def test_a_recipient_is_looked_up_without_reading_every_newsletter_entry_or_customer(
    warehouse: Engine, member: str, name: str
) -> None:
    query = f"""
        explain (format json)
        select * from (select unnest(array['main:1', 'main:2']) as key) as members
        cross join lateral (
            select * from marketing.{member}_recipients as found
            where found.channel_code = 'main' and found.member_key = members.key
            offset 0
        ) as found
    """  # noqa: S608 - of names of our own
    with warehouse.connect() as connection:
        connection.exec_driver_sql(_MANY_ENTRIES)
        connection.exec_driver_sql(_MANY_CUSTOMERS)
        connection.exec_driver_sql("analyze crm.newsletter_subscribers, crm.customers")
        plan = connection.exec_driver_sql(query).scalar_one()[0]["Plan"]
    nodes = list(_nodes(plan))
    # What a function reads that is called, and not drawn in, would not show.
    assert not [node for node in nodes if node["Node Type"] == "Function Scan"]
    read = [node for node in nodes if node.get("Relation Name") == name]
    assert read
    assert [node for node in read if " = " not in str(node.get("Index Cond", node.get("Recheck Cond")))] == []


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def test_recipients_of_all_kinds_have_the_same_columns(warehouse: Engine) -> None:
    for member in MEMBERS:
        columns = rows_of(
            warehouse,
            "select column_name from information_schema.columns where table_schema = 'marketing'"
            " and table_name = :name order by ordinal_position",
            name=f"{member}_recipients",
        )
        names = [row["column_name"] for row in columns]
        assert names == ["channel_code", "member_key", *RECIPIENT_COLUMNS, OTHER_EMAILS]
