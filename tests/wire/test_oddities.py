"""Each oddity of the recorded shop that touches stores, customers and orders, as it must stand in the warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.entities.customers import CUSTOMERS_ENTITY
from include.identity.guest_keys import GuestKeys
from include.magento.soap.envelope import read_answer
from include.sync.flatten import Flattened, flatten
from include.sync.mapping import Mapping as WireMapping
from tests.wire.chain import SECRET, channel, contents
from tests.wire.conftest import Loaded
from tests.wire.recorded import by_id, text_at, truth

Rows = Mapping[str, dict[str, object]]


@pytest.fixture(scope="module", params=["with_bridge", "without_bridge"])
def loaded(request: pytest.FixtureRequest) -> Loaded:
    found: Loaded = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def customers(loaded: Loaded) -> Rows:
    return contents(loaded.engine, "customers")


@pytest.fixture(scope="module")
def addresses(loaded: Loaded) -> Rows:
    return contents(loaded.engine, "customer_addresses")


@pytest.fixture(scope="module")
def orders(loaded: Loaded) -> Rows:
    return contents(loaded.engine, "orders")


@pytest.fixture(scope="module")
def comments(loaded: Loaded) -> Rows:
    return contents(loaded.engine, "order_comments")


def comments_of(comments: Rows, order: int) -> list[str]:
    return [
        str(row["comment_text"])
        for row in comments.values()
        if row["order_id"] == order and row["comment_text"]
    ]


# --- control characters ---------------------------------------------------------------------------------------------


def test_control_characters_sent_as_text_stay_that_text(
    comments: Rows, customers: Rows, addresses: Rows
) -> None:
    control = next(c for c in comments_of(comments, 77) if c.startswith("CTRLTEST"))
    assert "&#11;" in control
    assert "&#1;" in control
    assert "\x7f" in control
    assert "&#11;" in str(customers["us:55"]["last_name"])
    cities = {str(row["city"]) for row in addresses.values() if row["customer_id"] in (60, 62)}
    assert any("&#2;" in city for city in cities)


def flattened(body: bytes) -> Flattened:
    """A recorded answer about customers as the extraction types it."""
    answer = read_answer(body)
    mapping = WireMapping(channel=channel(), websites={}.get, guests=GuestKeys(SECRET))
    return flatten(answer.rows or [answer.record], CUSTOMERS_ENTITY, "magento1", mapping)


def test_date_with_a_zone_is_the_same_instant_as_the_lists(shared_dir: Path, store: Path) -> None:
    """Only customerCustomerInfo sends one: ISO, in the store's zone."""
    body = (shared_dir / "magento1/envelopes/std/customerCustomerInfo-1.response.xml").read_bytes()
    assert b"+01:00</created_at>" in body
    frame = flattened(body).frames["customers"].to_pylist()[0]
    listed = text_at(by_id(store, "customerCustomerList", "customer_id")["1"], "created_at")
    assert frame["source_created_at"] == datetime.fromisoformat(f"{listed}+00:00")


# --- what is not there ----------------------------------------------------------------------------------------------


def test_no_text_anywhere_is_blank(loaded: Loaded) -> None:
    """An empty element arrives as a line break; in the warehouse it is NULL."""
    for table in (
        "stores",
        "websites",
        "customers",
        "customer_addresses",
        "orders",
        "order_items",
        "order_comments",
    ):
        blank = {
            (key, column)
            for key, row in contents(loaded.engine, table).items()
            for column, value in row.items()
            if isinstance(value, str) and not value.strip()
        }
        assert blank == set()


@pytest.mark.parametrize("customer", ["us:90", "us:91"], ids=["absent", "empty"])
def test_customer_without_email_loads_with_none(customers: Rows, customer: str) -> None:
    assert customers[customer]["email"] is None
    assert customers[customer]["email_normalised"] is None


@pytest.mark.parametrize("order", [33, 34, 36])
def test_order_without_email_loads_and_keeps_its_buyer(orders: Rows, order: int, truth_dir: Path) -> None:
    """A registered buyer is known by id; without id and e-mail nobody is."""
    row = orders[f"us:{order}"]
    registered = next(r["customer_id"] for r in truth(truth_dir, "orders") if r["entity_id"] == str(order))
    assert row["customer_email"] is None
    assert row["customer_key"] == (f"us:{registered}" if registered else None)


@pytest.mark.parametrize("order", [41, 42])
def test_order_of_a_deleted_store_loads_whole(loaded: Loaded, orders: Rows, order: int) -> None:
    row = orders[f"us:{order}"]
    assert row["store_id"] is None
    assert row["store_key"] is None
    for table in ("order_items", "order_addresses", "order_comments", "order_payments"):
        assert any(r["order_id"] == order for r in contents(loaded.engine, table).values()), table


@pytest.mark.parametrize("order", [50, 51])
def test_order_without_names_loads(orders: Rows, order: int) -> None:
    assert orders[f"us:{order}"]["customer_first_name"] is None
    assert orders[f"us:{order}"]["customer_last_name"] is None


def test_zero_date_is_none_and_refuses_nobody(customers: Rows) -> None:
    assert customers["us:95"]["source_created_at"] is None
    assert customers["us:95"]["source_updated_at"] == datetime(2026, 10, 27, 12, 55, 30, tzinfo=UTC)


def test_order_without_a_change_date_loads(orders: Rows) -> None:
    assert orders["us:12"]["source_updated_at"] is None
    assert orders["us:12"]["source_created_at"] == datetime(2025, 6, 7, 20, 9, 32, tzinfo=UTC)


