from __future__ import annotations

import pytest

from include.entities.catalogue import entity
from include.magento.door import Record
from include.sync.scope import of_websites, wanted_records
from tests.sync.records import customer, invoice, order
from tests.sync.shop import channel

WEBSITES: dict[str | None, str] = {"1": "1", "2": "1", "3": "2"}
"""The website of each store view."""


def wanted(name: str, record: Record, **settings: object) -> bool:
    return wanted_records(entity(name), channel(**settings), WEBSITES.get)(record)


@pytest.mark.parametrize(
    ("store", "is_wanted"),
    [("1", True), ("2", True), ("3", False), ("99", False), (None, False), ("x", False)],
)
def test_channel_of_some_websites_takes_their_orders_only(store: str | None, is_wanted: bool) -> None:
    assert wanted("orders", order(1, store_id=store), websites=[1]) is is_wanted
    assert wanted("orders", order(1, store_id=store)) is True


def test_customers_belong_to_the_website_of_their_registration() -> None:
    assert wanted("customers", customer(1, website_id="2", store_id="1"), websites=[2])
    assert not wanted("customers", customer(1, website_id="1", store_id="3"), websites=[2])


@pytest.mark.parametrize(
    ("created", "is_wanted"),
    [
        ("2019-12-31 23:59:59", False),
        ("2020-01-01 00:00:00", True),
        ("2031-01-01 00:00:00", True),
        (None, True),
        ("0000-00-00 00:00:00", True),
        ("-0001-11-30 00:00:00", True),
        ("unknown", True),
    ],
)
def test_start_date_leaves_out_what_is_surely_older(created: str | None, is_wanted: bool) -> None:
    assert wanted("orders", order(1, created_at=created), sync_start_date="2020-01-01") is is_wanted


def test_website_that_only_the_details_tell_is_left_open_by_the_list() -> None:
    """The list of invoices names no store: whose they are is known once they were read whole."""
    listed = {name: value for name, value in invoice(1).items() if name != "store_id"}
    limited, ours = channel(websites=[1]), entity("invoices")
    assert wanted_records(ours, limited, WEBSITES.get)(listed)
    assert not of_websites(ours, limited, WEBSITES.get)(listed)
    assert of_websites(ours, limited, WEBSITES.get)(invoice(1))
    assert not of_websites(ours, limited, WEBSITES.get)(invoice(1, store_id="3"))
