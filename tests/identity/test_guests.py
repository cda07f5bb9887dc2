from __future__ import annotations

from itertools import permutations
from typing import Any

from include.entities.model import Row
from tests.sync.records import address, customer, dictionaries, order
from tests.sync.shop import Shop

MARCH, APRIL, MAY = (f"2026-{month}-01 10:00:00" for month in ("03", "04", "05"))


def people(shop: Shop, *columns: str) -> list[Any]:
    """Guests that are there, by these columns."""
    chosen = ", ".join(columns)
    there = "from crm.customers where is_guest and deleted_at is null"
    return shop.rows(f"select {chosen} {there} order by {chosen}")


def test_guest_is_made_of_the_order(stores: Shop) -> None:
    stores.load("orders", order(1, store_id="3", store_name="Outlet\nOutlet Store\nGerman"))
    assert stores.one(
        "select email, email_normalised, first_name, customer_id, is_guest, website_key, store_key, customer_group_key,"
        " created_in, source_created_at::text, channel_code from crm.customers"
    ) == (
        "ada@example.com",
        "ada@example.com",
        "Ada",
        None,
        True,
        "us:2",
        "us:3",
        "us:0",
        "German",
        "2026-03-01 10:15:00+00",
        "us",
    )
    assert stores.rows("select customer_key from crm.orders") == stores.rows(
        "select customer_key from crm.customers"
    )


def test_one_guest_per_website_and_normalised_mail(stores: Shop) -> None:
    mails = ["ada@example.com", "ADA@example.com ", "bob@example.com"]
    orders = [
        order(3 * n + view, customer_email=mail, store_id=str(view))
        for n, mail in enumerate(mails)
        for view in (1, 2, 3)
    ]
    stores.load("orders", *orders)
    assert people(stores, "website_id", "email_normalised") == [
        (website, mail) for website in (1, 2) for mail in ("ada@example.com", "bob@example.com")
    ]


def test_newest_order_s_names_count(stores: Shop) -> None:
    stores.load("orders", order(1, created_at=APRIL, customer_firstname="New", customer_lastname="Name"))
    stores.load("orders", order(2, created_at=MARCH, customer_firstname="Old", customer_lastname="Name"))
    assert people(stores, "first_name") == ["New"]
    stores.load("orders", order(3, created_at=MAY, customer_firstname="Newest"))
    assert people(stores, "first_name") == ["Newest"]


def test_names_come_from_the_billing_address_where_the_order_has_none(stores: Shop) -> None:
    stores.load(
        "orders",
        order(1, billing_address=address(1, firstname="Bill"), shipping_address=address(2, firstname="Ship")),
    )
    assert people(stores, "first_name", "last_name") == [("Bill", "Byron")]
    stores.load("orders", order(1, billing_address=address(1, firstname="William")))
    assert people(stores, "first_name") == ["William"]


def test_order_without_a_date_never_counts_as_the_newest(stores: Shop) -> None:
    stores.load(
        "orders",
        order(1, created_at=MARCH, customer_firstname="Dated"),
        order(2, created_at=None, customer_firstname="No"),
    )
    assert people(stores, "first_name", "source_created_at::text") == [("Dated", "2026-03-01 10:00:00+00")]


def test_of_two_orders_at_the_same_instant_the_higher_id_counts(stores: Shop) -> None:
    for numbers in ((10, 9), (9, 10)):
        for number in numbers:
            stores.load("orders", order(number, created_at=MARCH, customer_firstname=f"Name {number}"))
        assert people(stores, "first_name") == ["Name 10"]


def test_any_order_of_loading_makes_the_same_guests(stores: Shop) -> None:
    orders: list[Row] = [
        order(1, created_at=MARCH, customer_firstname="A"),
        order(2, created_at=MAY, customer_firstname="B", customer_email="ADA@example.com"),
        order(3, created_at=APRIL, customer_firstname="C", customer_taxvat="GB1"),
    ]
    seen = set()
    for arranged in permutations(orders):
        stores.execute(
            "truncate crm.customers, crm.orders, crm.order_items, crm.order_addresses, ops.touched"
        )
        for one in arranged:
            stores.load("orders", dict(one))
        (row,) = stores.rows(
            "select to_jsonb(c) - '{first_seen_at,changed_at,window_id}'::text[] from crm.customers as c"
        )
        seen.add(str(sorted(row.items())))
    assert len(seen) == 1


