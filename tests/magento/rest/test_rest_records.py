"""JSON to records of text: digits as sent, absent and null alike, no secrets, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.magento.passing import Passing
from include.magento.rest.faults import filled, message_of
from include.magento.rest.records import parsed, parsed_page, record_of


@pytest.mark.parametrize("read", [parsed, parsed_page])
def test_numbers_keep_their_digits(read: Callable[[bytes], Any]) -> None:
    body = (
        b'{"a": 111.490000000000009, "b": 15, "c": 1e-7, "d": true, "e": [12345678901234567890, 1.10, false]}'
    )
    assert record_of(read(body)) == {
        "a": "111.490000000000009", "b": "15", "c": "1e-7", "d": "1", "e": ["12345678901234567890", "1.10", "0"],
    }  # fmt: skip


def test_page_that_only_python_reads_is_read() -> None:
    assert record_of(parsed_page(b'{"a": NaN, "b": 1, "c": "\\ud83d", "d": 1.50}')) == {
        "a": "NaN", "b": "1", "c": "\ud83d", "d": "1.50",
    }  # fmt: skip


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


@pytest.mark.parametrize("read", [parsed, parsed_page])
def test_the_character_that_postgresql_cannot_hold_is_left_out(read: Callable[[bytes], Any]) -> None:
    body = (
        rb'{"city": "Nul\u0000stadt\u0002am See", "street": ["a\u0000\u0000"], "path": "C:\\u0000 \\\u0000"}'
    )
    found = record_of(read(body))
    assert found == {"city": "Nulstadt\x02am See", "street": ["a"], "path": "C:\\u0000 \\"}


@pytest.mark.parametrize("read", [parsed, parsed_page])
def test_answer_that_was_cut_off_may_be_asked_for_again(read: Callable[[bytes], Any]) -> None:
    with pytest.raises(Passing):
        read(b'{"items":[{"entity_id":')


def test_placeholders_are_filled_from_objects_and_lists() -> None:
    assert filled("%fieldName is required", {"fieldName": "searchCriteria"}) == "searchCriteria is required"
    assert filled('The "%1" of %2', ["a", "b"]) == 'The "a" of b'
    assert filled("%1 stays", None) == "%1 stays"
    assert message_of(b"<html>") is None
