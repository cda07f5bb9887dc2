"""What may be asked for: checked before it is stored, refused with field and reason, stored once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import exc, text

from include.warehouse.refusals import call
from include.write_back.requests import RequestRefused, request_change
from tests.sync.records import directory
from tests.sync.shop import Shop

Ask = Callable[..., int]


@pytest.fixture
def ask(crm: Shop) -> Ask:
    """Asks for a change in a transaction of its own."""

    def ask(*arguments: Any, **more: Any) -> int:
        with crm.engine.begin() as connection:
            return request_change(connection, *arguments, **more)

    return ask


def entry(crm: Shop, number: int) -> Any:
    with crm.engine.connect() as connection:
        query = text("select * from crm.outbox where outbox_id = :n")
        return connection.execute(query, {"n": number}).one()


def test_change_is_stored_with_what_the_writer_saw_and_who_asked(crm: Shop, ask: Ask) -> None:
    number = ask("customer_update", "us:5", {"first_name": "Augusta"}, requested_by="ada")
    stored = entry(crm, number)
    assert (stored.channel_code, stored.kind, stored.target_key) == ("us", "customer_update", "us:5")
    assert (stored.entity, stored.record_key, stored.state) == ("customers", "us:5", "pending")
    assert (stored.wanted_json, stored.base_json) == ({"first_name": "Augusta"}, {"first_name": "Ada"})
    assert stored.requested_by == "ada"
    assert stored.requested_login == crm.one("select session_user::text")


def test_what_the_writer_was_shown_goes_before_what_the_warehouse_shows(crm: Shop, ask: Ask) -> None:
    number = ask(
        "customer_update",
        "us:5",
        {"first_name": "A", "last_name": "B"},
        base={"first_name": "Old"},
    )
    assert entry(crm, number).base_json == {"first_name": "Old", "last_name": "Byron"}


def test_address_is_changed_in_the_order_of_its_customer(crm: Shop, ask: Ask) -> None:
    stored = entry(crm, ask("address_update", "us:50", {"city": "Hertford"}))
    assert (stored.record_key, stored.base_json) == ("us:5", {"city": "Ware"})
    assert entry(crm, ask("address_delete", "us:50")).record_key == "us:5"


def test_new_record_is_asked_of_the_channel(crm: Shop, ask: Ask) -> None:
    wanted = {"email": "a@b.example", "first_name": "A", "last_name": "B", "website_id": 1, "store_id": 1}
    stored = entry(crm, ask("customer_create", "us", wanted))
    assert (stored.target_key, stored.record_key, stored.base_json) == (None, None, None)


NEW = {"email": "a@b.example", "first_name": "A", "last_name": "B", "website_id": 1, "store_id": 1}
BAD: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("customer_rename", "us:5", {}, "kind", "no such kind"),
    ("customer_update", "us:99", {"first_name": "A"}, "target", "no customers has this key"),
    ("customer_update", "us:5", {}, "wanted", "names no field"),
    ("customer_update", "us:5", {"shoe_size": "44"}, "shoe_size", "no such field"),
    ("customer_update", "us:5", {"first_name": None}, "first_name", "cannot be emptied"),
    ("customer_update", "us:5", {"first_name": " "}, "first_name", "blank"),
    ("customer_update", "us:5", {"first_name": 7}, "first_name", "has to be a text"),
    ("customer_update", "us:5", {"first_name": "x" * 256}, "first_name", "longer than 255"),
    ("customer_update", "us:5", {"first_name": "Secret\x0b"}, "first_name", "control character"),
    ("customer_update", "us:5", {"email": "secret-at-home"}, "email", "no e-mail address"),
    ("customer_update", "us:5", {"birth_date": "1990-02-31"}, "birth_date", "no such day"),
    ("customer_update", "us:5", {"birth_date": "31.12.1990"}, "birth_date", "write it like"),
    ("customer_update", "us:5", {"gender": "secret"}, "gender", "one of Male, Female"),
    ("customer_update", "us:5", {"customer_group_id": "1"}, "customer_group_id", "whole number"),
    ("customer_update", "us:5", {"customer_group_id": 1.5}, "customer_group_id", "whole number"),
    ("address_update", "us:50", {"is_default_billing": "yes"}, "is_default_billing", "true or false"),
    ("address_update", "us:50", {"country_code": "gb"}, "country_code", "two capital letters"),
    ("address_create", "us:5", {"city": "Ware"}, "country_code", "required"),
    ("customer_create", "de", {}, "target", "no such channel"),
    ("order_comment", "us:1", {}, "comment_text", "required"),
    ("order_comment", "us:1", {"comment_text": "A", "is_visible_on_front": True}, "is_visible_on_front", "Magento 1"),
    ("order_hold", "us:1", {"status": "x"}, "status", "no such field"),
    ("customer_create", "us", {**NEW, "website_id": 99}, "website_id", "no such website"),
    ("customer_create", "us", {**NEW, "store_id": 99}, "store_id", "no such store view"),
    ("customer_create", "us", {**NEW, "website_id": 2}, "store_id", "of another website"),
    ("customer_update", "us:5", {"customer_group_id": 77}, "customer_group_id", "no such group"),
    ("customer_update", "us:5", {"website_id": 99}, "website_id", "no such website"),
    ("customer_update", "us:5", {"website_id": 2}, "store_id", "of another website"),
    ("customer_update", "us:5", {"store_id": 3}, "store_id", "of another website"),
    ("address_update", "us:50", {"country_code": "ZZ"}, "country_code", "does not know this country"),
    ("address_update", "us:50", {"region_id": 12}, "region_id", "no such region"),
    ("address_update", "us:50", {"street": "1\r\n2\n3\r4\n5"}, "street", "more than four lines"),
    ("address_update", "us:50", {"is_default_billing": False}, "is_default_billing", "out of its default role"),
]  # fmt: skip


def test_bad_request_is_refused_with_field_and_reason_and_never_the_value(crm: Shop, ask: Ask) -> None:
    crm.load("regions", directory())
    crm.execute("update crm.customer_addresses set is_default_billing = true")
    for kind, target, wanted, field, reason in BAD:
        with pytest.raises(RequestRefused, match=reason) as caught:
            ask(kind, target, wanted)
        assert caught.value.field == field
        assert "ecret" not in str(caught.value)
    assert crm.one("select count(*) from crm.outbox") == 0


def test_website_that_the_channel_does_not_read_gets_no_customers(crm: Shop, ask: Ask) -> None:
    crm.execute("""
        insert into ops.frontiers (channel_code, entity, settings_json) values ('us', 'customers', '{"websites": [2]}')
        on conflict (channel_code, entity) do update set settings_json = excluded.settings_json
    """)
    with pytest.raises(RequestRefused, match="none of those that the channel reads"):
        ask("customer_create", "us", NEW)


BAD_BASES: list[tuple[str, Any, str]] = [
    ("customer_update", [], "JSON object"),
    ("customer_update", {"shoe_size": "44"}, "shoe_size is no field"),
    ("customer_update", {"first_name": ["Ada"]}, "first_name has to be a plain value"),
    ("cart_to_order", "x", "JSON object"),
    ("cart_to_order", {"order_total": "57.30"}, "order_total is nothing that is held against the cart"),
    ("cart_to_order", {"grand_total_amount": "secret"}, "grand_total_amount has to be a number"),
    ("cart_to_order", {"item NW-001": True}, "item NW-001 has to be a number"),
    ("cart_change", {"billing_address": {"city": {}}}, "holds a field that is no plain value"),
]  # fmt: skip


def test_what_the_writer_saw_is_checked_too(crm: Shop) -> None:
    query = text("select crm.request_change(:kind, :target, base => cast(:base as jsonb))")
    for kind, base, reason in BAD_BASES:
        target = "us:5" if kind == "customer_update" else "us:77"
        with crm.engine.begin() as connection, pytest.raises(RequestRefused, match=reason) as caught:
            call(connection, query, {"kind": kind, "target": target, "base": json.dumps(base)})
        assert caught.value.field == "base"
        assert "secret" not in str(caught.value)


def test_taking_back_a_change_that_has_not_left_yet_is_a_change(crm: Shop, ask: Ask) -> None:
    ask("customer_update", "us:5", {"first_name": "Agusta"})
    back = ask("customer_update", "us:5", {"first_name": "Ada", "last_name": "King"})
    assert entry(crm, back).base_json == {"first_name": "Agusta", "last_name": "Byron"}


def test_taking_back_a_change_that_was_made_and_not_read_again_yet_is_a_change(crm: Shop, ask: Ask) -> None:
    first = ask("customer_update", "us:5", {"first_name": "Agusta", "last_name": "King"})
    crm.execute(
        "update crm.outbox set state = 'done', finished_at = now(), unread_json = '[[\"customers\", 5]]'"
        " where outbox_id = :n",
        n=first,
    )
    crm.execute(
        "insert into ops.write_back_log (outbox_id, channel_code, attempt_number, field_name, base_value, local_value,"
        " remote_value, taken_value, reason) values (:n, 'us', 1, 'first_name', 'Ada', 'Agusta', 'Ada', 'Agusta', ''),"
        " (:n, 'us', 1, 'last_name', 'Byron', 'King', 'Lovelace', 'Lovelace', '')",
        n=first,
    )
    back = ask("customer_update", "us:5", {"first_name": "Ada", "last_name": "Byron"})
    assert entry(crm, back).base_json == {"first_name": "Agusta", "last_name": "Byron"}
    crm.execute("update crm.outbox set unread_json = null, state = 'done', finished_at = now()")
    assert entry(crm, ask("customer_update", "us:5", {"first_name": "Ada"})).base_json == {
        "first_name": "Ada"
    }


def test_nobody_goes_by_the_name_of_the_rules(ask: Ask) -> None:
    with pytest.raises(RequestRefused, match="rules of tasks") as caught:
        ask("order_hold", "us:1", requested_by=" Rules ")
    assert caught.value.field == "requested_by"


def test_guest_is_never_written_as_a_customer(crm: Shop, ask: Ask) -> None:
    key = crm.one("select customer_key from crm.customers where is_guest limit 1")
    with pytest.raises(RequestRefused, match="guest has no account"):
        ask("customer_update", key, {"first_name": "A"})


def test_record_that_is_gone_from_the_store_is_refused(crm: Shop, ask: Ask) -> None:
    crm.execute("update crm.customers set deleted_at = now() where customer_key = 'us:5'")
    with pytest.raises(RequestRefused, match="gone from the store"):
        ask("customer_update", "us:5", {"first_name": "A"})


def test_asked_again_under_one_key_it_is_one_entry(crm: Shop, ask: Ask) -> None:
    again = [ask("order_hold", "us:1", idempotency_key="click-1") for _ in range(2)]
    assert again[0] == again[1]
    assert crm.one("select count(*) from crm.outbox") == 1
    with pytest.raises(RequestRefused, match="another change"):
        ask("order_cancel", "us:1", idempotency_key="click-1")
    assert ask("order_hold", "us:1") != ask("order_hold", "us:1")


def test_asked_again_when_it_was_done_or_the_guest_has_another_name_it_is_still_the_same(
    crm: Shop, ask: Ask
) -> None:
    gone = ask("address_delete", "us:50", idempotency_key="gone")
    crm.execute("update crm.customer_addresses set deleted_at = now() where customer_address_key = 'us:50'")
    assert ask("address_delete", "us:50", idempotency_key="gone") == gone
    guest = crm.one("select customer_key from crm.customers where is_guest limit 1")
    crm.execute("update crm.customers set first_name = 'G', last_name = 'H' where is_guest")
    wanted = {"store_id": 1, "items": [{"sku": "NW-001", "qty": 1}]}
    cart = ask("cart_create", guest, wanted, idempotency_key="cart")
    crm.execute("update crm.customers set last_name = 'Other' where is_guest")
    assert ask("cart_create", guest, wanted, idempotency_key="cart") == cart
    with pytest.raises(RequestRefused, match="another change"):
        ask("cart_create", guest, wanted | {"coupon_code": "X"}, idempotency_key="cart")


def test_refusal_leaves_the_callers_transaction_alive(crm: Shop) -> None:
    with crm.engine.begin() as connection:
        with pytest.raises(RequestRefused):
            request_change(connection, "order_hold", "us:99")
        request_change(connection, "order_hold", "us:1")
    assert crm.one("select count(*) from crm.outbox") == 1


def test_every_field_is_a_column_of_the_table_it_changes(crm: Shop) -> None:
    """But for those of carts, which are lines, addresses and codes of several tables, and what no list tells back."""
    unknown = crm.rows(
        """
        select fields.kind || '.' || fields.field_name
        from crm.changeable_fields as fields left join crm.change_kinds as kinds using (kind)
        where fields.field_name not in (
            select column_name from information_schema.columns
            where table_schema = 'crm' and table_name = case
                when fields.kind like 'customer%' then 'customers'
                when fields.kind like 'address%' then 'customer_addresses'
                when fields.kind = 'order_comment' then 'order_comments'
            end
        ) and fields.kind not like 'cart%' and fields.field_name <> 'is_visible_on_front' or kinds.kind is null
        """
    )
    assert unknown == []


def test_states_that_contradict_each_other_cannot_be_stored(crm: Shop, ask: Ask) -> None:
    number = ask("order_hold", "us:1")
    for wrong in ("state = 'lost'", "state = 'done'", "state = 'sending'", "finished_at = now()"):
        with pytest.raises(exc.IntegrityError):
            crm.execute(f"update crm.outbox set {wrong} where outbox_id = :n", n=number)  # noqa: S608 - ours
