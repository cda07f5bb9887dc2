from __future__ import annotations

import asyncio
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.demo_store.running import RunningStore, running_store
from include.identity.guest_keys import GuestKeys
from tests.orchestration.house import House

pytestmark = pytest.mark.slow

KEYS = GuestKeys(b"the same in every test")
PERSON = """
select customer_key, email_normalised from crm.customers as c
where email_normalised is not null and exists (select from crm.orders as o where o.customer_key = c.customer_key)
order by customer_key limit 1
"""


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=40, orders=40) as running:
        yield running


@pytest.fixture
def loaded(house: House, store: RunningStore) -> House:
    house.channel("demo", store)
    house.sync("stores", "customers", "orders")
    return house


def rows_with(house: House, email: str) -> int:
    """Rows of customers and orders in which the address stands."""
    tables = ("customers", "customers_history", "orders", "order_addresses")
    count = "select count(*) from crm.{} as t where lower(t::text) like :some"
    return sum(house.rows(count.format(table), some=f"%{email}%")[0][0] for table in tables)


def test_person_named_by_key_is_erased_and_stays_so(
    loaded: House, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    key, email = loaded.rows(PERSON)[0]
    assert rows_with(loaded, email) > 1
    run = loaded.run("maintain_erase_person", person_token=key, confirmation_token=key)
    assert (run.state, run.events["crm.customers"], run.events["crm.orders"]) == ("success", 1, 1)
    assert rows_with(loaded, email) == 0
    assert set(run.results["erase"]["return_value"]) == {"erasure_id", "rows"}
    assert email not in "".join(capfd.readouterr()) + caplog.text
    assert not [path for path in (loaded.folder / "staging").rglob("*") if email in text_of(path)]
    resync = loaded.sync("customers", "orders", full_resync=True)
    assert [run.events for run in resync] == [Counter(), Counter()]
    assert rows_with(loaded, email) == 0
    assert loaded.rows("select files_rewritten_at is not null from ops.erasures") == [(True,)]


def text_of(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode().lower() if path.name.endswith(".gz") else ""


def test_token_of_an_address_that_nobody_has_is_green_and_kept(house: House) -> None:
    token = KEYS.email_hash("nobody@example.com")
    run = house.run("maintain_erase_person", person_token=token, confirmation_token=token)
    assert (run.state, run.states["tell_readers"], run.events) == ("success", "skipped", Counter())
    assert house.rows("select email_hash from ops.erasures") == [(token,)]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Nobody is named"),
        ({"person_token": "demo:1"}, "Person and Confirmation differ"),
        ({"person_token": "demo:1", "confirmation_token": "demo:2"}, "Person and Confirmation differ"),
        ({"person_token": "demo:404404", "confirmation_token": "demo:404404"}, "No customer has the key"),
    ],
)
def test_a_form_that_names_nobody_erases_nobody(house: House, answers: dict[str, Any], sentence: str) -> None:
    run = house.run("maintain_erase_person", **answers)
    assert (run.state, run.states["forget_in_files"]) == ("failed", "upstream_failed")
    assert run.sentences[0].startswith(sentence)
    assert house.rows("select * from ops.erasures") == []


def test_the_form_refuses_an_e_mail(house: House) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = house.bag.dags["maintain_erase_person"].params
    with pytest.raises(ParamValidationError):
        params.get_param("person_token").resolve("ada@example.com")


class AuditLog:
    """What Airflow would write into its table `log`."""

    def __init__(self) -> None:
        self.entries: list[Any] = []

    def add(self, entry: Any) -> None:
        self.entries.append(entry)

    def commit(self) -> None:
        """Airflow commits here, before the form is looked at."""


def test_an_e_mail_typed_into_the_form_is_hidden_in_the_audit_log(house: House) -> None:
    """The request is logged although it is refused: only the names of the fields keep its values out."""
    from airflow.api_fastapi.logging.decorators import action_logging
    from starlette.requests import Request

    params = house.bag.dags["maintain_erase_person"].params
    body = json.dumps({"conf": dict.fromkeys(params, "ada@example.com"), "logical_date": None}).encode()
    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", b"application/json")],
        "query_string": b"",
        "path_params": {"dag_id": "maintain_erase_person"},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    log = AuditLog()
    asyncio.run(action_logging("trigger_dag_run")(Request(scope, receive), log, None))
    (entry,) = log.entries
    assert json.loads(entry.extra)["conf"] == dict.fromkeys(params, "***")
