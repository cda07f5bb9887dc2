from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from include.demo_store.running import RunningStore, running_store
from tests.orchestration.house import House

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=10, orders=10) as running:
        yield running


def test_channel_goes_when_it_is_closed_and_comes_back_the_same(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    house.sync("stores", "customers", "orders")
    customers = "select customer_key, email, is_guest from crm.customers order by 1"
    first = house.rows(customers)
    twice = {"channel": "demo", "confirmation": "demo"}
    refused = house.run("maintain_purge_channel", **twice)
    assert (refused.state, house.rows(customers)) == ("failed", first)
    assert refused.sentences[0].startswith("Channel demo may still be read")
    house.channel("demo", store, active=False)
    run = house.run("maintain_purge_channel", **twice)
    assert (run.state, run.events["crm.customers"], run.events["crm.orders"]) == ("success", 1, 1)
    assert house.rows(customers) == []
    assert not (house.folder / "staging" / "demo").exists()
    again = house.run("maintain_purge_channel", **twice)
    assert again.sentences == ("The warehouse has no such channel: see ops.channels for those there are.",)
    house.channel("demo", store)
    house.sync("stores", "customers", "orders")
    assert house.rows(customers) == first


@pytest.mark.parametrize("answers", [{}, {"channel": "demo"}, {"channel": "demo", "confirmation": "dmeo"}])
def test_a_form_without_the_code_twice_purges_nothing(house: House, answers: dict[str, Any]) -> None:
    run = house.run("maintain_purge_channel", **answers)
    assert (run.state, run.events) == ("failed", Counter())
    assert run.sentences[0].startswith("Channel and Confirmation are not the same code")
