from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from include.errors import ConfigError
from include.privacy.erase import Erasure, erase_person
from include.suppressions.probe import suppressed
from include.suppressions.suppressing import lift
from include.sync import ledger
from include.warehouse.engine import open_engine
from tests.privacy.people import EMAIL, her_memo, her_order, settle, traces, zelda
from tests.sync.prepared_shop import prepared
from tests.sync.records import credit_memo, customer, order
from tests.sync.shop import T0, Shop


def erase(shop: Shop, named: str | None = None, **more: Any) -> Erasure:
    return erase_person(shop.engine, shop.keys, named or shop.keys.email_hash(EMAIL), **more)


def test_person_is_in_no_table_any_more(shop: Shop) -> None:
    prepared(shop, settle)
    shop.load("customers", zelda(lastname="Quux-Smith", updated_at="2026-03-05 00:00:00"))
    assert {"crm.customers: zelda", "crm.orders: 192.0.2.99", "crm.customers_history: quux"} <= set(
        traces(shop)
    )
    outcome = erase(shop)
    assert traces(shop) == []
    assert outcome.rows == {
        "customers": 2,  # her account, and the guest of order 2
        "customers_history": 1,
        "customer_addresses": 1,
        "orders": 2,
        "order_addresses": 4,
        "order_comments": 2,
        "credit_memo_comments": 2,
    }


def test_orders_keep_money_dates_and_products(shop: Shop) -> None:
    prepared(shop, settle)
    what = (
        "select order_key, customer_key, grand_total_amount, orders.source_created_at, sku, row_total_amount"
        " from crm.orders join crm.order_items using (order_key) order by 1"
    )
    before = shop.rows(what)
    erase(shop)
    assert shop.rows(what) == before


def test_nobody_else_is_touched(shop: Shop) -> None:
    prepared(shop, settle)
    others = (
        "select c::text from crm.customers as c where customer_key = 'us:6' or email = 'ada@example.com'"
        " union all select o::text from crm.orders as o where order_key = 'us:3'"
        " union all select a::text from crm.order_addresses as a where order_key = 'us:3'"
        " union all select m::text from crm.credit_memo_comments as m where credit_memo_key = 'us:3' order by 1"
    )
    before = shop.rows(others)
    assert len(before) == 6
    erase(shop)
    assert shop.rows(others) == before


def test_next_sync_brings_nothing_back_and_finds_nothing_to_do(shop: Shop) -> None:
    prepared(shop, settle)
    erase(shop)
    assert shop.load("customers", zelda(), customer(6)) == {
        "customers": {"unchanged": 2},
        "customer_addresses": {"unchanged": 2},
    }
    again = shop.load("orders", her_order(1, customer_id="5"), her_order(2), order(3))
    assert {name for counts in again.values() for name in counts} == {"unchanged"}
    assert shop.touched("customer") == set()
    memos = shop.load("credit_memos", her_memo(1), her_memo(2), credit_memo(3))
    assert {name for counts in memos.values() for name in counts} == {"unchanged"}
    assert traces(shop) == []


def test_a_changed_record_of_hers_loads_what_is_not_hers(shop: Shop) -> None:
    prepared(shop, settle)
    erase(shop)
    shop.load("orders", her_order(2, grand_total="99.0000", updated_at="2026-03-05 00:00:00"))
    assert shop.rows(
        "select grand_total_amount, customer_email from crm.orders where order_key = 'us:2'"
    ) == [(99, None)]
    assert traces(shop) == []


@pytest.mark.parametrize("is_forced", [False, True])
def test_new_records_under_the_address_load_without_her(shop: Shop, is_forced: bool) -> None:
    prepared(shop, settle)
    erase(shop)
    shop.load("customers", zelda(customer_id="7"), is_forced=is_forced)
    shop.load("orders", her_order(8), is_forced=is_forced)
    shop.load("credit_memos", her_memo(8), is_forced=is_forced)
    assert traces(shop) == []
    assert shop.one("select count(*) from crm.orders") == 4
    assert set(shop.rows("select entity || ' ' || record_key from ops.erased_records")) >= {
        "customers us:7",
        "orders us:8",
        "credit_memos us:8",
    }


def test_a_memo_that_comes_before_its_order_is_forgotten_with_it(shop: Shop) -> None:
    prepared(shop, settle)
    erase(shop)
    shop.load("credit_memos", her_memo(9))
    assert traces(shop) == ["crm.credit_memo_comments: quux"]
    shop.load("orders", her_order(9))
    assert traces(shop) == []


