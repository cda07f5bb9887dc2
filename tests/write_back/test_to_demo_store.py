"""Changes over the wire to a store with a real one's oddities, in both dialects and over REST."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.demo_store.running import RunningStore, running_store
from include.magento.faults import RecordGone, WriteRefused
from include.magento.writing import TwoWayDoor, UpdateCustomer
from include.write_back.sender import Sender, outbox_of
from tests.suppressions.addresses import KEYS
from tests.sync.shop import Shop, channel
from tests.write_back.cart_desk import kind_of
from tests.write_back.cart_desk import opened as door_to
from tests.write_back.test_sender import NOON

Open = tuple[RunningStore, TwoWayDoor]


@pytest.fixture(
    scope="module", params=[{}, {"wsi": True}, {"kind": "magento2"}], ids=["standard", "wsi", "magento2"]
)
def opened(request: pytest.FixtureRequest) -> Iterator[Open]:
    """A store of a few people, and a door to it."""
    with running_store(customers=12, orders=2, **request.param) as store, door_to(store) as door:
        yield store, door


def some_customer(store: RunningStore) -> int:
    return next(int(c.row["customer_id"] or 0) for c in store.shop.customers() if c.row["email"])


def test_customer_is_changed_and_the_rest_of_it_stays(opened: Open) -> None:
    store, door = opened
    number = some_customer(store)
    before = store.shop.customer(number)
    change = UpdateCustomer(
        customer_id=number, fields={"firstname": "Änna & Co", "gender": "2", "dob": "1990-12-31"}
    )
    assert door.writer.write(change) is None
    after = store.shop.customer(number)
    assert before is not None
    assert after is not None
    told = {name: value for name, value in after.row.items() if value != before.row[name]}
    told.pop("updated_at")
    told.pop("gender_id", None)
    assert told.items() >= {"firstname": "Änna & Co", "dob": "1990-12-31 00:00:00"}.items()
    assert set(told) <= {"firstname", "dob", "gender"}
    assert after.row["gender"] == "Female"


def test_refusals_are_those_of_a_real_store(opened: Open) -> None:
    store, door = opened
    number = some_customer(store)
    with pytest.raises(RecordGone):
        door.writer.write(UpdateCustomer(customer_id=999, fields={"firstname": "A"}))
    mine = store.shop.customer(number)
    assert mine is not None
    other = next(
        c.row["email"]
        for c in store.shop.customers()
        if c.row["email"] and c.row["website_id"] == mine.row["website_id"] and c.row != mine.row
    )
    with pytest.raises(WriteRefused, match="e-mail"):
        door.writer.write(UpdateCustomer(customer_id=number, fields={"email": str(other).upper()}))


def test_change_goes_from_the_outbox_to_the_store_and_emoji_are_told(opened: Open, crm: Shop) -> None:
    store, door = opened
    number = some_customer(store)
    row = store.shop.customer(number)
    assert row is not None
    ask = (
        "insert into crm.outbox (channel_code, kind, target_key, entity, record_key, wanted_json, base_json,"
        " idempotency_key, requested_by, requested_login) values ('us', 'customer_update', :key, 'customers', :key,"
        " jsonb_build_object('last_name', cast(:name as text)), jsonb_build_object('last_name', cast(:base as text)),"
        " :name, 'a', 'a')"
    )
    for name, base in (("Lovelace", row.row["lastname"]), ("Lovelace 😀", "Lovelace")):
        crm.execute(ask, key=f"us:{number}", name=name, base=base)
    settings = channel(kind=kind_of(store), two_way={"enabled": True})
    outbox = outbox_of(crm.engine, settings)
    sender = Sender(outbox=outbox, channel=settings, door=door, now=lambda: NOON, keys=KEYS)
    states, _ = sender.work_off()
    assert dict(states) == {"done": 1, "rejected": 1}
    told = crm.rows("select last_error from crm.outbox order by outbox_id")
    assert told[1].endswith("holds something else in last_name.")
