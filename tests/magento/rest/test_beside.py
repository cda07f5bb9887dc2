"""What an extension tells beside a list: in ranges of ids, by store view, without any id."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import httpx
import pytest

from include.entities.catalogue import entity
from include.errors import SyncError
from include.magento.door import ChangedSince, IdRange, Page, Record, Unnumbered
from tests.magento.rest.scripted_list import answer_of, conditions, door_to

READING = entity("newsletter_subscribers").reading["magento2"]
VIEWS = [
    {"id": n, "code": f"v{n}", "name": f"v{n}", "website_id": w} for n, w in ((0, 0), (1, 1), (2, 1), (3, 2))
]
ALL = ChangedSince(since=datetime(2026, 4, 1, tzinfo=UTC))
PATH = "klaviyo/reclaim/customers/subscriptions"


@dataclass
class Shop:
    """Entries by id, as (address, status, date, store view), and customers, as (address, website).

    Attributes:
        refusal: what the extension answers instead.
        late: address of an entry that was made after all were asked for, and before those of a store view.
        state: what is told of customers beside.
        asked: its queries, the count's as an empty one.
    """

    entries: dict[int, tuple[str | None, int, str | None, int | None]]
    customers: list[tuple[str, int]] = field(default_factory=list)
    modules: tuple[str, ...] = ("Klaviyo_Reclaim",)
    refusal: httpx.Response | None = None
    late: str | None = None
    state: dict[str, object] = field(default_factory=lambda: {"is_subscribed": True})
    asked: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.partition("/V1/")[2]
        if path == "modules":
            return httpx.Response(200, json=list(self.modules))
        if path.startswith("store/"):
            return httpx.Response(200, json=VIEWS if path == "store/storeViews" else [])
        if path.startswith("klaviyo"):
            return self._extension(path, dict(parse_qsl(request.url.query.decode())))
        if request.url.path == "/magento_version":
            return httpx.Response(404)
        return self._customers(int(conditions(request).get(("entity_id", "gt"), 0)))

    def told(self) -> list[Record]:
        return [record for page in self.pages() for record in page.records if "id" not in record]

    def pages(self) -> list[Page]:
        return list(door_to(self).read(READING, ALL, page_size=2))

    def _customers(self, last: int) -> httpx.Response:
        every = [
            {"id": n, "email": email, "website_id": website, "extension_attributes": self.state}
            for n, (email, website) in enumerate(self.customers, start=1)
        ]
        rows = [row for row in every if int(str(row["id"])) > last]
        return answer_of(rows, len(rows))

    def _extension(self, path: str, asked: dict[str, str]) -> httpx.Response:
        self.asked.append(asked)
        if self.refusal is not None:
            return self.refusal
        if path == f"{PATH}/count":
            return httpx.Response(200, json=len(self.entries))
        assert path == f"{PATH}/historical"
        low, high, store = int(asked["start_id"]), int(asked["end_id"]), int(asked.get("store_id", 0))
        assert high - low <= 500
        found = [
            {"email": email, "subscribe_status": str(status), "change_status_at": at}
            for number, (email, status, at, view) in sorted(self.entries.items())
            if low <= number <= high
            and view is not None
            and store in (0, view)
            and (store or email != self.late)
        ]
        return httpx.Response(200, content=json.dumps(found), headers={"Content-Type": "application/json"})


def entry(email: str | None, store: int | None = 1, status: int = 1, at: str | None = None) -> tuple:
    return (email, status, at, store)


def test_entries_come_with_the_store_view_that_was_asked_for() -> None:
    shop = Shop(
        {1: entry("a@x.co", 2), 2: entry("b@x.co", 3, 3, "2026-01-02 03:04:05"), 9: entry("c@x.co", 0)}
    )
    assert shop.told() == [
        {"email": "a@x.co", "subscribe_status": "1", "change_status_at": None, "store_id": "2"},
        {
            "email": "b@x.co",
            "subscribe_status": "3",
            "change_status_at": "2026-01-02 03:04:05",
            "store_id": "3",
        },
        {"email": "c@x.co", "subscribe_status": "1", "change_status_at": None},
    ]


def test_search_ends_with_the_last_entry_that_is_counted() -> None:
    shop = Shop({n: entry(f"{n}@x.co") for n in (1, 501, 1700)})
    assert len(shop.told()) == 3
    assert [q["start_id"] for q in shop.asked if q and "store_id" not in q] == ["1", "501", "1001", "1501"]


def test_long_gap_of_deleted_entries_hides_nobody() -> None:
    shop = Shop({1: entry("a@x.co"), 9_800: entry("z@x.co")})
    assert [row["email"] for row in shop.told()] == ["a@x.co", "z@x.co"]


def test_entries_of_deleted_store_views_are_missed_and_said() -> None:
    shop = Shop({1: entry("a@x.co"), 2: entry("b@x.co", None)})
    pages = shop.pages()
    assert [row["email"] for page in pages for row in page.records] == ["a@x.co"]
    (remark,) = {remark for page in pages for remark in page.remarks}
    assert "counts 2 newsletter entries and tells 1" in remark


def test_customer_speaks_for_the_address_on_their_website_alone() -> None:
    shop = Shop(
        {1: entry("Ada@x.co ", 1), 2: entry("ada@x.co", 3), 3: entry("ada@x.co", 0), 4: entry(None)},
        customers=[("ada@X.co", 1)],
    )
    assert [(row["email"], row.get("store_id")) for row in shop.told()] == [("ada@x.co", "3")]


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (entry("a@x.co", 1, 1, "2026-02-01 00:00:00"), entry("A@x.co", 1, 3, "2026-01-01 00:00:00"), "1"),
        (entry("a@x.co", 1, 1, "2026-02-01 00:00:00"), entry("A@x.co", 1, 3), "3"),
        (entry("a@x.co", 1, 1), entry("A@x.co", 1, 3), "3"),
        (entry("a@x.co", 1, 1), entry("A@x.co", 1, 3, "2020-01-01 00:00:00"), "3"),
    ],
)
def test_of_two_entries_of_an_address_in_a_view_the_later_counts_and_a_doubt_is_no_consent(
    first: tuple, second: tuple, counts: str
) -> None:
    for entries in ({1: first, 2: second}, {1: second, 2: first}):
        assert [row["subscribe_status"] for row in Shop(entries).told()] == [counts]


def test_entry_that_comes_while_store_views_are_asked_takes_nobodys_place() -> None:
    shop = Shop({1: entry("a@x.co", 2), 2: entry("new@x.co", 1)}, late="new@x.co")
    assert [(row["email"], row.get("store_id")) for row in shop.told()] == [("a@x.co", "2")]


def test_report_says_whether_guests_can_be_read() -> None:
    def notes(shop: Shop) -> str:
        return " ".join(door_to(shop).report().notes)

    assert "are read through the Klaviyo extension" in notes(Shop({}))
    refused = {"message": "%resources", "parameters": {"resources": "Magento_Newsletter::subscriber"}}
    assert "Magento_Newsletter::subscriber" in notes(Shop({}, refusal=httpx.Response(401, json=refused)))
    assert "the Klaviyo extension, which does, is not installed" in notes(
        Shop({}, modules=("Magento_Store",))
    )


def test_customer_of_whom_an_old_release_tells_no_state_speaks_for_nobody() -> None:
    shop = Shop({1: entry("a@x.co", 1, 3)}, customers=[("a@x.co", 1)], state={})
    assert [(row["email"], row["subscribe_status"]) for row in shop.told()] == [("a@x.co", "3")]


def test_window_of_lower_ids_has_the_guests_and_those_above_have_none() -> None:
    shop = Shop({1: entry("a@x.co")}, customers=[("b@x.co", 1)])

    def read(low: int) -> list[object]:
        pages = door_to(shop).read(READING, IdRange(low=low, high=9), page_size=5)
        return [row["email"] for page in pages for row in page.records]

    assert read(0) == ["b@x.co", "a@x.co"]
    assert read(1) == []


def test_store_without_the_extension_is_not_asked_for_it() -> None:
    shop = Shop({}, customers=[("b@x.co", 1)], modules=("Magento_Store",))
    assert [page.remarks for page in shop.pages()] == [()]
    assert list(door_to(shop).rows(READING, Unnumbered(), page_size=5)) == []
    assert shop.asked == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(404, json={"message": "Request does not match any route."}), "no Klaviyo extension"),
        (
            httpx.Response(
                401,
                json={
                    "message": "The consumer isn't authorized to access %resources.",
                    "parameters": {"resources": "Magento_Newsletter::subscriber"},
                },
            ),
            "Magento_Newsletter::subscriber",
        ),
        (httpx.Response(500, json={"message": "Internal Error."}), "answered HTTP 500"),
        (httpx.Response(200, json={"message": "no"}), "otherwise than known releases"),
    ],
)
def test_what_the_extension_does_not_give_is_said_and_customers_come_all_the_same(
    answer: httpx.Response, said: str
) -> None:
    shop = Shop({1: entry("a@x.co")}, customers=[("b@x.co", 1), ("c@x.co", 1)], modules=(), refusal=answer)
    pages = shop.pages()
    assert [row["email"] for page in pages for row in page.records] == ["b@x.co", "c@x.co"]
    (remark,) = {remark for page in pages for remark in page.remarks}
    assert said in remark
    with pytest.raises(SyncError):  # a sweep must not take it for nobody
        list(door_to(shop).rows(READING, Unnumbered(), page_size=5))
