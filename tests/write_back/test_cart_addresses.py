"""Addresses of carts as values that are merged: what was seen, what is wished, and what is left to be written."""

from __future__ import annotations

from include.write_back.cart_addresses import as_sent, completed, differing, seen_texts, whole, wished

TYPED = {
    "first_name": "Ada",
    "last_name": "B",
    "street": "1",
    "city": "Ware",
    "country_code": "GB",
    "telephone": "1",
}


def test_writer_saw_nothing_in_a_field_that_is_not_told() -> None:
    flat = {"billing_address.city": "Ware", "store_id": 1}
    seen = seen_texts("billing", flat)
    assert (seen["billing_address.city"], seen["billing_address.company"]) == ("Ware", None)
    assert seen_texts("shipping", flat)["shipping_address"] is None


def test_what_a_decision_said_was_held_counts_for_the_address_as_a_whole() -> None:
    seen = seen_texts("billing", {"billing_address.city": "Ware", "billing_address": "Ada, Rome"})
    assert (seen["billing_address"], seen["billing_address.city"]) == ("Ada, Rome", "Ware")
    assert whole({"customer_address_id": "7", "city": "Ware"}) == "entry 7 of the address book"


def test_address_is_completed_with_what_the_store_has_and_a_region_stays_with_its_id() -> None:
    wish, holds = wished(TYPED), {**TYPED, "region": "Herts", "region_id": "5", "company": "Mill"}
    assert completed("billing", {}, holds, wish) is None
    found = completed("billing", {"billing_address.city": "Hertford"}, holds, wish)
    assert found is not None
    assert (found["city"], found["company"], found["region_id"]) == ("Hertford", "Mill", "5")
    moved = completed("billing", {"billing_address.region": "Kent"}, holds, wish)
    assert moved is not None
    assert (moved["region"], moved["region_id"]) == ("Kent", None)


def test_what_shall_be_empty_is_sent_only_where_it_is_not() -> None:
    sent = as_sent({**wished(TYPED), "company": None, "fax": None}, {"company": "Mill"})
    assert (sent.fields["company"], "fax" in sent.fields) == (None, False)
    assert as_sent({"customer_address_id": "7"}, {}).address_id == 7
    assert differing(
        "billing", {"city": "Ware", "region_id": "5", "region": "X"}, {"city": "?", "region_id": "5"}
    ) == ["billing_address.city"]
