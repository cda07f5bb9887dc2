"""What goes wrong in real shops, on demand, alone and together."""

from __future__ import annotations

import email.utils
import time
from typing import Any

import pytest
from lxml import etree

from include.demo_store import running_store
from include.demo_store.settings import StoreSettings
from include.demo_store.wire import control_characters
from include.errors import ConfigError


def test_an_old_magento_sends_control_characters_as_they_are(new_caller: Any) -> None:
    with running_store(customers=120, orders=120, raw_control_characters=True) as store:
        caller = new_caller(store.url, store.user, store.key)
        answer = caller("oroCustomerList")
        assert b"Tab\x0bbert" in answer.body
        assert b'<city xsi:type="xsd:string">Nul</city>' in answer.body, "a NUL ends its value"
        with pytest.raises(etree.XMLSyntaxError):
            _ = answer.root
        assert caller.listed("oroCustomerList", ("customer_id", "lteq", "20")).rows


def test_only_control_characters_are_sent_as_they_are() -> None:
    assert control_characters.raw(b"a&amp;#11;b&amp;#31;") == b"a\x0bb\x1f"
    untouched = b"&amp;#9; &amp;#10; &amp;#13; &amp;#32; &amp;#128; &#13; &amp;amp;"
    assert control_characters.raw(untouched) == untouched
    assert control_characters.raw(b"<a>x&amp;#0;y</a><b>z</b>") == b"<a>x</a><b>z</b>"


def test_a_fatal_record_takes_its_page_with_it_and_only_its_page(new_caller: Any) -> None:
    with running_store(customers=50, orders=100, fatal=("cart:16", "order:7")) as store:
        caller = new_caller(store.url, store.user, store.key)
        pages = [caller.listed("oroQuoteList", page=page, size=10) for page in (1, 2, 3)]
        assert [page.status for page in pages] == [200, 500, 200]
        assert pages[1].body == b""
        around = caller.listed("oroQuoteList", ("entity_id", "from", "11"), ("entity_id", "to", "14"))
        assert len(around.rows) == 4
        cart = store.shop.cart(16).row
        asked = f"<quoteId>16</quoteId><storeId>{cart['store_id']}</storeId>"
        assert caller("shoppingCartInfo", asked).status == 500
        assert caller("salesOrderList").status == 500
        assert caller.listed("salesOrderList", ("order_id", "neq", "7")).status == 200
        number = f"<orderIncrementId>{store.shop.order(7).row['increment_id']}</orderIncrementId>"
        assert caller("salesOrderInfo", number).status == caller("oroOrderInfo", number).status == 500
        assert caller("oroCustomerList").status == 200


@pytest.mark.parametrize("entry", ["cart", "cart:", "cart:x", "website:1", "15"])
def test_a_fatal_record_that_is_none_is_refused(entry: str) -> None:
    with pytest.raises(ConfigError, match="cart:15"):
        StoreSettings(fatal=(entry,)).fatal_ids()


def test_every_nth_call_is_slow(new_caller: Any) -> None:
    with running_store(customers=2, orders=2, slow_every=3, slow_seconds=0.3) as store:
        caller = new_caller(store.url, store.user, store.key)
        assert caller.session
        taken = []
        for _ in range(5):
            started = time.monotonic()
            assert caller("magentoInfo").rows
            taken.append(time.monotonic() - started)
        assert [seconds >= 0.3 for seconds in taken] == [False, True, False, False, True]


def test_rows_change_while_they_are_paged(new_caller: Any) -> None:
    with running_store(customers=100, orders=400, clock_step=6 * 3600) as store:
        caller = new_caller(store.url, store.user, store.key)
        started = store.shop.now()
        before = {o.row["order_id"]: o.row["updated_at"] for o in store.shop.orders()}
        seen: dict[str, str | None] = {}
        for page in range(1, 20):
            answer = caller.listed(
                "oroOrderList", ("updated_at", "from", "2026-11-01 00:00:00"), page=page, size=10
            )
            if not answer.rows:
                break
            seen |= dict(zip(answer.texts("order_id"), answer.texts("updated_at"), strict=True))
        assert store.shop.now() > started
        now = {o.row["order_id"]: o.row["updated_at"] for o in store.shop.orders()}
        assert len(now) > len(before)
        assert any(before.get(number) != at for number, at in seen.items()), "later pages show later states"


@pytest.mark.parametrize("skew", [3600, -900])
def test_the_web_servers_clock_may_be_ahead_or_behind(skew: int, new_caller: Any) -> None:
    with running_store(customers=2, orders=2, date_skew=skew) as store:
        shown = email.utils.parsedate_to_datetime(
            new_caller(store.url, store.user, store.key)("magentoInfo").date
        )
        assert int(shown.timestamp()) - store.shop.now() == skew


def test_all_at_once_still_gives_the_truth_to_whoever_keeps_asking(new_caller: Any) -> None:
    wrong = {
        "expire_every": 7, "fail_every": 5, "slow_every": 11, "slow_seconds": 0.01, "fatal": ("order:20",),
        "raw_control_characters": True, "clock_step": 60, "date_skew": 120, "wsi": False,
    }  # fmt: skip
    with running_store(customers=20, orders=60, **wrong) as store:
        found: set[str] = set()
        for number in range(1, 61):
            for _ in range(8):
                try:
                    caller = new_caller(store.url, store.user, store.key)
                    answer = caller.listed("salesOrderList", ("entity_id", "eq", str(number)))
                    if answer.status == 200 and b"Fault" not in answer.body:
                        found |= {*answer.texts("order_id")}
                        break
                except (OSError, IndexError, etree.XMLSyntaxError):
                    continue
        assert {str(number) for number in range(1, 61)} - found == {"20"}
