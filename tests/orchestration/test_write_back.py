from __future__ import annotations

import pytest

from include.demo_store.running import RunningStore, running_store
from include.magento.address import StoreAddress
from include.magento.soap import open_door
from include.magento.writing import UpdateCustomer
from include.write_back.requests import request_change
from tests.orchestration.house import House

pytestmark = pytest.mark.slow


def ask(house: House, key: str, **wanted: str) -> None:
    with house.engine.begin() as connection:
        request_change(connection, "customer_update", key, wanted)


def edit_in_the_store(store: RunningStore, number: int, **fields: str) -> None:
    """Somebody at the shop changes a customer, without our knowing."""
    with open_door(StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)) as door:
        door.writer.write(UpdateCustomer(customer_id=number, fields=fields))


def test_what_was_asked_is_in_the_store_and_in_crm_at_once_and_never_where_two_way_is_off(
    house: House,
) -> None:
    with running_store(customers=12, orders=2) as store:
        number = next(n for n in store.shop.customer_ids())
        house.channel("demo", store, entities=["customers"], two_way={"enabled": True})
        house.channel("shut", store, entities=["customers"])
        house.sync("customers")
        for code in ("demo", "shut"):
            ask(house, f"{code}:{number}", last_name="Lovelace" if code == "demo" else "Never")
        edit_in_the_store(store, number, prefix="Lady", suffix="PhD")
        with house.engine.begin() as connection:
            seen = {"name_prefix": None, "tax_number": None}
            wanted = {"name_prefix": "Dr", "tax_number": "GB1"}
            request_change(connection, "customer_update", f"demo:{number}", wanted, base=seen)
        dry = house.run("write_back_outbox", dry_run=True)
        before = store.shop.customer(number)
        sent = house.run("write_back_outbox")
        after = store.shop.customer(number)
    assert before is not None
    assert after is not None
    assert before.row["lastname"] != "Lovelace"
    assert after.row["lastname"] == "Lovelace"
    assert (dry.state, sent.state, sent.events["crm.customers"]) == ("success", "success", 1)
    # Both sides changed the prefix and the store has priority; what only one side changed is nobody's loss.
    assert [after.row[name] for name in ("prefix", "suffix", "taxvat")] == ["Lady", "PhD", "GB1"]
    states = house.rows("select channel_code, state from crm.outbox order by 1")
    assert [tuple(row) for row in states] == [("demo", "done"), ("demo", "done"), ("shut", "pending")]
    names = house.rows("select last_name from crm.customers where customer_key = :key", key=f"demo:{number}")
    assert [tuple(row) for row in names] == [("Lovelace",)]


def test_form_asks_once_per_run_and_says_in_a_sentence_what_it_does_not_take(house: House) -> None:
    with running_store(customers=12, orders=2) as store:
        number = next(n for n in store.shop.customer_ids())
        house.channel("demo", store, entities=["customers"], two_way={"enabled": True})
        house.channel("shut", store, entities=["customers"])
        house.sync("customers")
    key = f"demo:{number}"
    asked = house.run(
        "write_back_customer", action="update", target=key, last_name="Lovelace", empty=["middle_name"]
    )
    assert (asked.state, asked.events["crm.outbox"]) == ("success", 1)
    again = house.run("write_back_customer", again=asked, action="update", target=key, last_name="Lovelace",
                      empty=["middle_name"])  # fmt: skip
    assert again.results["ask"]["return_value"] == asked.results["ask"]["return_value"]
    stored = house.rows("select target_key, wanted_json from crm.outbox")
    assert [tuple(row) for row in stored] == [(key, {"last_name": "Lovelace", "middle_name": None})]
    for answers, sentence in (
        ({}, "Nothing was asked for: choose what shall happen and name the customer or channel."),
        ({"action": "update", "target": "moon:1"}, "No active channel has the code that the key begins with"),
        (
            {"action": "update", "target": f"shut:{number}"},
            "Channel shut writes nothing back: set two_way.enabled",
        ),
        (
            {"action": "update", "target": key, "first_name": " "},
            "This was not accepted: first_name: it is blank",
        ),
    ):
        refused = house.run("write_back_customer", **answers)
        assert (refused.state, len(refused.sentences)) == ("failed", 1)
        assert refused.sentences[0].startswith(sentence)
    house.execute("update crm.outbox set state = 'dead', finished_at = now()")
    decided = house.run("write_back_decide", state="dead", channel="demo", decision="retry")
    assert decided.results["decide"]["return_value"] == {"pending": 1}
    assert house.run("write_back_decide", state="dead", entries="1", decision="retry").state == "failed"


def test_cart_is_asked_for_by_form_and_a_line_that_cannot_be_read_is_told(house: House) -> None:
    with running_store(customers=12, orders=2) as store:
        number = next(n for n in store.shop.customer_ids())
        house.channel("demo", store, entities=["stores", "customers"], two_way={"enabled": True})
        house.sync("stores", "customers")
    answers = {
        "action": "create",
        "target": f"demo:{number}",
        "store_id": 1,
        "items": "2 NW-001\n1 NW-003",
        "billing_address": "first_name: Ada\nlast_name: B\nstreet: Row 1\ncity: Ware\ncountry_code: GB\ntelephone: 1",
        "coupon_code": "WELCOME10",
    }
    asked = house.run("write_back_cart", **answers)
    assert (asked.state, asked.events["crm.outbox"]) == ("success", 1)
    ((kind, wanted),) = house.rows("select kind, wanted_json from crm.outbox")
    assert kind == "cart_create"
    assert wanted["items"] == [{"sku": "NW-001", "qty": 2}, {"sku": "NW-003", "qty": 1}]
    assert wanted["billing_address"]["city"] == "Ware"
    for wrong, sentence in (
        ({"items": "NW-001"}, "This was not accepted: items: line 1 is not written like 2 NW-001."),
        (
            {"billing_address": "city: Ware"},
            "This was not accepted: billing_address: country_code is required.",
        ),
        ({"action": "change"}, "This was not accepted: target: no carts has this key"),
    ):
        refused = house.run("write_back_cart", **(answers | wrong))
        assert refused.state == "failed"
        assert refused.sentences[0].startswith(sentence)
