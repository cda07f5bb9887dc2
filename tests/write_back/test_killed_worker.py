"""A worker killed around a call leaves one effect in the store, over the wire, be the call safe to repeat or not.

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
from tests.sync.records import order, subscriber
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


def last_name(store: RunningStore, moment: str) -> int:
    customer = store.shop.customer(5)
    return int(customer is not None and customer.row["lastname"] == f"Killed {moment}")


def held(store: RunningStore, moment: str) -> int:
    return int(store.shop.order(2).row["state"] == "holded")


def off_the_list(store: RunningStore, moment: str) -> int:
    return sum((one["subscriber_id"], one["subscriber_status"]) == ("3", "3") for one in entries(store))


def entries(store: RunningStore) -> list[dict[str, Any]]:
    return [dict(one) for one in store.shop.subscribers()]


def nothing(moment: str) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Case:
    """A change, what it does in the store, and the store's function that does it.

    Attributes:
        target: key of the record; in Magento 2 an entry of the newsletter is its customer's.
        wanted: the fields by moment.
        effects: how often it has happened.
        call: where the store's function is.
        undone: puts the store back, where a second time would find nothing to do.
    """

    kind: str
    target: dict[str, str]
    wanted: Callable[[str], dict[str, Any]]
    effects: Callable[[RunningStore, str], int]
    call: tuple[str, str]
    undone: Callable[[RunningStore], None] = lambda store: None

    def base(self, store: RunningStore) -> dict[str, Any] | None:
        """What the writer saw, where that matters."""
        if self.kind != "customer_update":
            return None
        customer = store.shop.customer(5)
        return {"last_name": customer and customer.row["lastname"]}


def everywhere(key: str) -> dict[str, str]:
    return {"magento1": key, "magento2": key}


CASES = [
    Case("customer_create", everywhere("us"), new_customer, customers, ("api", "create_customer")),
    Case(
        "order_comment",
        everywhere("us:1"),
        lambda moment: {"comment_text": f"Killed {moment}"},
        comments,
        ("api", "change_order"),
    ),
    Case("address_create", everywhere("us:5"), new_address, addresses, ("api", "write_address")),
    Case(
        "customer_update",
        everywhere("us:5"),
        lambda moment: {"last_name": f"Killed {moment}"},
        last_name,
        ("hand", "update_customer"),
    ),
    Case(
        "order_hold",
        everywhere("us:2"),
        nothing,
        held,
        ("api", "change_order"),
        lambda store: store.shop.api.change_order(2, "unheld"),
    ),
    Case(
        "newsletter_unsubscribe",
        {"magento1": "us:3", "magento2": "us:5"},
        nothing,
        off_the_list,
        ("hand", "change_subscription"),
        lambda store: store.shop.hand.change_subscription(3, 1),
    ),
]


@pytest.fixture
def known(crm: Shop) -> Shop:
    """The warehouse knows, besides, the order and the entries that are changed."""
    crm.load("orders", order(2, state="processing"))
    crm.load(
        "newsletter_subscribers", subscriber(3, subscriber_status="1"), subscriber(5, subscriber_status="1")
    )
    return crm


@pytest.mark.parametrize("moment", ["before", "on its way", "at work", "after"])
@pytest.mark.parametrize("case", CASES, ids=[case.kind for case in CASES])
def test_worker_killed_around_the_call_leaves_one_effect(
    known: Shop, store: RunningStore, moment: str, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with known.engine.begin() as connection:
        target = case.target[kind_of(store)]
        request_change(connection, case.kind, target, case.wanted(moment), base=case.base(store))
    if moment == "at work":
        whose, name = getattr(store.shop, case.call[0]), case.call[1]
        at_work = AtWork(getattr(whose, name))
        monkeypatch.setattr(whose, name, at_work)
        killed_by(known, store, at_work)
        monkeypatch.undo()
    else:
        killed(known, store, moment)
    assert case.effects(store, moment) == (moment in ("at work", "after"))
    assert known.rows("select state, sent_at is not null from crm.outbox") == [("sending", True)]
    with opened(store) as door:
        # It may still be running.
        assert work_off(known.engine, store, door, NOON + timedelta(minutes=14)) == {}
        assert work_off(known.engine, store, door, LATER) == {"done": 1}
        assert work_off(known.engine, store, door, LATER) == {}
    assert case.effects(store, moment) == 1
    case.undone(store)
