"""What was written is read again, and what somebody removed in the store is marked, not made again."""

from __future__ import annotations

from typing import Any

import pytest

from include.demo_store.running import running_store
from include.entities.model import Entity
from include.errors import TransientError
from include.magento.address import StoreAddress
from include.magento.cart_changes import CreateCart
from include.magento.door import Reading
from include.magento.faults import CallRefused
from include.magento.soap import open_door
from include.sync.by_id import ById
from include.write_back.reading_again import Unread, read_again, unread
from tests.sync.records import customer, order
from tests.sync.shop import Door, Shop
from tests.write_back.test_sender import Bench, TwoWayStore


def reader(crm: Shop, door: Any) -> ById:
    return ById(
        engine=crm.engine, door=door, channel=crm.channel, mapping=crm.mapping, root=crm.root, run_id="run"
    )


def wanted(entity: str, *numbers: int) -> list[Unread]:
    records = frozenset((entity, number) for number in numbers)
    return [Unread(outbox_id=1, attempt=1, state="rejected", records=records)]


def test_customer_removed_in_the_store_is_marked_deleted_and_others_are_as_they_are_now(crm: Shop) -> None:
    crm.load("customers", customer(6), customer(7))
    bench = Bench(crm, TwoWayStore(records=[customer(6, firstname="Zoe", updated_at="2026-03-09 09:00:00")]))
    for number in (5, 6):
        bench.ask({"last_name": "King"}, f"us:{number}")
    assert bench.send() == {"rejected": 1, "done": 1}
    read_again(reader(crm, bench.store), unread(crm.engine, "us"))
    assert unread(crm.engine, "us") == []
    known = "select customer_id, first_name, deleted_at is not null from crm.customers where not is_guest order by 1"
    assert crm.rows(known) == [(5, "Ada", True), (6, "Zoe", False), (7, "Ada", False)]


def test_record_that_the_store_cannot_deliver_is_not_taken_for_gone(crm: Shop) -> None:
    door = Door(records=[customer(5)], unreadable={5})
    read_again(reader(crm, door), wanted("customers", 5))
    assert crm.one("select deleted_at is null from crm.customers where customer_id = 5")


class DoorWithoutLists(Door):
    def delivers(self, reading: Reading) -> str | None:
        return "Only the bridge lists them."


def test_records_that_the_store_cannot_list_are_left_to_the_next_sync(crm: Shop) -> None:
    door = DoorWithoutLists()
    read_again(reader(crm, door), wanted("carts", 5))
    assert door.asked == []


def test_cart_of_a_store_that_lists_none_is_read_by_its_number_and_one_that_is_gone_left_alone(
    crm: Shop,
) -> None:
    with running_store(customers=6, orders=3, bridge=False) as store:
        address = StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)
        with open_door(address) as door:
            number = int(door.writer.write(CreateCart(store_id=2)) or 0)
            read_again(reader(crm, door), wanted("carts", number, 99_999))
    assert crm.rows("select cart_id, store_id from crm.carts") == [(number, 2)]


def test_what_another_workers_trouble_or_an_unreadable_entity_kept_from_being_read_is_read_later(
    crm: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(crm, TwoWayStore(records=[customer(5, lastname="Byron"), order(1)]))
    bench.ask({"last_name": "King"})
    bench.ask({}, "us:1", "order_unhold")
    bench.ask({"last_name": "Milbanke"}, "us:5", base={"last_name": "King"})
    bench.store.accepted = lambda change: "Milbanke" not in str(change)
    with pytest.raises(CallRefused):
        bench.send()
    one = reader(crm, bench.store)
    records = {record for entry in unread(crm.engine, "us") for record in entry.records}
    assert records == {("customers", 5), ("orders", 1)}
    bench.store.records[0]["updated_at"] = "2026-03-09 09:00:00"

    def broken(entity: Entity) -> bool:
        return entity.name == "customers"

    read = ById.read

    def reads(self: ById, entity: Entity, *more: Any, **given: Any) -> int:
        if broken(entity):
            raise TransientError("The store is away.")
        return read(self, entity, *more, **given)

    monkeypatch.setattr(ById, "read", reads)
    with pytest.raises(TransientError, match="away"):
        read_again(one, unread(crm.engine, "us"))
    assert [entry.records for entry in unread(crm.engine, "us")] == [{("customers", 5)}]
    monkeypatch.undo()
    read_again(one, unread(crm.engine, "us"))
    assert unread(crm.engine, "us") == []
    assert crm.one("select last_name from crm.customers where customer_id = 5") == "King"
