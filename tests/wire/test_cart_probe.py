"""Carts of a stock store, found by asking for one number after the other: bounded, upwards, open ones again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from include.demo_store.generate import oddities
from include.demo_store.running import RunningStore, running_store
from include.entities.catalogue import entity
from include.errors import ConfigError
from include.magento.address import StoreAddress
from include.magento.door import Guesses, Page
from include.magento.soap import open_door
from include.sync.probe import is_probed
from include.sync.request import Request
from tests.wire.chain import Chain, channel, contents
from tests.wire.conftest import Fresh

CARTS = entity("carts")
READING = CARTS.probe.reading["magento1"] if CARTS.probe else None
VIEWS = (1, 2, 3, 4, 5)
ON = {"enabled": True, "most_calls_per_run": 400}
REACH = 400 // 2 // len(VIEWS)
"""Numbers that are asked for surely in one run."""


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[RunningStore]:
    with running_store(customers=60, orders=60, bridge=False, **getattr(request, "param", {})) as store:
        yield store


def address(store: RunningStore) -> StoreAddress:
    return StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)


def shown(store: RunningStore) -> dict[int, Any]:
    """The carts that a stock store shows to those who know their number."""
    carts = {int(cart.row["entity_id"] or 0): cart for cart in store.shop.carts()}
    return {number: cart for number, cart in carts.items() if not oddities.CART_HIDDEN.has(number)}


def probed(store: RunningStore, **guesses: Any) -> tuple[list[Page], int]:
    """Pages, and the calls they took."""
    known = {"low": 0, "high": 0, "known": (), "store_views": VIEWS, "most_calls": 2000}
    with open_door(address(store)) as door:
        door.clock()
        before = door.tally.calls
        pages = list(door.read(READING, Guesses(**known | guesses), page_size=10))
        return pages, door.tally.calls - before


def found(pages: list[Page]) -> list[int]:
    return [int(str(record["entity_id"])) for page in pages for record in page.records]


@pytest.mark.parametrize("store", [{}, {"wsi": True}], ids=["standard", "WS-I"], indirect=True)
def test_every_cart_of_the_range_is_found_in_its_store_view(store: RunningStore) -> None:
    pages, _ = probed(store, high=40)
    carts = shown(store)
    assert [n for n in found(pages) if n <= 40] == [n for n in sorted(carts) if n <= 40]
    records = {int(str(r["entity_id"])): r for page in pages for r in page.records}
    assert all(records[n]["store_id"] == carts[n].row["store_id"] for n in records)
    assert all(len(records[n]["items"]) == len(carts[n].items) for n in records)


def test_new_ones_are_looked_for_until_there_seem_to_be_no_more(store: RunningStore) -> None:
    carts = shown(store)
    pages, calls = probed(store, low=40, high=40)
    assert found(pages) == [n for n in sorted(carts) if n > 40]
    assert calls < len(VIEWS) * (max(carts) - 40 + 25)


def test_calls_are_bounded_whatever_there_is(store: RunningStore) -> None:
    for most in (20, 60, 200):
        _, calls = probed(store, high=60, most_calls=most, known=tuple((n, 1) for n in range(1, 50)))
        assert calls <= most


def test_known_cart_costs_one_call_in_its_own_view(store: RunningStore) -> None:
    carts = shown(store)
    known = tuple((n, int(carts[n].row["store_id"])) for n in sorted(carts)[:20])
    pages, calls = probed(store, low=10_000, high=10_000, known=known)
    assert found(pages) == [n for n, _ in known]
    assert calls == len(known) + 20 * len(VIEWS)


def test_known_cart_that_is_gone_is_said_to_be_absent(store: RunningStore) -> None:
    carts = shown(store)
    first, *others = sorted(carts)[:8]
    store.shop.hand.delete_cart(first)
    known = tuple((n, int(carts[n].row["store_id"])) for n in (first, *others))
    pages, _ = probed(store, low=10_000, high=10_000, known=known)
    assert found(pages) == others
    assert [page.absent for page in pages if page.absent] == [(first,)]


def test_store_without_any_of_the_known_carts_is_not_believed(store: RunningStore) -> None:
    known = tuple((n, 1) for n in range(20_000, 20_010))
    pages, _ = probed(store, low=10_000, high=10_000, known=known)
    assert [page.absent for page in pages] == [()]


@pytest.mark.parametrize("store", [{"fatal": ("cart:5", "cart:6")}], indirect=True)
def test_fatal_cart_is_unreadable_and_costs_no_other(store: RunningStore) -> None:
    pages, _ = probed(store, high=20)
    assert sorted(bad.id for page in pages for bad in page.unreadable) == [5, 6]
    assert [n for n in found(pages) if n <= 20] == [
        n for n in sorted(shown(store)) if n <= 20 and n not in (5, 6)
    ]


def test_channel_that_does_not_ask_for_it_probes_nothing_and_is_told_how(store: RunningStore) -> None:
    with open_door(address(store)) as door:
        assert not is_probed(door, channel(), CARTS)
        assert is_probed(door, channel(cart_probe=ON), CARTS)
        assert "`cart_probe` in the channel file" in str(door.delivers(CARTS.reading["magento1"]))


def test_store_that_lists_carts_is_not_probed() -> None:
    with running_store(customers=20, orders=20) as store, open_door(address(store)) as door:
        assert not is_probed(door, channel(cart_probe=ON), CARTS)


def run(chain: Chain, store: RunningStore, *entities: str) -> dict[int, str]:
    """Load these; the statuses of carts afterwards."""
    chain.load(address(store), entities=entities)
    return {int(str(row["cart_id"])): str(row["status"]) for row in contents(chain.engine, "carts").values()}


def test_runs_find_new_carts_and_close_those_that_the_store_closed(fresh: Fresh, store: RunningStore) -> None:
    chain = fresh(channel=channel(cart_probe=ON))
    assert run(chain, store, "stores", "carts") == {}  # nothing tells a number yet
    run(chain, store, "orders")
    first = run(chain, store, "carts")
    newest_order = max(int(str(row["cart_id"])) for row in contents(chain.engine, "orders").values())
    assert first.keys() == {n for n in shown(store) if n > newest_order - REACH}
    assert "open" in first.values()

    store.tick(hours=24 * 12)
    run(chain, store, "orders")
    second = run(chain, store, "carts")
    third = run(chain, store, "carts")
    assert second.keys() <= third.keys()
    expected = {n: cart for n, cart in shown(store).items() if n > newest_order - REACH}
    assert expected.keys() <= third.keys()
    for number, cart in expected.items():
        if cart.row["converted_at"]:
            assert third[number] == "purchased", number
        else:
            assert third[number] == ("open" if cart.row["is_active"] == "1" else "expired"), number


def test_open_cart_that_is_gone_from_the_store_expires(fresh: Fresh, store: RunningStore) -> None:
    chain = fresh(channel=channel(cart_probe=ON))
    run(chain, store, "stores", "orders")
    gone = next(n for n, status in sorted(run(chain, store, "carts").items()) if status == "open")
    store.shop.hand.delete_cart(gone)
    assert run(chain, store, "carts")[gone] == "expired"
    assert contents(chain.engine, "carts")[f"us:{gone}"]["deleted_at"] is not None


def test_run_that_finds_nothing_new_goes_on_where_it_stopped(fresh: Fresh, store: RunningStore) -> None:
    chain = fresh(channel=channel(cart_probe=ON))
    run(chain, store, "stores", "orders")
    run(chain, store, "carts")
    with chain.engine.begin() as connection:
        # An order of a cart far ahead, behind numbers that nobody has.
        connection.execute(text("update crm.orders set cart_id = 1000 where order_id = 60"))
    low = _window(chain)
    for _ in range(3):
        run(chain, store, "carts")
        before, low = low, _window(chain)
        assert low > before


def _window(chain: Chain) -> int:
    statement = text("select max(id_high) from ops.windows where kind = 'probe' and state = 'done'")
    with chain.engine.connect() as connection:
        return int(connection.execute(statement).scalar_one())


def test_what_needs_a_list_is_refused(fresh: Fresh, store: RunningStore) -> None:
    chain = fresh(channel=channel(cart_probe=ON))
    with pytest.raises(ConfigError, match="leave ids, number, from, to and full_resync out"):
        chain.load(address(store), Request(is_full_resync=True), ["carts"])