def test_records_of_her_account_are_hers_whatever_address_they_carry(shop: Shop) -> None:
    shop.load("customers", zelda())
    shop.load("orders", her_order(1, customer_id="5", customer_email="z@elsewhere.example"))
    erase(shop)
    assert traces(shop) == []
    shop.load("orders", her_order(4, customer_id="5", customer_email="z@elsewhere.example"))
    assert traces(shop) == []


def test_address_she_used_once_finds_the_account(shop: Shop) -> None:
    shop.load("customers", zelda())
    shop.load("customers", zelda(email="new@quux.example", updated_at="2026-03-05 00:00:00"))
    erase(shop)
    assert traces(shop) == []


def test_an_account_that_takes_an_erased_address_keeps_nothing_of_before(shop: Shop) -> None:
    shop.load("customers", zelda(email="other@quux.example", gender="Female"))
    erase(shop)
    shop.load("customers", zelda(updated_at="2026-03-05 00:00:00"))
    assert traces(shop) == []
    assert shop.one("select gender from crm.customers") is None


def test_what_was_staged_before_loads_without_her(shop: Shop) -> None:
    window = shop.staged(shop.planned("orders"), [her_order(1), order(3)])
    erase(shop)
    shop.upsert(window)
    assert traces(shop) == []
    assert shop.one("select count(*) from crm.orders") == 2


def test_reports_and_segments_look_at_her_keys_again(shop: Shop) -> None:
    prepared(shop, settle)
    shop.execute("delete from ops.touched")
    erase(shop)
    guest = shop.one("select customer_key from crm.orders where order_key = 'us:2'")
    touched = "select touched_key from ops.touched where subject = :subject and window_id is null order by 1"
    assert set(shop.rows(touched, subject="customer")) == {"us:5", guest}
    assert set(shop.rows(touched, subject="order")) == {"us:1", "us:2"}


def test_second_erasure_finds_nothing(shop: Shop) -> None:
    prepared(shop, settle)
    first = erase(shop)
    shop.execute("delete from ops.touched")
    second = erase(shop)
    assert (second.erasure_id, second.rows) == (first.erasure_id, {})
    assert shop.one("select outcome_json from ops.erasures") == first.rows
    assert shop.rows("select * from ops.touched") == []


def test_her_address_is_suppressed_in_every_channel_whoever_names_her(shop: Shop) -> None:
    prepared(shop, settle)
    erase(shop, "us:5")
    erase(shop)
    with shop.engine.connect() as connection:
        hashes = [shop.keys.email_hash(email) for email in (EMAIL, "ada@example.com")]
        assert suppressed(connection, hashes, "anywhere") == {shop.keys.email_hash(EMAIL)}
    assert shop.rows("select reason || ' ' || source from marketing.suppressions") == ["erased erasure"]


def test_other_addresses_of_her_account_are_not_written_to_and_can_be_lifted(shop: Shop) -> None:
    prepared(shop, settle)
    shop.execute("update crm.customers set account_key = 'us:5' where customer_key = 'us:6'")
    other = shop.one("select email_normalised from crm.customers where customer_key = 'us:6'")
    erase(shop)
    told = "select reason from marketing.suppressions where address_hash = :hash and lifted_at is null"
    assert shop.rows(told, hash=shop.keys.email_hash(other)) == ["unsubscribed"]
    assert shop.one("select email_normalised from crm.customers where customer_key = 'us:6'") == other
    with shop.engine.begin() as connection:
        later = connection.execute(text("select now() + interval '1 minute'")).scalar_one()
        lift(connection, shop.keys.email_hash(other), note="writes from there herself", now=later)
    erase(shop)
    assert shop.rows(told, hash=shop.keys.email_hash(other)) == []


def test_erasure_by_hash_stops_the_mailbox_as_long_as_the_address_is_known(shop: Shop) -> None:
    shop.load("customers", customer(8, email="Ada.Lovelace@gmail.com"))
    erase(shop, shop.keys.email_hash("ada.lovelace@gmail.com"))
    spelled_otherwise = shop.keys.mailbox_hash("adalovelace+shop@gmail.com")
    assert shop.rows("select mailbox_hash from marketing.suppressions") == [spelled_otherwise]


