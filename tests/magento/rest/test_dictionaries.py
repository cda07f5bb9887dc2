"""What is read whole by the values of another list: nothing is left out, however few rows the store gives at once."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

import httpx
import pytest

from include.entities.catalogue import entity
from include.errors import DataError
from include.magento.door import Everything, children
from include.magento.rest.address import RestAddress
from include.magento.rest.dictionaries import of_values
from include.magento.rest.session import Session
from tests.magento.rest.conftest import BEARER
from tests.magento.rest.scripted_list import HERE, answer_of, conditions, door_to

STOCK = entity("stock").reading["magento2"]
NUMBERS = ("A,B", "C", "D")


def store(*, most: int, sources: int) -> Callable[[httpx.Request], httpx.Response]:
    """Three products in some sources each, in a store that allows pages of `most` rows."""

    def answer(request: httpx.Request) -> httpx.Response:
        wanted = conditions(request)
        size = int(dict(parse_qsl(request.url.query.decode()))["searchCriteria[pageSize]"])
        if size > most:
            message = "Maximum SearchCriteria pageSize is %max"
            return httpx.Response(400, json={"message": message, "parameters": {"max": most}})
        rows = rows_of(request.url.path, wanted, sources)
        return answer_of(rows[:size], len(rows))

    return answer


def rows_of(path: str, wanted: dict[tuple[str, str], str], sources: int) -> list[dict[str, object]]:
    if path.endswith("/products"):
        above = int(wanted.get(("entity_id", "gt"), 0))
        return [{"id": n, "sku": sku} for n, sku in enumerate(NUMBERS, start=1) if n > above]
    if path.endswith("source-items"):
        one = wanted.get(("sku", "eq"))
        listed = [one] if one else wanted[("sku", "in")].split(",")
        return [{"sku": sku, "source_code": f"s{n}"} for sku in listed for n in range(sources)]
    return []


@pytest.mark.parametrize("most", [300, 20, 4])
def test_stock_of_every_source_is_read_however_small_the_pages_are(most: int) -> None:
    (page,) = door_to(store(most=most, sources=3)).read(STOCK, Everything(), page_size=100)
    found = [row["sku"] for row in children(page.records[0], "source_items")]
    assert sorted(str(sku) for sku in found) == sorted(NUMBERS * 3)


def test_article_number_with_more_sources_than_a_page_holds_is_refused_in_words() -> None:
    with pytest.raises(DataError, match="more rows of inventory/source-items"):
        list(door_to(store(most=4, sources=5)).read(STOCK, Everything(), page_size=100))


def test_long_article_numbers_are_asked_for_in_addresses_that_a_web_server_takes() -> None:
    numbers = [f"{n:02}" + "ы" * 62 for n in range(20)]
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        listed = conditions(request)["sku", "in"].split(",")
        return answer_of([{"id": 1, "sku": sku} for sku in listed], len(listed))

    session = Session(RestAddress(url=HERE, credentials=BEARER), transport=httpx.MockTransport(answer))
    found = [row["sku"] for row in of_values(session, "products", "sku", numbers)]
    assert found == numbers
    assert max(len(str(request.url)) for request in asked) < 4000
