"""A window whose records came without their details: what is known of them stays, what was read of them loads."""

from __future__ import annotations

from typing import Any

import pytest

from include.magento.door import Record
from tests.sync.records import invoice
from tests.sync.shop import Shop

REMARK = "The store has no call salesOrderInvoiceInfo."
DETAILS = (
    "items",
    "comments",
    "store_id",
    "base_currency_code",
    "store_currency_code",
    "global_currency_code",
    "updated_at",
)


def header(number: int, **changes: Any) -> Record:
    """An invoice as the list alone has it."""
    return {name: value for name, value in invoice(number).items() if name not in DETAILS} | changes


def load_headers(shop: Shop, *records: Record) -> dict[str, dict[str, int]]:
    shop.door.remarks = (REMARK,)
    return shop.load("invoices", *records)


@pytest.fixture
def known(shop: Shop) -> Shop:
    """A shop whose first invoice is known whole."""
    shop.load("invoices", invoice(1))
    return shop


def test_children_are_not_gone_because_nobody_could_read_them(known: Shop) -> None:
    load_headers(known, header(1))
    assert known.rows("select deleted_at from crm.invoice_items") == [None]
    assert known.rows("select deleted_at from crm.invoice_comments") == [None]


def test_header_that_says_nothing_new_changes_nothing(known: Shop) -> None:
    before = known.one("select to_jsonb(i)::text from crm.invoices as i")
    assert load_headers(known, header(1)) == {"invoices": {"unchanged": 1}}
    assert known.one("select to_jsonb(i)::text from crm.invoices as i") == before


def test_what_the_header_says_is_loaded_and_the_rest_is_kept(known: Shop) -> None:
    assert load_headers(known, header(1, state="3"), header(2)) == {"invoices": {"inserted": 1, "updated": 1}}
    assert known.rows("select invoice_id, state, base_currency_code from crm.invoices order by 1") == [
        (1, "canceled", "EUR"),
        (2, "paid", None),
    ]
    assert known.rows("select state from crm.invoices_history") == ["paid"]


def test_details_arrive_when_the_store_gives_them_later(shop: Shop) -> None:
    load_headers(shop, header(1))
    shop.door.remarks = ()
    assert shop.load("invoices", invoice(1)) == {
        "invoices": {"updated": 1},
        "invoice_items": {"inserted": 1},
        "invoice_comments": {"inserted": 1},
    }


def test_whole_record_without_children_loses_them(known: Shop) -> None:
    counts = known.load("invoices", invoice(1, items=[], comments=[]))
    assert (counts["invoice_items"], counts["invoice_comments"]) == ({"deleted": 1}, {"deleted": 1})


def test_window_says_what_was_missing(known: Shop) -> None:
    load_headers(known, header(1))
    said = known.rows("select is_partial, remarks from ops.windows order by window_id")
    assert said == [(False, None), (True, REMARK)]
