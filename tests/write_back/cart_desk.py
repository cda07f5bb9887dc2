"""A demo store, the warehouse that follows it, and somebody who asks for carts and sends what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from include.demo_store.running import RunningStore, running_store
from include.demo_store.settings import ACCESS_TOKEN
from include.entities.catalogue import entity as entity_named
from include.entities.model import Entity
from include.magento.address import StoreAddress
from include.magento.rest import open_door as open_rest_door
from include.magento.rest.address import BearerToken, RestAddress
from include.magento.soap import open_door
from include.magento.writing import TwoWayDoor
from include.sync.window import WindowKind
from include.write_back.desk import left_behind_before
from include.write_back.reading_again import ByNumber
from include.write_back.requests import decide_change, request_change
from include.write_back.sender import Sender, outbox_of
from tests.suppressions.addresses import KEYS
from tests.sync.shop import Shop, channel
from tests.write_back.test_sender import NOON

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Byron",
    "street": "Row 1",
    "city": "Ware",
    "country_code": "GB",
    "postcode": "SG12",
    "telephone": "1",
}
ITEMS = [{"sku": "NW-001", "qty": 2}, {"product_id": 3, "qty": 1}]
TERMS = {"shipping_method": "flatrate_flatrate", "payment_method": "checkmo"}
WANTED: dict[str, Any] = {"store_id": 1, "items": ITEMS, "billing_address": ADDRESS, **TERMS}


EVERY_WAY = pytest.mark.parametrize(
    "served", [{}, {"wsi": True}, {"kind": "magento2"}], ids=["standard", "wsi", "magento2"], indirect=True
)
BOTH_KINDS = pytest.mark.parametrize(
    "served", [{}, {"kind": "magento2"}], ids=["magento1", "magento2"], indirect=True
)


@pytest.fixture(scope="module")
def served(request: pytest.FixtureRequest) -> Iterator[tuple[RunningStore, TwoWayDoor]]:
    """A store of a few people, as a Magento 1 in standard mode unless a test asks for another, and a door to it."""
    settings: dict[str, Any] = getattr(request, "param", {})
    with running_store(customers=12, orders=40, **settings) as store, opened(store) as door:
        yield store, door


def kind_of(store: RunningStore) -> str:
    """What the store runs on."""
    return "magento2" if store.url.endswith("/rest") else "magento1"


def opened(store: RunningStore) -> Any:
    """A door to a demo store of either kind."""
    if kind_of(store) == "magento2":
        return open_rest_door(
            RestAddress(url=store.url, credentials=BearerToken(token=ACCESS_TOKEN)), sleep=lambda _: None
        )
    return open_door(StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key))


@dataclass
class Desk:
    """A store, the warehouse that follows it, and a clock that a test moves."""

    crm: Shop
    store: RunningStore
    door: TwoWayDoor
    at: datetime = NOON

    def read(self, entity: str, *ids: int) -> None:
        """Load what the store has under these ids now."""
        kind = WindowKind.IDS if ids else WindowKind.SNAPSHOT
        self.crm.door = self._door_to(entity_named(entity))
        self.crm.upsert(self.crm.staged(self.crm.planned(entity, kind, **({"ids": ids} if ids else {}))))

    def _door_to(self, entity: Entity) -> Any:
        """The store, asked by number for what it does not list."""
        if entity.probe is None or self.door.delivers(entity.reading[self.crm.channel.kind]) is None:
            return self.door
        return ByNumber(door=self.door, reading=entity.probe.reading[self.crm.channel.kind])

    def ask(self, kind: str, target: str, wanted: dict[str, Any] | None = None, **more: Any) -> int:
        with self.crm.engine.begin() as connection:
            return request_change(connection, kind, target, wanted, **more)

    def decide(self, number: int, decision: str) -> None:
        with self.crm.engine.begin() as connection:
            decide_change(connection, number, decision)

    def sender(self, **two_way: Any) -> Sender:
        settings = channel(kind=kind_of(self.store), two_way={"enabled": True, **two_way})
        outbox = outbox_of(self.crm.engine, settings)
        return Sender(outbox=outbox, channel=settings, door=self.door, now=lambda: self.at, keys=KEYS)

    def send(self, **two_way: Any) -> dict[str, int]:
        """Send what is ready, and read again what it was about, as the DAG does."""
        sender = self.sender(**two_way)
        mine = sender.channel.two_way
        sender.outbox.recover(left_behind_before(mine, self.at), attempts=mine.attempts)
        states, touched = sender.work_off()
        for entity, number in sorted(touched):
            self.read(entity, number)
        return dict(states)

    def entry(self, number: int) -> Any:
        with self.crm.engine.connect() as connection:
            query = text("select * from crm.outbox where outbox_id = :n")
            return connection.execute(query, {"n": number}).one()

    def cart(self, wanted: dict[str, Any] | None = None, target: str = "us:5") -> str:
        """A cart built in the CRM; its key."""
        number = self.ask("cart_create", target, wanted or WANTED)
        assert self.send() == {"done": 1}, self.entry(number).last_error
        return str(self.entry(number).result_json["new_key"])

    def orders(self, cart_key: str) -> list[Any]:
        """The store's orders of a cart."""
        wanted = cart_key.removeprefix("us:")
        return [order for order in self.store.shop.orders() if order.row["quote_id"] == wanted]


def leave_no_open_cart(store: RunningStore, customer_id: str) -> None:
    """Magento 2 keeps one open cart for each customer, and one that holds something is the customer's own."""
    for cart in list(store.shop.carts()):
        if cart.row["is_active"] == "1" and cart.row.get("customer_id") == customer_id:
            store.shop.hand.delete_cart(int(cart.row["entity_id"] or 0))


@pytest.fixture
def desk(served: tuple[RunningStore, TwoWayDoor], shop: Shop) -> Desk:
    store, door = served
    shop.execute(
        "insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,"
        " updated_at) values ('us', 'US', :kind, 'UTC', 'EUR', true, now())",
        kind=kind_of(store),
    )
    if kind_of(store) == "magento2":
        leave_no_open_cart(store, "5")
    shop.channel = channel(kind=kind_of(store))
    shop.door = door  # type: ignore[assignment]  # a real one in place of the records in memory
    made = Desk(shop, store, door)
    made.read("stores")
    made.read("customers", 5)
    return made
