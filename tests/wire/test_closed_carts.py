"""Carts of Magento 2, which tells neither lines nor totals of a cart that was closed: what is known of it stays."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from include.magento.rest.address import BearerToken, RestAddress
from tests.wire.chain import Chain, changed, channel
from tests.wire.conftest import Fresh

MAGENTO2 = channel(code="m2", kind="magento2", timezone="America/Chicago", reporting_currency="USD")
ADDRESS = RestAddress(url="http://127.0.0.1:1/rest", credentials=BearerToken(token="tk"))
VIEW = {"id": 1, "code": "default", "name": "Default", "website_id": 1, "store_group_id": 1, "is_active": 1}
MONEY = {"quote_currency_code": "USD", "base_currency_code": "USD", "global_currency_code": "USD"}


class Shop:
    """A store with one cart of two lines, and its clock."""

    def __init__(self) -> None:
        self.lines = [1, 2]
        self.is_active = True
        self.updated_at = "2026-11-22 06:00:00"
        self.has_totals = True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request; what is asked for by other ids or later stamps is not there."""
        status, answer = self._answer(request.url.path.partition("/V1/")[2], dict(request.url.params))
        return httpx.Response(status, json=answer, headers={"Date": "Sun, 22 Nov 2026 06:30:00 GMT"})

    def _answer(self, path: str, given: dict[str, str]) -> tuple[int, Any]:
        known = {
            "store/storeViews": [VIEW],
            "store/websites": [{"id": 1, "code": "base", "name": "Main", "default_group_id": 1}],
            "modules": [],
        }
        if path in known:
            return 200, known[path]
        if path == "carts/7/totals" and self.has_totals:
            return 200, self._totals()
        if path == "carts/search":
            above = [given[n] for n in given if n.endswith("[value]") and given[_kind(n)] == "gt"]
            rows = [] if [v for v in above if int(v) >= 7] or "0" in _equals(given) else [self._cart()]
            return 200, {"items": rows, "total_count": len(rows)}
        return 404, {"message": "Request does not match any route."}

    def _cart(self) -> dict[str, Any]:
        lines = [
            {"item_id": n, "sku": f"S{n}", "qty": 1, "name": "x", "price": 5, "quote_id": "7"}
            for n in self.lines
        ]
        return {
            "id": 7,
            "created_at": "2026-11-22 05:00:00",
            "updated_at": self.updated_at,
            "is_active": self.is_active,
            "items_count": 2,
            "items_qty": 2,
            "items": lines if self.is_active else None,
            "customer": {"email": None, "firstname": None, "lastname": None},
            "currency": MONEY,
            "store_id": 1,
        }

    def _totals(self) -> dict[str, Any]:
        totals = {"subtotal": 10, "base_subtotal": 10, "grand_total": 10, "base_grand_total": 10.8}
        return totals | {"items": [], "total_segments": [{"code": "grand_total", "value": 10.8}]}

    def close(self) -> None:
        """The buyer buys it."""
        self.is_active, self.updated_at = False, "2026-11-22 06:10:00"


def _kind(name: str) -> str:
    return name.replace("[value]", "[condition_type]")


def _equals(given: dict[str, str]) -> list[str]:
    return [given[n] for n in given if n.endswith("[value]") and given[_kind(n)] == "eq"]


@pytest.fixture
def shop() -> Shop:
    """The store."""
    return Shop()


@pytest.fixture
def chain(fresh: Fresh, shop: Shop) -> Chain:
    """A warehouse that has read it."""
    chain = fresh(channel=MAGENTO2, transport=httpx.MockTransport(shop))
    chain.load(ADDRESS, entities=["carts"])
    return chain


def state(chain: Chain) -> tuple[Any, ...]:
    statement = """
    select c.is_active, c.grand_total_amount, c.last_open_at is null,
        (select count(*) from crm.cart_items as i where i.cart_key = c.cart_key and not i.is_removed)
    from crm.carts as c
    """
    with chain.engine.connect() as connection:
        return tuple(connection.execute(text(statement)).one())


def test_closed_cart_keeps_its_lines_and_total(chain: Chain, shop: Shop) -> None:
    assert json.loads(json.dumps(state(chain), default=str)) == [True, "10.8000", False, 2]
    shop.close()
    assert changed(chain.load(ADDRESS, entities=["carts"]))["carts"] == 1
    assert json.loads(json.dumps(state(chain), default=str)) == [False, "10.8000", True, 2]
    assert "carts" not in changed(chain.load(ADDRESS, entities=["carts"]))


def test_line_taken_out_of_an_open_cart_is_removed(chain: Chain, shop: Shop) -> None:
    shop.lines, shop.updated_at = [1], "2026-11-22 06:20:00"
    chain.load(ADDRESS, entities=["carts"])
    assert state(chain)[3] == 1


def test_store_without_totals_says_so_and_gives_the_rest(fresh: Fresh, shop: Shop) -> None:
    shop.has_totals = False
    chain = fresh(channel=MAGENTO2, transport=httpx.MockTransport(shop))
    chain.load(ADDRESS, entities=["carts"])
    assert state(chain)[1:] == (None, False, 2)
    with chain.engine.connect() as connection:
        remarks = connection.execute(
            text("select remarks from ops.windows where remarks is not null")
        ).scalar()
    assert remarks.startswith("The store has no carts/{id}/totals in its REST API")
