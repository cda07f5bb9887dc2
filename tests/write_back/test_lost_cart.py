"""A cart whose id was lost with the worker that made it: found again where that is sure, else left and told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from include.demo_store.running import running_store
from include.demo_store.stores import STORE_BY_ID
from include.magento.address import StoreAddress
from include.magento.cart_changes import CreateCart
from include.magento.soap import open_door
from include.magento.writing import Change
from tests.write_back.cart_desk import WANTED, Desk, desk, served
from tests.write_back.test_sender import NOON, times_out

__all__ = ["desk", "served"]
GUEST = {**WANTED, "email": "new@b.example", "first_name": "N", "last_name": "B"}


def an_hour_without_carts(desk: Desk) -> None:
    """What earlier tests made is no longer of the hour before."""
    desk.store.tick(2)
    desk.read("stores")  # any call tells the door what the store's clock says now


def written(desk: Desk) -> set[int]:
    """Carts that were made over the API."""
    return set(desk.store.shop.checkout._written)


def lose_the_answer(desk: Desk, patched: pytest.MonkeyPatch, *, did: bool = True) -> None:
    """The store makes the cart, or not, and its answer never comes."""
    writer = desk.door.writer
    write: Callable[..., Any] = writer.write

    def losing(change: Change, **more: Any) -> Any:
        if isinstance(change, CreateCart):
            if did:
                write(change, **more)
            times_out()
        return write(change, **more)

    patched.setattr(writer, "write", losing)


def a_quarter_later(desk: Desk) -> None:
    desk.at += timedelta(minutes=16)


@pytest.mark.parametrize(("kind", "target"), [("cart_create", "us:5"), ("cart_create_for_guest", "us")])
@pytest.mark.parametrize("did", [True, False])
def test_cart_whose_id_was_lost_is_gone_on_with(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, target: str, did: bool
) -> None:
    an_hour_without_carts(desk)
    before = written(desk)
    number = desk.ask(kind, target, GUEST if target == "us" else WANTED)
    with monkeypatch.context() as patched:
        lose_the_answer(desk, patched, did=did)
        assert desk.send() == {"unknown": 1}
    lost = written(desk) - before
    assert len(lost) == did
    a_quarter_later(desk)
    assert desk.send() == {"done": 1}, desk.entry(number).last_error
    made = written(desk) - before
    assert len(made) == 1
    assert desk.entry(number).result_json["cart_id"] in (lost or made)


def test_cart_that_may_be_somebody_elses_is_left_and_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    an_hour_without_carts(desk)
    theirs = desk.store.shop.checkout.create(STORE_BY_ID[1])
    number = desk.ask("cart_create", "us:5", WANTED)
    with monkeypatch.context() as patched:
        lose_the_answer(desk, patched)
        assert desk.send() == {"unknown": 1}
    ours = max(written(desk))
    a_quarter_later(desk)
    with caplog.at_level(logging.WARNING):
        assert desk.send() == {"done": 1}
    assert desk.entry(number).result_json["cart_id"] not in (theirs, ours)
    assert f"one of these empty carts in the store: [{theirs}, {ours}]" in caplog.text


def test_two_entries_never_go_on_with_one_cart(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    an_hour_without_carts(desk)
    before = written(desk)
    numbers = [desk.ask("cart_create_for_guest", "us", GUEST) for _ in range(2)]
    with monkeypatch.context() as patched:
        lose_the_answer(desk, patched)
        assert desk.send() == {"unknown": 2}
    (kept, _) = sorted(written(desk) - before)
    desk.crm.execute(
        "update crm.outbox set result_json = result_json || jsonb_build_object('cart_id', cast(:cart as int))"
        " where outbox_id = :n",
        cart=kept,
        n=numbers[0],
    )
    a_quarter_later(desk)
    assert desk.send() == {"done": 2}
    carts = [desk.entry(number).result_json["cart_id"] for number in numbers]
    assert carts == sorted(written(desk) - before)


def test_store_that_lists_no_carts_is_asked_for_another_and_it_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = desk.ask("cart_create", "us:5", WANTED)
    with running_store(shop=desk.store.shop, bridge=False) as stock:
        address = StoreAddress(wsdl_url=stock.url, user=stock.user, api_key=stock.key)
        with open_door(address) as door:
            there = Desk(desk.crm, stock, door, at=NOON)
            with monkeypatch.context() as patched:
                lose_the_answer(there, patched)
                assert there.send() == {"unknown": 1}
            there.at += timedelta(minutes=16)
            with caplog.at_level(logging.WARNING):
                assert there.send() == {"done": 1}, there.entry(number).last_error
    assert f"entry={number} may have left an empty cart in the store, which lists none" in caplog.text
