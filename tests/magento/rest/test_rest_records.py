"""JSON to records of text: digits as sent, absent and null alike, no secrets, nothing twice."""

from __future__ import annotations

import pytest

from include.magento.passing import Passing
from include.magento.rest.faults import filled, message_of
from include.magento.rest.records import parsed, record_of


def test_numbers_keep_their_digits() -> None:
    body = b'{"a": 111.490000000000009, "b": 15, "c": 1e-7, "d": true, "e": false}'
    assert record_of(parsed(body)) == {"a": "111.490000000000009", "b": "15", "c": "1e-7", "d": "1", "e": "0"}


def test_null_and_blank_are_nothing() -> None:
    assert record_of(parsed(b'{"a": null, "b": "  ", "c": []}')) == {"a": None, "b": None, "c": []}


def test_secrets_never_leave_the_door() -> None:
    body = b"""{"protect_code": "x", "payment": {"cc_number_enc": "x", "cc_last4": "1111", "additional_information":
    ["x"]}, "custom_attributes": [{"attribute_code": "rp_token", "value": "x"}, {"attribute_code": "erp", "value":
    "E"}], "confirmation": "x", "extension_attributes": {"payment_additional_info": [{"key": "card", "value": "x"}]}}"""
    assert record_of(parsed(body)) == {
        "payment": {"cc_last4": "1111"},
        "custom_attributes": [{"attribute_code": "erp", "value": "E"}],
        "confirmation": "1",
        "extension_attributes": {},
    }


def test_lines_are_not_held_twice() -> None:
    body = b"""{"items": [{"item_id": 2, "parent_item": {"item_id": 1}}], "extension_attributes":
    {"shipping_assignments": [{"shipping": {"method": "m"}, "items": [{"item_id": 2}]}]}}"""
    assert record_of(parsed(body)) == {
        "items": [{"item_id": "2"}],
        "extension_attributes": {"shipping_assignments": [{"shipping": {"method": "m"}}]},
    }


def test_the_character_that_postgresql_cannot_hold_is_left_out() -> None:
    body = b'{"city": "Nul\\u0000stadt\\u0002am See", "street": ["a\\u0000"], "path": "C:\\\\u0000"}'
    assert record_of(parsed(body)) == {"city": "Nulstadt\x02am See", "street": ["a"], "path": "C:\\u0000"}


def test_answer_that_was_cut_off_may_be_asked_for_again() -> None:
    with pytest.raises(Passing):
        parsed(b'{"items":[{"entity_id":')


def test_placeholders_are_filled_from_objects_and_lists() -> None:
    assert filled("%fieldName is required", {"fieldName": "searchCriteria"}) == "searchCriteria is required"
    assert filled('The "%1" of %2', ["a", "b"]) == 'The "a" of b'
    assert filled("%1 stays", None) == "%1 stays"
    assert message_of(b"<html>") is None
