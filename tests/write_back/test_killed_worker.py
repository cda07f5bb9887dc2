"""A worker killed around a call that is not safe to repeat leaves one effect in the store, over the wire.

At four moments: before the request leaves; while it is on its way, and lost with the worker; while the store is at work
on it, which it ends though nobody waits for the answer; and when it is done.
"""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine

from include.demo_store.running import RunningStore, running_store
from include.magento.writing import Change, Leaving, TwoWayDoor, at_once
from include.write_back.desk import left_behind_before
from include.write_back.requests import request_change
from include.write_back.sender import Sender, outbox_of
from tests.suppressions.addresses import KEYS
from tests.sync.shop import Shop, channel
from tests.write_back.cart_desk import kind_of, opened
from tests.write_back.test_sender import NOON

pytestmark = pytest.mark.slow
LATER = NOON + timedelta(minutes=16)
SLOW_SECONDS = 0.1


@pytest.fixture(scope="module", params=["magento1", "magento2"])
def store(request: pytest.FixtureRequest) -> Iterator[RunningStore]:
    """A store of a few people."""
    with running_store(kind=request.param, customers=6, orders=3) as running:
        yield running


def taking_its_time(store: RunningStore) -> AbstractContextManager[RunningStore]:
    """The same store, so slow with every call that a worker can die while one is on its way."""
    slow: dict[str, Any] = {"slow_every": 1, "slow_seconds": SLOW_SECONDS}
    return running_store(shop=store.shop, kind=kind_of(store), **slow)


@dataclass(frozen=True)
class Dying:
    """A door whose worker is killed before a change leaves, while it is on its way, or when the store has made it.

    On its way, it comes to nothing here: this store drops the request of a client that is gone. At work, it is the
    store that sees to the worker's end.
    """

    door: TwoWayDoor
    moment: str

    @property
    def writer(self) -> Any:
        return self

    def write(self, change: Change, *, leaving: Leaving = at_once) -> str | None:
        if self.moment == "before":
            die()
        if self.moment == "on its way":
            threading.Timer(SLOW_SECONDS / 2, die).start()
        self.door.writer.write(change, leaving=leaving)
        if self.moment != "never":
            die()
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.door, name)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work_off(engine: Any, store: RunningStore, door: Any, at: datetime) -> dict[str, int]:
    settings = channel(kind=kind_of(store), two_way={"enabled": True})
    outbox = outbox_of(engine, settings)
    outbox.recover(left_behind_before(settings.two_way, at), attempts=settings.two_way.attempts)
    sender = Sender(outbox=outbox, channel=settings, door=door, now=lambda: at, keys=KEYS)
    return dict(sender.work_off()[0])


@dataclass
class AtWork:
    """The store's side of a call: its worker's end is seen to before it goes on with it."""

    work: Callable[..., Any]
    worker: int = 0
    is_done: threading.Event = field(default_factory=threading.Event)

    def __call__(self, *arguments: Any) -> Any:
        os.kill(self.worker, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(self.worker, 0)[1])
        made = self.work(*arguments)
        self.is_done.set()
        return made


def killed_by(crm: Shop, store: RunningStore, at_work: AtWork) -> None:
    """Work the outbox off in a process that the store's side kills; the store is done when this returns."""
    at_work.worker = forked(crm, store, "never")
    assert at_work.is_done.wait(20)


def killed(crm: Shop, store: RunningStore, moment: str) -> None:
    """Work the outbox off in a process that is killed; it is gone when this returns."""
    with taking_its_time(store) if moment == "on its way" else nullcontext(store) as asked:
        _, status = os.waitpid(forked(crm, asked, moment), 0)
    assert os.WIFSIGNALED(status)


def forked(crm: Shop, store: RunningStore, moment: str) -> int:
    """A process that works the outbox off; its number."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # the other threads are the store's, which stay here
        child = os.fork()
    if not child:
        work_off(create_engine(crm.engine.url), store, Dying(opened(store), moment), NOON)
        os._exit(1)
    return child


def customers(store: RunningStore, moment: str) -> int:
    return sum(one.row["email"] == f"{moment.replace(' ', '.')}@b.example" for one in store.shop.customers())


def comments(store: RunningStore, moment: str) -> int:
    return sum(row["comment"] == f"Killed {moment}" for row in store.shop.order(1).history)


def addresses(store: RunningStore, moment: str) -> int:
    customer = store.shop.customer(5)
    return sum(card["city"] == f"Ware {moment}" for card in customer.addresses) if customer else 0


def new_address(moment: str) -> dict[str, Any]:
    known = {"first_name": "A", "last_name": "B", "street": "1", "country_code": "GB", "telephone": "1"}
    return {**known, "city": f"Ware {moment}"}


def new_customer(moment: str) -> dict[str, Any]:
    return {
        "email": f"{moment.replace(' ', '.')}@b.example",
        "first_name": "A",
        "last_name": "B",
        "website_id": 1,
        "store_id": 1,
    }


@pytest.mark.parametrize("moment", ["before", "on its way", "at work", "after"])
@pytest.mark.parametrize(
    ("kind", "target", "wanted", "effects", "call"),
    [
        ("customer_create", "us", new_customer, customers, "create_customer"),
        (
            "order_comment",
            "us:1",
            lambda moment: {"comment_text": f"Killed {moment}"},
            comments,
            "change_order",
        ),
        ("address_create", "us:5", new_address, addresses, "write_address"),
    ],
    ids=["customer_create", "order_comment", "address_create"],
)
def test_worker_killed_around_the_call_leaves_one_effect(
    crm: Shop,
    store: RunningStore,
    moment: str,
    kind: str,
    target: str,
    wanted: Callable[[str], dict[str, Any]],
    effects: Callable[[RunningStore, str], int],
    call: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with crm.engine.begin() as connection:
        request_change(connection, kind, target, wanted(moment))
    if moment == "at work":
        at_work = AtWork(getattr(store.shop.api, call))
        monkeypatch.setattr(store.shop.api, call, at_work)
        killed_by(crm, store, at_work)
        monkeypatch.undo()
        assert effects(store, moment) == 1
    else:
        killed(crm, store, moment)
    assert crm.rows("select state, sent_at is not null from crm.outbox") == [("sending", True)]
    with opened(store) as door:
        assert (
            work_off(crm.engine, store, door, NOON + timedelta(minutes=14)) == {}
        )  # it may still be running
        assert work_off(crm.engine, store, door, LATER) == {"done": 1}
        assert work_off(crm.engine, store, door, LATER) == {}
    assert effects(store, moment) == 1