def test_virtual_order_has_no_shipping_address(loaded: Loaded, orders: Rows) -> None:
    virtual = {row["order_id"] for row in orders.values() if row["is_virtual"]}
    shipped = {
        row["order_id"]
        for row in contents(loaded.engine, "order_addresses").values()
        if row["address_type"] == "shipping"
    }
    assert len(virtual) == 5
    assert not virtual & shipped


def test_product_deleted_since_leaves_its_line_whole(loaded: Loaded) -> None:
    """The shop keeps the id of products 20 and 21 on some lines; the name at the time of the order is always there."""
    assert all(row["sku"] and row["product_name"] for row in contents(loaded.engine, "order_items").values())


# --- texts ----------------------------------------------------------------------------------------------------------


def test_comment_of_64_kib_is_whole(comments: Rows, truth_dir: Path) -> None:
    """The shop's column ends at 65,535 bytes; the truth counts letters."""
    held = [str(row["comment_text"]) for row in comments.values() if row["comment_text"]]
    letters = [n for r in truth(truth_dir, "order_comments") if (n := int(r["len"] or 0)) > 10_000]
    assert sorted(len(c) for c in held if len(c) > 10_000) == sorted(letters)
    assert sum(len(c.encode()) == 65_535 for c in held) == len(letters) == 8


def test_line_ends_markup_and_half_cdata_survive(comments: Rows) -> None:
    text = next(c for c in comments_of(comments, 22) if c.startswith("CRLF"))
    assert text == (
        'CRLF\r\nline two\r\n\r\n  indented ]]> <![CDATA[x]]> <?xml version="1.0"?> &#x0; &amp;amp; ><'
    )


def test_trailing_blanks_of_a_comment_survive(comments: Rows) -> None:
    assert any(c.endswith("trailing   ") for c in comments_of(comments, 20))


def test_comment_of_blanks_is_no_comment(comments: Rows) -> None:
    """Of 368 comments on the wire two are blank: 366 remain."""
    assert sum(row["comment_text"] is not None for row in comments.values()) == 366


def test_comments_keep_html_foreign_letters_and_what_became_of_emoji(comments: Rows) -> None:
    text = next(c for c in comments_of(comments, 29) if c.startswith("<p>Customer called"))
    assert '<b>"late"</b>' in text
    assert "日本 ???? end" in text


def test_names_of_255_letters_are_whole(customers: Rows) -> None:
    assert len(str(customers["us:103"]["first_name"])) == 255
    assert len(str(customers["us:104"]["last_name"])) == 255


def test_name_that_says_null_is_a_name(customers: Rows) -> None:
    assert sum(row["last_name"] == "NULL" for row in customers.values() if not row["is_guest"]) == 13


def test_name_made_of_sql_is_only_a_name(customers: Rows) -> None:
    assert customers["us:91"]["first_name"] == 'Robert"); DROP TABLE'


def test_leading_zero_of_a_postcode_stays(addresses: Rows) -> None:
    assert {"0001", "0004"} <= {row["postcode"] for row in addresses.values()}


# --- numbers people see, edited orders ------------------------------------------------------------------------------


def test_order_numbers_may_hold_letters(orders: Rows) -> None:
    lettered = [str(r["order_number"]) for r in orders.values() if str(r["order_number"]).startswith("US-")]
    assert len(lettered) > 50
    assert all(number[3:].isdigit() for number in lettered)


def test_edited_order_points_at_its_successor_and_back(orders: Rows) -> None:
    first, second = orders["us:85"], orders["us:86"]
    assert second["order_number"] == f"{first['order_number']}-1"
    assert first["replaced_by_order_id"] == 86
    assert second["replaces_order_id"] == 85
    assert second["original_order_number"] == first["order_number"]
    assert second["edit_count"] == 1


def test_order_numbers_are_the_shops(orders: Rows, truth_dir: Path) -> None:
    wanted = {f"us:{row['entity_id']}": row["increment_id"] for row in truth(truth_dir, "orders")}
    assert {k: row["order_number"] for k, row in orders.items()} == wanted


def test_changes_of_summer_time_move_no_instant(orders: Rows, truth_dir: Path) -> None:
    """The shop's stamps are UTC: what looks like a skipped or doubled hour is none."""
    wanted = {r["entity_id"]: r["created_at"] for r in truth(truth_dir, "orders")}
    for number in ("241", "242", "243", "121", "122", "401", "301", "302"):
        assert orders[f"us:{number}"]["source_created_at"] == datetime.fromisoformat(
            f"{wanted[number]}+00:00"
        )


# --- e-mails --------------------------------------------------------------------------------------------------------


def test_leading_blanks_of_an_email_stay_and_its_normal_form_has_none(customers: Rows) -> None:
    assert customers["us:102"]["email"] == "  leading.space@example.com"
    assert customers["us:102"]["email_normalised"] == "leading.space@example.com"


def test_email_of_194_letters_is_whole(customers: Rows, truth_dir: Path) -> None:
    wanted = next(r["email"] for r in truth(truth_dir, "customers") if r["entity_id"] == "101")
    assert customers["us:101"]["email"] == wanted


def test_email_on_two_websites_is_two_customers_whatever_its_case(customers: Rows) -> None:
    registered = [row for row in customers.values() if not row["is_guest"] and row["email_normalised"]]
    websites: dict[object, set[object]] = {}
    for row in registered:
        websites.setdefault(row["email_normalised"], set()).add(row["website_key"])
    shared = {email: found for email, found in websites.items() if len(found) > 1}
    assert len(shared) == 20
    rows = [row for row in registered if row["email_normalised"] in shared]
    assert len({row["customer_key"] for row in rows}) == sum(map(len, shared.values()))
    assert any(row["email"] != row["email_normalised"] for row in rows)
