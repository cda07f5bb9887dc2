"""A worker killed around a call that is not safe to repeat leaves one effect in the store, over the wire."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine

from include.demo_store.running import RunningStore, running_store
from include.magento.address import StoreAddress
from include.magento.soap import open_door
from include.magento.soap.client import SoapDoor
from include.magento.writing import Change, Leaving, TwoWayDoor, at_once
from include.write_back.requests import request_change
from include.write_back.sender import Sender
from tests.sync.shop import Shop, channel
from tests.write_back.test_sender import NOON

pytestmark = pytest.mark.slow
LATER = NOON + timedelta(minutes=16)
SLOW_SECONDS = 0.1


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    """A store that takes its time for every call, so that a worker can die while one is on its way."""
    with running_store(customers=6, orders=3, slow_every=1, slow_seconds=SLOW_SECONDS) as running:
        yield running


@dataclass(frozen=True)
class Dying:
    """A door whose worker is killed before a change leaves, while it is on its way, or when the store has made it.

    On its way, it comes to nothing here: this store drops the request of a client that is gone.
    """

    door: TwoWayDoor
    moment: str

    @property
    def writer(self) -> Any:
        return self

    def write(self, change: Change, *, leaving: Leaving = at_once) -> str | None:
        if self.moment == "before":
            die()
        if self.moment == "during":
            threading.Timer(SLOW_SECONDS / 2, die).start()
        self.door.writer.write(change, leaving=leaving)
        die()
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.door, name)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def opened(store: RunningStore) -> SoapDoor:
    return open_door(StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key))


def work_off(engine: Any, door: Any, at: datetime) -> dict[str, int]:
    sender = Sender(engine=engine, channel=channel(two_way={"enabled": True}), door=door, now=lambda: at)
    return dict(sender.work_off()[0])


def killed(crm: Shop, store: RunningStore, moment: str) -> None:
    """Work the outbox off in a process that is killed; it is gone when this returns."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # the other threads are the store's, which stay here
        child = os.fork()
    if not child:
        work_off(create_engine(crm.engine.url), Dying(opened(store), moment), NOON)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def customers(store: RunningStore, moment: str) -> int:
    return sum(one.row["email"] == f"{moment}@b.example" for one in store.shop.customers())


def comments(store: RunningStore, moment: str) -> int:
    return sum(row["comment"] == f"Killed {moment}" for row in store.shop.order(1).history)


def new_customer(moment: str) -> dict[str, Any]:
    return {
        "email": f"{moment}@b.example",
        "first_name": "A",
        "last_name": "B",
        "website_id": 1,
        "store_id": 1,
    }


@pytest.mark.parametrize("moment", ["before", "during", "after"])
@pytest.mark.parametrize(
    ("kind", "target", "wanted", "effects"),
    [
        ("customer_create", "us", new_customer, customers),
        ("order_comment", "us:1", lambda moment: {"comment_text": f"Killed {moment}"}, comments),
    ],
    ids=["customer_create", "order_comment"],
)
def test_worker_killed_around_the_call_leaves_one_effect(
    crm: Shop,
    store: RunningStore,
    moment: str,
    kind: str,
    target: str,
    wanted: Callable[[str], dict[str, Any]],
    effects: Callable[[RunningStore, str], int],
) -> None:
    with crm.engine.begin() as connection:
        request_change(connection, kind, target, wanted(moment))
    killed(crm, store, moment)
    assert crm.rows("select state, sent_at is not null from crm.outbox") == [("sending", True)]
    with opened(store) as door:
        assert work_off(crm.engine, door, NOON + timedelta(minutes=14)) == {}  # it may still be running
        assert work_off(crm.engine, door, LATER) == {"done": 1}
        assert work_off(crm.engine, door, LATER) == {}
    assert effects(store, moment) == 1
