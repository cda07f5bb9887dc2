"""A worker killed with -9 before, during or after it places an order: one order, whichever it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest

from tests.write_back.cart_desk import Desk, desk, served
from tests.write_back.test_sender import NOON

__all__ = ["desk", "served"]

WORKER = """
import os, signal, sys
import sqlalchemy
from datetime import UTC, datetime
from include.magento.address import StoreAddress
from include.magento.cart_changes import PlaceOrder
from include.magento.soap import open_door
from include.warehouse.engine import open_engine
from include.write_back.desk import Desk
from include.write_back.sender import Sender
from tests.sync.shop import channel

url, user, key, database, dies_before = sys.argv[1:]
write = Desk.write
def dying(self, entry, change, *, memo=None):
    if dies_before and isinstance(change, PlaceOrder):
        assert self.outbox.mark_sent(entry, self.now(), memo)
        os.kill(os.getpid(), signal.SIGKILL)
    return write(self, entry, change, memo=memo)
Desk.write = dying
with open_door(StoreAddress(wsdl_url=url, user=user, api_key=key)) as door:
    settings = channel(two_way={"enabled": True})
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    Sender(engine=open_engine(sqlalchemy.make_url(database)), channel=settings, door=door, now=lambda: noon).work_off()
print("survived")
"""


class Till:
    """The store's side of the order call: it says when it has been asked and goes on when it is told to."""

    def __init__(self, checkout: Any, *, waits: str) -> None:
        self._order, self._waits = checkout.order, waits
        self.reached, self.may_go_on = threading.Event(), threading.Event()

    def order(self, cart_id: int) -> str:
        number = self._order(cart_id) if self._waits == "after" else ""
        self.reached.set()
        assert self.may_go_on.wait(20)
        return number or str(self._order(cart_id))


def started(desk: Desk, *, dies_before: bool) -> subprocess.Popen[bytes]:
    """A worker in a process of its own."""
    store, database = desk.store, desk.crm.engine.url.render_as_string(hide_password=False)
    told = [store.url, store.user, store.key, database, "yes" if dies_before else ""]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", WORKER, *told], env=environment, stdout=subprocess.PIPE)


@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_worker_killed_around_the_order_call_leaves_one_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    cart = desk.cart()
    number = desk.ask("cart_to_order", cart)
    checkout = desk.store.shop.checkout
    till = Till(checkout, waits=when)
    if when != "before":
        monkeypatch.setattr(checkout, "order", till.order)
    worker = started(desk, dies_before=when == "before")
    try:
        if when != "before":
            assert till.reached.wait(30)
            os.kill(worker.pid, signal.SIGKILL)
        output, _ = worker.communicate(timeout=30)
        assert (worker.returncode, output) == (-signal.SIGKILL, b"")
    finally:
        till.may_go_on.set()
        worker.kill()
    monkeypatch.undo()

    assert desk.entry(number).state == "sending"
    desk.at = NOON + timedelta(minutes=14)
    assert desk.send() == {}  # the first request may still be running
    desk.at += timedelta(minutes=2)
    assert desk.send() == {"done": 1}
    (order,) = desk.orders(cart)
    assert desk.entry(number).result_json["order_number"] == order.row["increment_id"]
    assert desk.crm.one("select status from crm.carts where cart_key = :cart", cart=cart) == "purchased"
