"""A worker killed with -9 before, during or after it makes a cart or places an order: one of it, whichever it was.

During is when the store has the request and is still at work; it goes on though nobody waits for its answer.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine

from include.magento.cart_changes import CreateCart, PlaceOrder
from include.magento.writing import Change
from include.write_back.entry import Entry, Json
from include.write_back.sender import Sender, outbox_of
from tests.suppressions.addresses import KEYS
from tests.sync.shop import channel
from tests.write_back.cart_desk import BOTH_KINDS, WANTED, Desk, desk, kind_of, opened, served
from tests.write_back.test_sender import NOON

__all__ = ["desk", "served"]


def worked_off(desk: Desk, dies_before: str) -> None:
    """Work the outbox off, and die by SIGKILL when a change of this name is committed to be on its way."""
    from include.write_back.desk import Desk as Sending

    write = Sending.write

    def dying(sending: Sending, entry: Entry, change: Change, *, memo: Json | None = None) -> str | None:
        if type(change).__name__ == dies_before:
            assert sending.outbox.mark_sent(entry, sending.now(), memo)
            os.kill(os.getpid(), signal.SIGKILL)
        return write(sending, entry, change, memo=memo)

    Sending.write = dying  # type: ignore[method-assign]
    engine = create_engine(desk.crm.engine.url)
    with opened(desk.store) as door:
        settings = channel(kind=kind_of(desk.store), two_way={"enabled": True})
        outbox = outbox_of(engine, settings)
        Sender(outbox=outbox, channel=settings, door=door, now=lambda: NOON, keys=KEYS).work_off()


@dataclass
class Till:
    """The store's side of a call: it says when it has been asked and goes on when it is told to."""

    work: Callable[..., Any]
    waits: str
    reached: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    is_done: threading.Event = field(default_factory=threading.Event)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        made = [self.work(*arguments, **named)] if self.waits == "after" else []
        self.reached.set()
        assert self.may_go_on.wait(20)
        made = made or [self.work(*arguments, **named)]
        self.is_done.set()
        return made[0]


def started(desk: Desk, *, dies_before: str) -> int:
    """A worker in a process of its own; its number."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # the other threads are the store's, which stay here
        child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            worked_off(desk, dies_before)
        os._exit(1)
    return child


def killed(desk: Desk, patched: pytest.MonkeyPatch, when: str, change: str, call: str) -> None:
    """Have the outbox worked off by a worker that dies around a change, which is a call of the store's checkout."""
    till = Till(getattr(desk.store.shop.checkout, call), waits=when)
    if when != "before":
        patched.setattr(desk.store.shop.checkout, call, till)
    worker = started(desk, dies_before=change if when == "before" else "")
    try:
        if when != "before":
            assert till.reached.wait(30)
            os.kill(worker, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(worker, 0)[1])
    finally:
        till.may_go_on.set()
    assert when == "before" or till.is_done.wait(20)
    patched.undo()


def looked_up_in_time(desk: Desk, number: int) -> None:
    """Nothing is done while the first request may still be running, and then the entry is."""
    assert desk.entry(number).state == "sending"
    desk.at = NOON + timedelta(minutes=14)
    assert desk.send() == {}
    desk.at += timedelta(minutes=2)
    assert desk.send() == {"done": 1}, desk.entry(number).last_error


@BOTH_KINDS
@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_worker_killed_around_the_order_call_leaves_one_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    cart = desk.cart()
    number = desk.ask("cart_to_order", cart)
    killed(desk, monkeypatch, when, PlaceOrder.__name__, "order")
    assert len(desk.orders(cart)) == (when != "before")
    looked_up_in_time(desk, number)
    (order,) = desk.orders(cart)
    assert desk.entry(number).result_json["order_number"] == order.row["increment_id"]
    assert desk.crm.one("select status from crm.carts where cart_key = :cart", cart=cart) == "purchased"


@BOTH_KINDS
@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_worker_killed_around_the_making_of_a_cart_leaves_one_cart_with_its_pieces(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    desk.store.tick(2)  # what earlier tests made is no longer of the hour before
    desk.read("stores")
    before = set(desk.store.shop.checkout._written)
    number = desk.ask("cart_create", "us:5", WANTED)
    killed(desk, monkeypatch, when, CreateCart.__name__, "create")
    looked_up_in_time(desk, number)
    (made,) = set(desk.store.shop.checkout._written) - before
    assert desk.entry(number).result_json["cart_id"] == made
    assert [item["qty"] for item in desk.store.shop.cart(made).items] == ["2.0000", "1.0000"]


@BOTH_KINDS
@pytest.mark.parametrize("when", ["during", "after"])
def test_worker_killed_while_products_are_put_in_doubles_no_pieces(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    number = desk.ask("cart_create", "us:5", WANTED)
    killed(desk, monkeypatch, when, "", "add")
    looked_up_in_time(desk, number)
    made = desk.entry(number).result_json["cart_id"]
    assert [item["qty"] for item in desk.store.shop.cart(made).items] == ["2.0000", "1.0000"]
