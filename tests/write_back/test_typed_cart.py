"""Products and addresses as people type them, read line by line or refused with the line."""

from __future__ import annotations

import pytest

from include.warehouse.refusals import RequestRefused
from include.write_back.typed_cart import address_typed, items_typed


def test_products_are_typed_one_a_line_with_their_pieces_first() -> None:
    typed = (
        '2 NW-001\n\n 1.5 x Tea by weight \n10\tNW 2\n{"product_id": 7, "qty": 1, "options": {"4": "red"}}'
    )
    assert items_typed("items", typed) == [
        {"sku": "NW-001", "qty": 2},
        {"sku": "Tea by weight", "qty": 1.5},
        {"sku": "NW 2", "qty": 10},
        {"product_id": 7, "qty": 1, "options": {"4": "red"}},
    ]


def test_address_is_a_number_of_the_book_or_fields_one_a_line() -> None:
    assert address_typed("billing_address", " 17\n") == {"customer_address_id": 17}
    typed = "first_name: Ada\nstreet: 1 High St\nFlat 2: above\n  back yard\npostcode: 0123\ncountry_code: NO"
    assert address_typed("billing_address", typed.replace("Flat 2: above", "Flat 2")) == {
        "first_name": "Ada",
        "street": "1 High St\nFlat 2\nback yard",
        "postcode": "0123",
        "country_code": "NO",
    }


@pytest.mark.parametrize(
    ("read", "typed", "reason"),
    [
        (items_typed, "2 NW-001\nNW-002", "line 2 is not written like 2 NW-001"),
        (items_typed, '{"sku": secret}', "line 1 is no JSON object"),
        (address_typed, "Ada secret", "line 1 is not written like city: Ware"),
        (address_typed, "city: Ware\nsecret", "line 2 is not written like city: Ware"),
        (address_typed, "city: Ware\ncity: secret", "line 2 says city once more"),
    ],
)
def test_line_that_cannot_be_read_is_refused_by_its_number_without_what_it_says(
    read: object, typed: str, reason: str
) -> None:
    with pytest.raises(RequestRefused, match=reason) as caught:
        read("what", typed)  # type: ignore[operator]
    assert caught.value.field == "what"
    assert "secret" not in str(caught.value)
