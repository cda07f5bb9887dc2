from __future__ import annotations

import pytest

from include.entities.catalogue import ENTITIES, entity
from include.entities.model import Entity
from include.magento.door import Record
from include.sync.scope import of_websites, wanted_records
from tests.sync.records import customer, invoice, order
from tests.sync.shop import Shop, channel

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


UNSCOPED = {
    "stores": "the dictionary of all websites, by which the others are told apart",
    "categories": "a tree of the installation",
    "products": "the catalogue of the installation: lines of old orders name products that left a website since",
    "regions": "a directory of the world",
    "stock": "a stock of the installation",
    "price_rules": "a rule holds on several websites",
}


@pytest.mark.parametrize("one", ENTITIES, ids=lambda one: one.name)
def test_every_entity_is_narrowed_to_the_channel_s_websites(one: Entity) -> None:
    field = one.scope.website_field or one.scope.store_field
    if one.name in UNSCOPED:
        assert field is None
        return
    assert field is not None
    inside, outside, nowhere = ({field: value} for value in ("1", "2", None))
    if one.scope.store_field and not one.scope.website_field:
        outside = {field: "3"}
    limited = of_websites(one, channel(websites=[1]), WEBSITES.get)
    everything = of_websites(one, channel(), WEBSITES.get)
    assert [limited(record) for record in (inside, outside, nowhere)] == [True, False, False]
    assert all(everything(record) for record in (inside, outside, nowhere))


def test_beside_limited_channels_records_without_a_store_go_to_the_channel_of_all_websites(
    shop: Shop,
) -> None:
    records = [order(1, store_id="1"), order(2, store_id="3"), order(3, store_id=None)]
    counts = {}
    for code, websites in (("one", [1]), ("two", [2]), ("rest", "all")):
        narrow = shop.of(code=code, websites=websites)
        narrow.door.records = list(records)
        (window,) = narrow.run("orders")
        counted = "select read_count, skipped_count from ops.windows where window_id = :w"
        counts[code] = shop.one(counted, w=window.window_id)
    assert counts == {"one": (1, 2), "two": (1, 2), "rest": (3, 0)}
    assert shop.rows("select order_key from crm.orders where order_id = 3") == ["rest:3"]
