"""The facts about Magento 2 that decide how it is read, each on the recorded store."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import httpx
import pytest

from include.entities.carts.cart import CARTS
from include.entities.catalogue import ENTITIES, entity
from include.errors import ConfigError
from include.identity.guest_keys import GuestKeys
from include.magento.door import (
    ChangedSince,
    IdRange,
    Ids,
    Record,
    Selection,
    Unreadable,
    children,
)
from include.magento.rest import open_door
from include.magento.rest.address import RestAddress
from include.magento.rest.client import RestDoor
from include.magento.rest.criteria import Condition, Filter
from include.magento.rest.reading import RestReading
from include.magento.writing import CommentOrder
from include.sync.mapping import mapping_of
from tests.magento.rest.conftest import BEARER, KEYS, RestStore
from tests.magento.rest.scripted_list import ORDERS, ScriptedList, answer_of, door_to
from tests.sync.shop import REPORT, channel

ALL = IdRange(low=0, high=10**6)
OPTIONS = ("--last-page-repeats", "--page-cap 20", "--fail-every 15")
COUNTS = {"orders": 40, "customers": 60, "credit_memos": 8, "invoices": 18, "products": 34}


_DOORS: list[RestDoor] = []


def opened(address: RestAddress) -> RestDoor:
    """A door that is closed when the test ends."""
    _DOORS.append(open_door(address, sleep=lambda _: None))
    return _DOORS[-1]


@pytest.fixture(autouse=True)
def _closed_doors() -> Iterator[None]:
    yield
    while _DOORS:
        _DOORS.pop().close()


def records(door: RestDoor, name: str, selection: Selection = ALL) -> list[Record]:
    pages = list(door.read(entity(name).reading["magento2"], selection, page_size=100))
    assert not any(page.unreadable for page in pages)
    return [record for page in pages for record in page.records]


@pytest.fixture(params=["", *OPTIONS, "--no-bearer " + " ".join(OPTIONS)])
def door(request: pytest.FixtureRequest, rest_store: RestStore) -> RestDoor:
    """The store as it may be met, one after the other and with everything at once."""
    options = request.param.split()
    credentials = KEYS if "--no-bearer" in options else BEARER
    return opened(rest_store(*options, credentials=credentials))


def test_everything_is_read_once_however_the_store_pages(door: RestDoor) -> None:
    found = {
        name: [record.get("entity_id") or record.get("id") for record in records(door, name)]
        for name in COUNTS
    }
    assert {name: len(ids) for name, ids in found.items()} == COUNTS
    assert all(len(ids) == len(set(ids)) for ids in found.values())


def test_fact_1_unknown_keys_are_kept_for_releases_that_add_some() -> None:
    door = door_to(lambda _: answer_of([{"entity_id": 1, "extension_attributes": {"company_id": 7}}], 1))
    (page,) = door.read(ORDERS, ALL, page_size=9)
    assert page.records == [{"entity_id": "1", "extension_attributes": {"company_id": "7"}}]


def test_fact_2_absent_is_null(rest_store: RestStore) -> None:
    found = records(opened(rest_store()), "orders")
    without = [order for order in found if "status" not in order]
    assert len(without) == 2  # one complete, one processing


def test_fact_3_no_page_behind_the_end_is_asked_for(rest_store: RestStore) -> None:
    store = ScriptedList(most=30)
    assert len(list(door_to(store).rows(ORDERS, ALL, page_size=10))) == 30
    pages = [dict(parse_qsl(r.url.query.decode()))["searchCriteria[currentPage]"] for r in store.asked]
    assert pages == ["1"] * 4
    repeating = opened(rest_store("--last-page-repeats")).rows(ORDERS, ALL, page_size=10)
    assert [row["entity_id"] for row in repeating] == [str(n) for n in range(1, 41)]  # type: ignore[index]


def test_fact_4_no_fields_are_left_out_when_records_are_read(rest_store: RestStore) -> None:
    order = next(o for o in records(opened(rest_store()), "orders") if not children(o, "status_histories"))
    assert order["status_histories"] == []  # `fields=` would have made it null
    for one in ENTITIES:
        reading = one.reading["magento2"]
        if isinstance(reading, RestReading):
            store = ScriptedList(most=0)
            assert list(door_to(store).rows(reading, ALL, page_size=9)) == []
            assert not any("fields" in str(request.url) for request in store.asked), one.name


def test_fact_5_changes_are_found_by_stamp_and_nothing_else_is_claimed(rest_store: RestStore) -> None:
    door = opened(rest_store())
    since = datetime(2026, 6, 7, 8, 20, 35, tzinfo=UTC)
    found = records(door, "orders", ChangedSince(since=since))
    everything = records(door, "orders")
    wanted = [order["entity_id"] for order in everything if str(order["updated_at"]) >= "2026-06-07 08:20:35"]
    assert [order["entity_id"] for order in found] == wanted
    assert 0 < len(wanted) < len(everything)


def test_fact_6_comment_always_carries_the_status_the_order_has() -> None:
    sent: list[dict[str, object]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["statusHistory"])
        return httpx.Response(200, json=True)

    writer = door_to(answer).writer
    for status in ("processing", ""):  # two orders of the recorded store have none, which must stay none
        writer.write(CommentOrder(order_id=1, order_number="1", status=status, text="t"))
    assert [history.get("status") for history in sent] == ["processing", None]


def test_fact_7_flags_and_dates_cannot_be_misread() -> None:
    assert Filter("is_active", Condition.EQUAL, True).text == "1"
    moment = datetime.fromisoformat("2026-07-05T17:20:57+02:00")
    assert Filter("updated_at", Condition.AT_LEAST, moment).text == "2026-07-05 15:20:57"
    assert "moreq" not in set(Condition)


def test_fact_8_carts_cost_one_more_call_each_while_they_are_open_and_keep_the_store_of_the_list() -> None:
    def cart(number: int, *, is_active: bool, items: int) -> dict[str, object]:
        return {"id": number, "store_id": 2, "is_active": is_active, "items_count": items}

    rows = [
        cart(1, is_active=True, items=1),
        cart(2, is_active=False, items=1),
        cart(3, is_active=True, items=0),
    ]
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        segments = [{"code": "grand_total", "value": 111.49}]
        totals = {"grand_total": 104.14, "total_segments": segments}
        is_list = request.url.path.endswith("search")
        return answer_of(rows, 3) if is_list else httpx.Response(200, json=totals)

    (page,) = door_to(answer).read(entity("carts").reading["magento2"], ALL, page_size=500)
    assert [record["store_id"] for record in page.records] == ["2", "2", "2"]
    assert dict(parse_qsl(asked[0].url.query.decode()))["searchCriteria[pageSize]"] == "50"
    assert [request.url.path for request in asked[1:]] == ["/rest/V1/carts/1/totals"]
    (open_one,) = CARTS.rows["magento2"](
        page.records[0], mapping_of(channel(kind="magento2"), REPORT, GuestKeys(b"secret"))
    )
    assert open_one["grand_total"] == "111.49"


def test_fact_9_signed_requests_open_what_a_bare_token_does_not(rest_store: RestStore) -> None:
    orders = entity("orders").reading["magento2"]
    with pytest.raises(ConfigError, match="a token alone is refused by default"):
        opened(rest_store("--no-bearer")).delivers(orders)
    assert opened(rest_store("--no-bearer", credentials=KEYS)).delivers(orders) is None


def test_fact_10_newsletter_comes_from_customers_and_says_whom_it_leaves_out(
    rest_store: RestStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    door = opened(rest_store())
    found = records(door, "newsletter_subscribers")
    subscribed = [r for r in found if r["extension_attributes"] == {"is_subscribed": "1"}]
    assert (len(found), len(subscribed)) == (60, 20)
    assert "Guests who subscribed are told only where" in caplog.text
    since = datetime(
        2036, 1, 1, tzinfo=UTC
    )  # who subscribes or leaves moves no date, and is found all the same
    assert records(door, "newsletter_subscribers", ChangedSince(since=since)) == found


def test_newsletter_state_of_one_customer_is_that_of_the_own_website() -> None:
    def customer(*, is_subscribed: bool) -> dict[str, object]:
        return {"id": 5, "extension_attributes": {"is_subscribed": is_subscribed}}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/customers/6"):
            return httpx.Response(404, json={"message": "No such entity."})
        is_list = request.url.path.endswith("search")
        return (
            answer_of([customer(is_subscribed=True)], 1)
            if is_list
            else httpx.Response(200, json=customer(is_subscribed=False))
        )

    door, reading = door_to(answer), entity("newsletter_subscribers").reading["magento2"]
    (told,) = door.rows(reading, Ids(ids=(5,)), page_size=1)
    assert isinstance(told, dict)
    assert told["extension_attributes"] == {"is_subscribed": "0"}
    assert list(door.rows(reading, Ids(ids=(6,)), page_size=1)) == []


def test_report_leaves_the_admin_out(rest_store: RestStore) -> None:
    report = opened(rest_store()).report()
    assert report.websites == {1: "Main Website", 2: "EU Website"}
    assert [store.code for store in report.stores] == ["default", "eu_en", "eu_de", "eu_old"]
    assert "Magento_Inventory" in report.methods
    assert [note for note in report.notes if note.startswith("Guests on the newsletter cannot be seen")]


@pytest.mark.parametrize(
    ("page", "version"),
    [
        ("Magento/2.4 (Community)", "2.4 (Community)"),
        ("Magento/2.3 (Enterprise)", "2.3 (Enterprise)"),
        ("Mage-OS/1.0 (Community)", "Mage-OS 1.0 (Community)"),
        ("<html>", None),
    ],
)
def test_version_is_what_the_shop_tells_everybody(page: str, version: str | None) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/magento_version":
            assert "Authorization" not in request.headers
            return httpx.Response(200, text=page)
        return httpx.Response(200, json=[])

    assert door_to(answer).report().magento_version == version


def test_clock_is_the_stores(rest_store: RestStore) -> None:
    assert opened(rest_store()).clock().date() == datetime(2026, 11, 22, tzinfo=UTC).date()


def test_find_never_gives_what_a_store_adds_by_itself(rest_store: RestStore) -> None:
    door = opened(rest_store())
    assert [r["increment_id"] for r in door.find(ORDERS, "increment_id", ["000000003"])] == ["000000003"]
    ignoring = door_to(lambda _: answer_of([{"entity_id": 1, "increment_id": "1"}], 1))
    assert not ignoring.find(ORDERS, "increment_id", ["2"])


def test_unreadable_rows_are_none_on_a_healthy_store(rest_store: RestStore) -> None:
    rows = opened(rest_store("--fail-every", "15")).rows(ORDERS, ALL, page_size=3)
    assert not any(isinstance(row, Unreadable) for row in rows)