def test_unchanged_guest_is_left_alone(stores: Shop) -> None:
    stores.load("orders", order(1, created_at=APRIL))
    before = stores.rows("select changed_at, window_id from crm.customers")
    outcome = stores.load("orders", order(2, created_at=MARCH, updated_at="2026-03-02 12:00:00"))
    assert outcome["guests"] == {"updated": 1}  # known for longer than before
    before = stores.rows("select changed_at, window_id from crm.customers")
    assert "guests" not in stores.load(
        "orders", order(1, created_at=APRIL, coupon_code="X"), order(2, created_at=MARCH)
    )
    assert stores.rows("select changed_at, window_id from crm.customers") == before


def test_guests_who_share_an_address_are_told_apart_by_name(stores: Shop) -> None:
    shared = stores.of(shared_guest_emails=["Desk@example.com"])
    names = ["Byron", "BYRON ", "Lovelace", None]
    shared.load(
        "orders",
        *(
            order(n, customer_email="desk@example.com", customer_lastname=name)
            for n, name in enumerate(names, 1)
        ),
    )
    assert len(people(shared, "customer_key")) == 3


def test_guest_who_lost_the_last_order_is_marked_deleted_and_comes_back(stores: Shop) -> None:
    stores.load("orders", order(1), order(2))
    stores.load("orders", order(1, customer_id="5"))
    assert len(people(stores, "customer_key")) == 1
    assert stores.load("orders", order(2, customer_id="5"))["guests"] == {"deleted": 1}
    assert people(stores, "customer_key") == []
    assert stores.one("select deleted_at = changed_at from crm.customers")
    assert stores.load("orders", order(2))["guests"] == {"updated": 1}
    assert len(people(stores, "customer_key")) == 1


def test_order_that_moves_between_guests_brings_both_up_to_date(stores: Shop) -> None:
    stores.load("orders", order(1), order(2, customer_email="bob@example.com", created_at=MARCH))
    stores.load("orders", order(2, created_at=MARCH))
    assert people(stores, "email") == ["ada@example.com"]


def test_registered_customers_are_never_touched_by_orders(stores: Shop) -> None:
    stores.load("customers", customer(5, email="ada@example.com", firstname="Registered"))
    before = stores.rows("select * from crm.customers")
    assert "guests" not in stores.load("orders", order(1, customer_id="5"))
    stores.load("orders", order(1))
    assert stores.rows("select * from crm.customers where not is_guest") == before


def test_order_without_a_mail_makes_nobody(stores: Shop) -> None:
    assert "guests" not in stores.load("orders", order(1, customer_email=None))
    assert people(stores, "customer_key") == []


def test_channel_that_makes_no_customers_of_guests_has_none(stores: Shop) -> None:
    quiet = stores.of(guest_customers=False)
    assert "guests" not in quiet.load("orders", order(1))
    assert people(quiet, "customer_key") == []
    assert quiet.rows("select is_guest, customer_key from crm.orders") == [(True, None)]


def test_channels_make_guests_of_their_own(stores: Shop) -> None:
    # An underscore stands for any letter in LIKE: both channels' keys look alike to it.
    for code in ("a_b", "axb"):
        stores.of(code=code).load("orders", order(1))
    stores.of(code="a_b").load("orders", order(1, customer_id="5"))
    assert people(stores, "channel_code") == ["axb"]


def test_deleted_order_makes_no_guest(stores: Shop) -> None:
    stores.load(
        "orders",
        order(1, created_at=MARCH, customer_firstname="Kept"),
        order(2, created_at=MAY, customer_firstname="Gone"),
    )
    stores.execute("update crm.orders set deleted_at = now() where order_id = 2")
    stores.load("orders", order(1, created_at=MARCH, customer_firstname="Kept", coupon_code="X"))
    assert people(stores, "first_name") == ["Kept"]


def test_stores_that_arrive_after_the_orders_tell_the_guests_their_website(shop: Shop) -> None:
    shop.load("orders", order(1, store_id="3"))
    assert people(shop, "website_key") == [None]
    shop.load("stores", dictionaries())
    assert people(shop, "website_key", "website_id") == [("us:2", 2)]
    assert "guests" not in shop.load("orders", order(1, store_id="3"))