def test_customer_named_by_key_is_erased_with_the_address(shop: Shop) -> None:
    prepared(shop, settle)
    erase(shop, "us:5")
    assert traces(shop) == []
    assert shop.one("select email_hash from ops.erasures") == shop.keys.email_hash(EMAIL)
    assert erase(shop, "us:5").rows == {}
    assert shop.one("select count(*) from ops.erasures") == 1


def test_key_of_nobody_is_refused(shop: Shop) -> None:
    with pytest.raises(ConfigError, match="No customer has the key"):
        erase(shop, "us:404")
    assert shop.rows("select * from ops.erasures") == []


def test_shared_address_is_refused_and_its_guests_are_erased_one_by_one(shop: Shop) -> None:
    shop = shop.of(shared_guest_emails=[EMAIL])
    shop.load("orders", her_order(1), her_order(2, customer_firstname="Ben", customer_lastname="Other"))
    with pytest.raises(ConfigError, match="stands for several people"):
        erase(shop, shared=[EMAIL])
    key = shop.one("select customer_key from crm.orders where order_key = 'us:1'")
    erase(shop, key, shared=[EMAIL])
    assert shop.rows("select customer_first_name from crm.orders order by order_key") == [None, "Ben"]
    shop.load("orders", her_order(3))
    assert shop.one("select customer_email from crm.orders where order_key = 'us:3'") is None


def test_waiting_records_forget_her(shop: Shop) -> None:
    prepared(shop, settle)
    shop.load("orders", her_order(4, grand_total="much"), order(6, grand_total="much"))
    shop.load("credit_memos", her_memo(2, grand_total="much"), credit_memo(3, grand_total="much"))
    assert erase(shop).rows["quarantine"] == 2
    assert traces(shop) == []
    waiting = shop.rows(
        "select record_key, payload_json is null, resolved_at is null from ops.quarantine order by entity, record_key"
    )
    assert waiting == [
        ("us:2", True, True),
        ("us:3", False, True),
        ("us:4", True, True),
        ("us:6", False, True),
    ]


def test_refused_later_she_waits_without_payload(shop: Shop) -> None:
    erase(shop)
    shop.load("orders", her_order(4, grand_total="much"), her_order(5, order_id=None))
    assert shop.rows("select record_key, payload_json from ops.quarantine order by 1") == [
        ("us:4", None),
        ("us:?", None),
    ]
    assert traces(shop) == []


def test_erasing_waits_for_a_window_that_is_being_loaded(shop: Shop) -> None:
    """Otherwise the window, which knows of no tombstone yet, would commit her after she was erased."""
    prepared(shop, settle)
    impatient = open_engine(shop.engine.url.update_query_dict({"options": "-c lock_timeout=200ms"}))
    with shop.engine.begin() as loading:
        ledger.hold(loading, "us", "orders")
        with pytest.raises(OperationalError, match="lock timeout"):
            erase_person(impatient, shop.keys, "us:5")
    assert erase_person(impatient, shop.keys, "us:5").rows
    impatient.dispose()


def test_exports_that_held_her_are_listed(shop: Shop) -> None:
    prepared(shop, settle)
    member = (
        "insert into marketing.segment_members (segment_name, channel_code, member_key, entered_at, left_at)"
        " values "
    )
    shop.execute(
        member + "('repeat', 'us', 'us:5', :first, :last), ('repeat', 'us', 'us:6', :first, null),"
        " ('other', 'us', 'us:6', :first, null)",
        first=T0,
        last=T0 + timedelta(days=3),
    )
    for segment, day in (("repeat", 0), ("repeat", 2), ("repeat", 4), ("other", 1)):
        shop.execute(
            "insert into marketing.exports (segment_name, file_name, profile, row_count, byte_count, sha256,"
            " definition_hash, manifest_json, exported_at, checked_at)"
            " values (:s, :s || :d || '.csv', 'generic', 1, 1, 'sum' || :d, 'x', '{}', :at, :at)",
            s=segment,
            d=str(day),
            at=T0 + timedelta(days=day),
        )
    listed = erase(shop).exports
    assert [(one["file_name"], one["sha256"]) for one in listed] == [
        ("repeat0.csv", "sum0"),
        ("repeat2.csv", "sum2"),
    ]
    assert shop.one("select exports_json from ops.erasures") == listed


def test_where_nobody_was_erased_a_window_asks_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.privacy.tombstones.erased_roots", None)
    monkeypatch.setattr("include.privacy.tombstones.is_erased", None)
    monkeypatch.setattr("include.sync.upsert.anonymise", None)
    settle(shop)
