from __future__ import annotations

from typing import Any

import pytest

from include.magento.door import Record
from include.privacy.kept_files import forget_in_files
from tests.privacy.people import EMAIL, HOME, her_order, traces, traces_in_files
from tests.privacy.test_erase import erase
from tests.sync.records import address, cart, credit_memo, customer, order
from tests.sync.shop import Shop


def comment(text: str) -> Record:
    return {"increment_id": "1", "status": "new", "comment": text, "created_at": None}


def gift(**changes: Any) -> Record:
    """Ada's order, sent to Zelda, who is named wherever a person can write."""
    return (
        order(
            3,
            customer_id="6",
            customer_email="ada@example.com",
            customer_note=f"For my friend {EMAIL}!",
            attributes={"friend": EMAIL},
            billing_address=address(31, firstname="Ada", email="ada@example.com"),
            shipping_address=address(32, **HOME, email=f" {EMAIL.upper()}"),
            status_history=[
                comment("thank you"),
                comment(f"<a href='mailto:{EMAIL}'>{EMAIL}</a>. Zelda called"),
            ],
        )
        | changes
    )


OTHERS = (
    ("customers", customer(6)),
    ("orders", gift()),
    ("carts", cart(3, customer_id="6", shipping_address=address(33, **HOME, email=EMAIL))),
    (
        "credit_memos",
        credit_memo(3, comments=[{"comment_id": "7", "comment": f"Told {EMAIL}?", "created_at": None}]),
    ),
)


def load(shop: Shop) -> set[str]:
    """Everything of Ada's; what happened to any row."""
    outcomes = [shop.load(entity, record) for entity, record in OTHERS]
    return {name for tables in outcomes for counts in tables.values() for name in counts}


def test_address_in_records_of_others_is_forgotten_and_the_rest_of_them_is_not(shop: Shop) -> None:
    load(shop)
    outcome = erase(shop)
    assert traces(shop) == []
    assert outcome.rows == {
        "orders": 2,  # a note, an attribute
        "order_addresses": 1,
        "order_comments": 1,
        "cart_addresses": 1,
        "credit_memo_comments": 1,
    }
    assert shop.rows("select customer_email, customer_note from crm.orders") == [("ada@example.com", None)]
    assert shop.rows("select first_name, email from crm.order_addresses order by 1") == [
        ("Ada", "ada@example.com"),
        (None, None),
    ]
    assert shop.rows("select comment_text from crm.order_comments order by 1") == ["thank you", None]
    assert "us:6" in shop.rows("select touched_key from ops.touched where window_id is null")


@pytest.mark.parametrize("is_erased_first", [True, False])
def test_next_sync_brings_the_address_back_into_no_table(shop: Shop, is_erased_first: bool) -> None:
    if not is_erased_first:
        load(shop)
    erase(shop)
    again = load(shop)
    assert is_erased_first or again == {"unchanged"}
    assert traces(shop) == []
    assert load(shop) == {"unchanged"}


def test_staged_parts_and_raw_copies_forget_the_address(shop: Shop) -> None:
    shop.staged(shop.planned("orders"), [gift(), her_order(4), order(5)])
    erase(shop)
    assert forget_in_files(shop.engine, shop.root, shop.keys) > 0
    assert traces_in_files(shop.root) == []
    assert forget_in_files(shop.engine, shop.root, shop.keys) == 0
