"""The DAGs maintain_quarantine and maintain_replay, whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from include.demo_store.running import RunningStore, running_store
from tests.orchestration.house import House

pytestmark = pytest.mark.slow

READ, CHECK, DISMISS = "read again from the store", "check again as kept", "dismiss"


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=10, orders=10) as running:
        yield running


@pytest.fixture
def loaded(house: House, store: RunningStore) -> House:
    house.channel("demo", store)
    house.sync("stores", "customers")
    return house


def wait(house: House, *keys: str) -> None:
    """Records wait that were lost from the warehouse."""
    for key in keys:
        house.execute(f"delete from crm.customers where customer_key = '{key}'")  # noqa: S608 - our own
        house.execute(
            "insert into ops.quarantine (channel_code, entity, record_key, reasons_json) "  # noqa: S608 - our own
            f"values ('{key.partition(':')[0]}', 'customers', '{key}', '[]')"
        )


def waiting(house: House) -> list[Any]:
    query = "select record_key, resolution, resolution_reason from ops.quarantine order by record_key"
    return [tuple(row) for row in house.rows(query)]


def test_waiting_records_are_read_again_and_a_broken_channel_harms_no_other(loaded: House) -> None:
    wait(loaded, "demo:1", "demo:2", "closed:3")
    run = loaded.run("maintain_quarantine", channel="demo", records="demo:1")
    assert (run.state, run.events["crm.customers"], run.results["look_again"]["return_value"]) == (
        "success",
        1,
        {"rows": 1},
    )
    assert waiting(loaded) == [
        ("closed:3", None, None),
        ("demo:1", "arrived_healthy", None),
        ("demo:2", None, None),
    ]
    run = loaded.run("maintain_quarantine")
    assert run.state == "failed"
    assert "There is no channel 'closed'" in run.sentences[0]
    assert [entry[1] for entry in waiting(loaded)] == [None, "arrived_healthy", "arrived_healthy"]
    (run,) = loaded.sync("customers")
    assert run.events["crm.customers"] == 1  # of demo:2, which a red run could not tell of


def test_records_that_cannot_be_asked_for_are_one_sentence(loaded: House) -> None:
    loaded.execute(
        "insert into ops.quarantine (channel_code, entity, record_key, reasons_json) "
        "values ('demo', 'stores', 'demo:stores', '[]')"
    )
    run = loaded.run("maintain_quarantine")
    assert "cannot be asked for one by one: start sync_stores" in run.sentences[0]


def test_what_was_kept_of_waiting_records_is_checked_again(loaded: House) -> None:
    wait(loaded, "demo:1")
    run = loaded.run("maintain_quarantine", action=CHECK)
    assert (run.state, run.states["tell_readers"], run.events) == ("success", "skipped", Counter())
    assert waiting(loaded) == [("demo:1", None, None)]


def test_dismissing_takes_names_and_a_reason(loaded: House) -> None:
    wait(loaded, "demo:1", "demo:2")
    for answers in ({}, {"records": "demo:1"}, {"reason": "x"}):
        run = loaded.run("maintain_quarantine", action=DISMISS, **answers)
        assert run.sentences == ("To dismiss records, name them in Records and say why in Reason.",)
    run = loaded.run("maintain_quarantine", action=DISMISS, records="demo:1", reason="a test")
    assert run.state == "success"
    assert waiting(loaded) == [("demo:1", "dismissed", "a test"), ("demo:2", None, None)]


def test_replay_mends_what_a_mapping_had_made_wrong(loaded: House) -> None:
    loaded.execute(
        "update crm.customers set created_in = 'wrong', row_hash = 0 where customer_key = 'demo:1'"
    )
    run = loaded.run("maintain_replay", channel="demo", entity="customers")
    assert (run.state, run.events["crm.customers"], run.results["replay"]["return_value"]) == (
        "success",
        1,
        {"rows": 1},
    )
    assert loaded.rows("select * from crm.customers where created_in = 'wrong'") == []
    loaded.execute(
        "update ops.windows set published_at = null where entity = 'customers' and kind = 'replay'"
    )
    again = loaded.run("maintain_replay", channel="demo", entity="customers")
    assert (again.states["tell_readers"], again.events) == ("skipped", Counter())
    (sync,) = loaded.sync("customers")
    assert sync.events["crm.customers"] == 1  # what another run had loaded and not told of yet
    again = loaded.run("maintain_replay", channel="demo", entity="customers", windows="1, 2")
    assert again.sentences[0].startswith("No raw copy is kept of window 1 of demo customers")
    assert loaded.run("maintain_replay").sentences[0].startswith("A replay is of one channel's entity")
