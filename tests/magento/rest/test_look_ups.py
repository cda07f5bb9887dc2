"""What lines name is asked for once for many of them, and a store that does not tell it still gives the rest."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

import httpx
import pytest

from include.entities.catalogue import entity
from include.errors import TransientError
from include.magento.door import IdRange, Page
from tests.magento.rest.scripted_list import answer_of, conditions, door_to

ALL = IdRange(low=0, high=10**6)
CARTS = entity("carts").reading["magento2"]
NUMBERS = {"MUG": 11, "A,B": 12}


class Store:
    """Carts 1 to 30 with two lines each, closed ones; products by article number as `answer` says."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response] | None = None) -> None:
        self.asked: list[str] = []
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        wanted = conditions(request)
        if request.url.path.endswith("products"):
            if ("entity_id", "eq") not in wanted:
                self.asked.append(wanted.get(("sku", "in"), wanted.get(("sku", "eq"), "")))
            return self._answer(request) if self._answer else self._products(wanted)
        low = int(wanted.get(("entity_id", "gt"), 0))
        if ("entity_id", "eq") in wanted:
            return answer_of([], 0)
        size = int(dict(parse_qsl(request.url.query.decode()))["searchCriteria[pageSize]"])
        ids = range(low + 1, 31)
        lines = [{"item_id": 1, "sku": "MUG"}, {"item_id": 2, "sku": "A,B"}, {"item_id": 3, "sku": "GONE"}]
        return answer_of([{"id": n, "is_active": False, "items": lines} for n in ids[:size]], len(ids))

    def _products(self, wanted: dict[tuple[str, str], str]) -> httpx.Response:
        listed = [*wanted.get(("sku", "in"), "").split(","), wanted.get(("sku", "eq"), "")]
        found: list[dict[str, object]] = [
            {"id": n, "sku": sku} for sku, n in NUMBERS.items() if sku in listed
        ]
        return answer_of(found, len(found))


def pages(store: Store) -> list[Page]:
    return list(door_to(store).read(CARTS, ALL, page_size=10))


def test_products_are_asked_for_once_however_many_carts_hold_them() -> None:
    store = Store()
    read = pages(store)
    assert sum(len(page.records) for page in read) == 30
    assert sorted(store.asked) == ["A,B", "GONE,MUG"]
    told = {str(row["sku"]): row["id"] for row in read[-1].records[-1]["products"]}  # type: ignore[union-attr, index, call-overload]
    assert told == {"MUG": "11", "A,B": "12"}


def test_carts_come_without_products_where_the_token_may_not_read_them() -> None:
    refusal = {"message": "The consumer isn't authorized to access %resources.", "parameters": ["X"]}
    read = pages(Store(lambda _: httpx.Response(401, json=refusal)))
    assert sum(len(page.records) for page in read) == 30
    assert "products" not in read[0].records[0]
    assert "Records come without" in read[0].remarks[0]


def test_store_that_is_down_is_not_taken_for_one_without_products() -> None:
    store = Store(lambda _: httpx.Response(503, text="<html>"))
    broken = iter([False])

    def answer(request: httpx.Request) -> httpx.Response:
        is_first = next(broken, True) is False
        return (
            store(request)
            if is_first or "products" in request.url.path
            else httpx.Response(503, text="<html>")
        )

    with pytest.raises(TransientError):
        list(door_to(answer).read(CARTS, ALL, page_size=10))
