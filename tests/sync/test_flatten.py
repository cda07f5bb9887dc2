from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from include.entities.catalogue import ENTITIES, entity
from include.identity.guest_keys import GuestKeys
from include.magento.door import Record
from include.sync.flatten import ROOT, Flattened, flatten
from include.sync.mapping import mapping_of
from tests.sync.records import (
    CREATED,
    UPDATED,
    address,
    cart,
    cart_item,
    category,
    credit_memo,
    customer,
    dictionaries,
    directory,
    invoice,
    item,
    order,
    price_rules,
    product,
    shipment,
    stock,
    stock_of_sources,
    subscriber,
    tree,
)
from tests.sync.shop import REPORT, channel

CONTEXT = mapping_of(channel(shared_guest_emails=["desk@example.com"]), REPORT, GuestKeys(b"secret"))


def flat(name: str, *records: Record) -> Flattened:
    return flatten(records, entity(name), "magento1", CONTEXT)


def rows(flattened: Flattened, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = flattened.frames[table].to_pylist()
    return found


def reasons(flattened: Flattened) -> list[tuple[int, str, str, str]]:
    return [(r.record, r.table, r.column, r.rule) for r in flattened.refusals]


def test_key_is_the_channel_and_the_store_s_own_id() -> None:
    (row,) = rows(flat("orders", order(7)), "orders")
    assert (row["order_key"], row["order_id"], row["channel_code"]) == ("us:7", 7, "us")


def test_key_of_several_ids_joins_them() -> None:
    found = flat("orders", order(7))
    assert [row["order_address_key"] for row in rows(found, "order_addresses")] == [
        "us:7:billing",
        "us:7:shipping",
    ]
    assert [row["order_comment_key"] for row in rows(found, "order_comments")] == ["us:7:1"]


def test_references_are_keys_and_null_where_the_id_is() -> None:
    with_store, without = rows(flat("orders", order(1, store_id="3"), order(2, store_id=None)), "orders")
    assert (with_store["store_key"], without["store_key"]) == ("us:3", None)


def test_children_know_their_parent_and_their_record() -> None:
    found = flat("orders", order(7), order(8))
    for table in ("order_items", "order_payments", "order_comments"):
        assert [(row["order_key"], row[ROOT]) for row in rows(found, table)] == [
            ("us:7", "us:7"),
            ("us:8", "us:8"),
        ]


def test_values_are_typed_and_stamps_are_the_store_s() -> None:
    (row,) = rows(flat("orders", order(7)), "orders")
    assert row["grand_total_amount"] == Decimal("28.8000")
    assert row["source_created_at"] == datetime.fromisoformat(CREATED).replace(tzinfo=UTC)
    assert row["source_updated_at"] == datetime.fromisoformat(UPDATED).replace(tzinfo=UTC)


def test_unknown_fields_are_counted_by_table_and_harm_nothing() -> None:
    found = flat(
        "orders", order(1, loyalty="9"), order(2, loyalty="1", items=[item(201, engraving="A")]), order(3)
    )
    assert found.unknown == {"orders.loyalty": 2, "order_items.engraving": 1}
    assert found.refusals == []


def test_known_but_unwanted_fields_are_not_reported() -> None:
    assert not flat("orders", order(1, protect_code="x", paypal_ipn_customer_notified="0")).unknown


def test_order_and_line_each_have_a_gift_message_of_their_own() -> None:
    gift = item(101, gift_message_id="8", gift_message="For Ada")
    found = flat(
        "orders", order(1, gift_message_id="7", gift_message="All the best", items=[gift, item(102)])
    )
    (head,), lines = rows(found, "orders"), rows(found, "order_items")
    assert (head["gift_message_id"], head["gift_message"]) == (7, "All the best")
    assert [(r["gift_message_id"], r["gift_message"]) for r in lines] == [(8, "For Ada"), (None, None)]


def test_price_that_was_set_by_hand_is_kept_beside_the_line_s_own() -> None:
    lines = [cart_item(1, custom_price="7.5"), cart_item(2)]
    found = rows(flat("carts", cart(1, items=lines)), "cart_items")
    assert [(row["price_amount"], row["custom_price_amount"]) for row in found] == [
        (Decimal(10), Decimal("7.5")),
        (Decimal(10), None),
    ]


def test_memo_says_how_the_money_went_back() -> None:
    given = {
        "email_sent": "1",
        "transaction_id": "PP-1",
        "customer_bal_total_refunded": "5.0000",
        "bs_customer_bal_total_refunded": "4.0000",
        "reward_points_balance_refund": "120",
    }
    (row,) = rows(found := flat("credit_memos", credit_memo(1, **given)), "credit_memos")
    assert (row["is_email_sent"], row["transaction_number"], row["reward_point_count"]) == (True, "PP-1", 120)
    assert (row["store_credit_amount"], row["base_store_credit_amount"]) == (5, 4)
    assert found.unknown == {}


def test_further_attributes_are_kept_whole_and_none_are_null() -> None:
    some = {"total_item_count": "1", "customer_note": None}
    found = rows(flat("orders", order(1, attributes=some), order(2, attributes=[]), order(3)), "orders")
    assert [row["attributes_json"] for row in found] == [
        '{"customer_note":null,"total_item_count":"1"}',
        None,
        None,
    ]


def test_unreadable_cell_refuses_its_record_and_no_other() -> None:
    found = flat("orders", order(1), order(2, grand_total="a lot"), order(3))
    assert reasons(found) == [(1, "orders", "grand_total_amount", "value_is_unreadable")]
    assert [row["grand_total_amount"] for row in rows(found, "orders")] == [
        Decimal("28.8"),
        None,
        Decimal("28.8"),
    ]


def test_unreadable_cell_of_a_child_refuses_the_whole_record() -> None:
    found = flat("orders", order(1), order(2, items=[item(201), item(202, qty_ordered="some")]))
    assert reasons(found) == [(1, "order_items", "ordered_qty", "value_is_unreadable")]


def test_unreadable_stamp_refuses_its_record() -> None:
    found = flat("orders", order(1, updated_at="2026-02-30 00:00:00"))
    assert reasons(found) == [(0, "orders", "source_updated_at", "value_is_unreadable")]


def test_structure_where_a_text_should_be_refuses_its_record() -> None:
    found = flat("orders", order(1, customer_email={"0": "a@example.com"}, coupon_code=[]), order(2))
    assert {(record, column) for record, _, column, _ in reasons(found)} == {
        (0, "customer_email"),
        (0, "coupon_code"),
    }


@pytest.mark.parametrize("stamp", [None, "0000-00-00 00:00:00", "\n"])
def test_missing_stamp_is_no_reason_to_refuse(stamp: str | None) -> None:
    found = flat("orders", order(1, created_at=stamp, updated_at=stamp))
    assert found.refusals == []
    assert rows(found, "orders")[0]["source_updated_at"] is None


@pytest.mark.parametrize("field", ["customer_email", "store_id", "increment_id", "grand_total"])
def test_missing_optional_value_is_no_reason_to_refuse(field: str) -> None:
    assert flat("orders", order(1, **{field: None})).refusals == []


def test_every_line_of_a_street_survives() -> None:
    street = "c/o Lovelace\nMill House\n1 Mill Lane\n3rd floor"
    billing = {"billing_address": address(1, street=street)}
    found = [
        *rows(
            flat("customers", customer(1, addresses=[{"customer_address_id": "1", "street": street}])),
            "customer_addresses",
        ),
        rows(flat("orders", order(1, **billing)), "order_addresses")[0],
        rows(flat("carts", cart(1, **billing)), "cart_addresses")[0],
    ]
    assert [row["street"] for row in found] == [street] * 3


@pytest.mark.parametrize(("name", "record"), [("orders", order), ("carts", cart)])
def test_line_whose_product_has_no_name_refuses_nothing(name: str, record: Any) -> None:
    line = item(101, name=None) if name == "orders" else cart_item(101, name=None)
    assert flat(name, record(1, items=[line])).refusals == []


def test_missing_required_value_refuses_the_record() -> None:
    found = flat("orders", order(1, items=[item(101), item(102, item_id=None)]))
    assert reasons(found) == [(0, "order_items", "order_item_id", "required_value_is_missing")]


def test_record_without_its_id_has_no_key_and_is_refused() -> None:
    found = flat("orders", order(1), order(2, order_id=None))
    assert found.keys == ["us:1", None]
    assert (1, "orders", "order_id", "required_value_is_missing") in reasons(found)


@pytest.mark.parametrize("nothing", [None, []])
def test_absent_children_make_no_rows_and_keep_the_table_s_types(nothing: list[Record] | None) -> None:
    bare = order(
        1, items=nothing, status_history=nothing, payment=None, billing_address={}, shipping_address=None
    )
    found, full = flat("orders", bare), flat("orders", order(1))
    for table in entity("orders").tables[1:]:
        assert found.frames[table.name].num_rows == 0
        assert found.frames[table.name].schema == full.frames[table.name].schema


@pytest.mark.parametrize("name", [e.name for e in ENTITIES])
def test_no_records_make_empty_frames_of_the_same_types(name: str) -> None:
    full = {
        "orders": order(1),
        "customers": customer(1),
        "stores": dictionaries(),
        "regions": directory(),
        "credit_memos": credit_memo(1),
        "newsletter_subscribers": subscriber(1),
        "invoices": invoice(1),
        "carts": cart(1),
        "shipments": shipment(1),
        "categories": tree(),
        "products": product(1),
        "stock": stock(1),
        "price_rules": price_rules("SPRING"),
    }[name]
    nothing = flat(name)
    assert {n: f.schema for n, f in nothing.frames.items()} == {
        n: f.schema for n, f in flat(name, full).frames.items()
    }
    assert all(frame.num_rows == 0 for frame in nothing.frames.values())


def test_price_rules_have_words_for_their_coupons_and_lists_of_whom_they_are_for() -> None:
    found = flat("price_rules", price_rules("SPRING"))
    (rule,), (coupon,) = rows(found, "price_rules"), rows(found, "coupons")
    assert (rule["coupon_type"], rule["website_ids_json"]) == ("specific", '["1","2"]')
    assert (coupon["coupon_key"], coupon["price_rule_key"], coupon["is_generated"]) == ("us:1", "us:1", False)


def test_stock_of_sources_lies_where_it_does_and_is_summed_for_the_product() -> None:
    found = flatten([stock_of_sources("mug", north="2.5", south="4")], entity("stock"), "magento2", CONTEXT)
    assert [
        (row["stock_source_key"], row["source_name"], row["stock_qty"])
        for row in rows(found, "stock_sources")
    ] == [
        ("us:1:north", "North", Decimal("2.5")),
        ("us:1:south", "South", Decimal(4)),
    ]
    (whole,) = rows(found, "stock_items")
    assert (whole["product_id"], whole["stock_qty"]) == (1, Decimal("6.5"))


def test_snapshot_is_one_record_with_one_root_key() -> None:
    found = flat("stores", dictionaries())
    assert found.keys == ["us:stores"]
    assert {row[ROOT] for table in found.frames for row in rows(found, table)} == {"us:stores"}


def test_product_codes_have_names_and_its_prices_the_currency_of_the_installation() -> None:
    codes = (("1", "1"), ("2", "2"), ("1", "3"), ("9", "4"), (None, None))
    products = [product(n, status=s, visibility=v) for n, (s, v) in enumerate(codes, start=1)]
    found = rows(flat("products", *products), "products")
    assert [(row["status"], row["visibility"]) for row in found] == [
        ("enabled", "not_visible"),
        ("disabled", "catalog"),
        ("enabled", "search"),
        ("9", "catalog_search"),
        (None, None),
    ]
    assert {row["currency_code"] for row in found} == {"EUR"}


@pytest.mark.parametrize(
    ("kind", "price", "kept"),
    [
        ("bundle", "0", None),
        ("grouped", "0.0000", None),
        ("bundle", "12.5000", Decimal("12.5")),
        ("simple", "0.0000", Decimal(0)),
        ("simple", None, None),
    ],
)
def test_product_made_of_others_has_a_price_only_if_it_is_one(
    kind: str, price: str | None, kept: Decimal | None
) -> None:
    (row,) = rows(flat("products", product(1, type=kind, price=price)), "products")
    assert row["price_amount"] == kept


def test_reduced_price_of_a_bundle_is_a_percentage() -> None:
    simple, bundle = rows(
        flat("products", product(1, special_price="8.0"), product(2, type="bundle", special_price="80.0")),
        "products",
    )
    assert (simple["special_price_amount"], simple["special_price_pct"]) == (Decimal(8), None)
    assert (bundle["special_price_amount"], bundle["special_price_pct"]) == (None, Decimal(80))


def test_product_is_linked_once_to_each_category_and_website_under_either_name() -> None:
    single = product(2, category_ids=None, categories=["7", "7"], website_ids=[], websites=["2"])
    found = flat("products", product(1), single)
    links = [(row["product_key"], row["category_key"]) for row in rows(found, "product_categories")]
    assert links == [("us:1", "us:3"), ("us:1", "us:4"), ("us:2", "us:7")]
    sites = [(row["product_website_key"], row["website_key"]) for row in rows(found, "product_websites")]
    assert sites == [("us:1:1", "us:1"), ("us:2:2", "us:2")]


def test_category_knows_the_way_to_it() -> None:
    found = rows(flat("categories", tree()), "categories")
    assert [(r["category_key"], r["parent_category_key"], r["path"], r["full_name"]) for r in found] == [
        ("us:1", None, "1", None),
        ("us:2", "us:1", "1/2", "Category 2"),
        ("us:3", "us:2", "1/2/3", "Category 2 / Category 3"),
    ]


def test_category_without_a_name_is_called_by_its_id_on_the_way_to_others() -> None:
    record: Record = {"tree": category(1, category(2, category(3), name=None))}
    found = rows(flat("categories", record), "categories")
    assert [(row["category_name"], row["full_name"]) for row in found[1:]] == [
        (None, "2"),
        ("Category 3", "2 / Category 3"),
    ]


def test_history_is_numbered_from_the_oldest() -> None:
    newest_first = [{"status": status} for status in ("complete", "processing", "pending")]
    comments = rows(flat("orders", order(1, status_history=newest_first)), "order_comments")
    assert {row["comment_number"]: row["status"] for row in comments} == {
        1: "pending",
        2: "processing",
        3: "complete",
    }


def test_notified_two_means_not_applicable() -> None:
    history = [{"is_customer_notified": value} for value in ("2", "1", "0", None)]
    comments = rows(flat("orders", order(1, status_history=history)), "order_comments")
    assert [row["is_customer_notified"] for row in reversed(comments)] == [None, True, False, None]


def test_notified_two_means_not_applicable_in_magento_2_too() -> None:
    history = [{"entity_id": str(n), "is_customer_notified": str(n)} for n in (0, 1, 2)]
    found = flatten([{"entity_id": "1", "status_histories": history}], entity("orders"), "magento2", CONTEXT)
    assert [row["is_customer_notified"] for row in rows(found, "order_comments")] == [False, True, None]


@pytest.mark.parametrize(("told", "is_free"), [("0", False), ("1", True), ("2", True), (None, None)])
def test_pieces_that_ship_free_make_a_line_that_ships_free(told: str | None, is_free: bool | None) -> None:
    line = item(1, free_shipping=told)
    new = flatten([{"entity_id": "1", "items": [line]}], entity("orders"), "magento2", CONTEXT)
    basket = flat("carts", cart(1, items=[cart_item(1, free_shipping=told)]))
    for table, found in (
        ("order_items", flat("orders", order(1, items=[line]))),
        ("order_items", new),
        ("cart_items", basket),
    ):
        assert [row["is_free_shipping"] for row in rows(found, table)] == [is_free]


def test_registered_buyer_is_the_customer_and_a_guest_is_known_by_mail() -> None:
    registered, guest, nobody = rows(
        flat("orders", order(1, customer_id="5"), order(2), order(3, customer_email=None)), "orders"
    )
    assert (registered["customer_key"], registered["is_guest"]) == ("us:5", False)
    assert (guest["customer_key"][:9], guest["is_guest"]) == ("us:guest:", True)
    assert (nobody["customer_key"], nobody["is_guest"]) == (None, True)


def test_shared_address_tells_guests_apart_by_name_and_others_do_not() -> None:
    def key(email: str, name: str) -> str:
        (row,) = rows(flat("orders", order(1, customer_email=email, customer_lastname=name)), "orders")
        return str(row["customer_key"])

    assert key("Desk@Example.com ", "Byron") != key("desk@example.com", "Lovelace")
    assert key("Desk@Example.com ", "Byron") == key("desk@example.com", " BYRON")
    assert key("ada@example.com", "Byron") == key("ADA@example.com", "Lovelace")


def test_same_mail_on_another_website_is_another_guest() -> None:
    keys = [
        row["customer_key"]
        for row in rows(flat("orders", *(order(n, store_id=str(n)) for n in (1, 2, 3))), "orders")
    ]
    assert keys[0] == keys[1] != keys[2]


def test_channel_that_makes_no_customers_of_guests_gives_them_no_key() -> None:
    context = mapping_of(channel(guest_customers=False), REPORT, GuestKeys(b"secret"))
    frames = flatten([order(1), order(2, customer_id="5")], entity("orders"), "magento1", context).frames
    assert frames["orders"]["customer_key"].to_pylist() == [None, "us:5"]
