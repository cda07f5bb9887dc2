"""Several changes asked for before the first has left: none takes another for somebody else's."""

from __future__ import annotations

import pytest

from tests.sync.records import customer
from tests.sync.shop import Shop
from tests.write_back.test_sender import Bench, TwoWayStore

PRIORITIES = pytest.mark.parametrize("priority", ["remote", "local", "ask"])


@pytest.fixture
def bench(crm: Shop) -> Bench:
    return Bench(crm, TwoWayStore(records=[customer(5, firstname="Ada", lastname="Byron")]))


@PRIORITIES
def test_correction_of_an_edit_that_has_not_left_yet_is_written_too(bench: Bench, priority: str) -> None:
    for name in ("Agusta", "Augsta", "Augusta"):
        bench.ask({"first_name": name})
    assert bench.send(priority=priority) == {"done": 3}
    assert bench.store.records[0]["firstname"] == "Augusta"
    reasons = bench.crm.rows("select reason from ops.write_back_log order by entry_id")
    assert reasons == ["only the CRM changed it", *2 * ["only the CRM changed it, before this too"]]


def test_store_that_changed_what_an_earlier_edit_wrote_keeps_its_priority(bench: Bench) -> None:
    bench.ask({"first_name": "Agusta"})
    second = bench.ask({"first_name": "Augusta"})
    bench.send(daily_ceiling=1)
    bench.store.records[0]["firstname"] = "Adele"
    bench.send(priority="remote")
    assert bench.entry(second).result_json == {"written": []}
    assert bench.store.records[0]["firstname"] == "Adele"


def test_store_that_goes_back_to_what_the_crm_once_wrote_has_changed_it(bench: Bench) -> None:
    bench.ask({"first_name": "Augusta"})
    bench.send()
    bench.ask({"first_name": "Ada Augusta"}, base={"first_name": "Adele"})  # what the shop made of it since
    bench.send(priority="remote")
    assert bench.store.records[0]["firstname"] == "Augusta"
