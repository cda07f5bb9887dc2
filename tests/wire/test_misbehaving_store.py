"""However badly a store behaves while it is read: the warehouse ends as if it had behaved.

One thing is lost on the way, and has to be: a control character that old shops send as it is cannot be in XML, while
newer ones spell it out in the text (`&#11;`). Comparisons with the former leave both out.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.demo_store.running import RunningStore, running_store
from include.entities import catalogue
from include.magento.address import StoreAddress
from tests.wire.chain import TABLES_OF_MAGENTO_2, Chain
from tests.wire.conftest import Fresh

pytestmark = pytest.mark.slow(50)

SIZE: dict[str, Any] = {"customers": 30, "orders": 90, "eav_attributes": True}
HOURS = 30.0
WAYS: dict[str, dict[str, Any]] = {
    "sessions_end_lists_need_too_much_memory_and_the_clock_is_ahead": {
        "expire_every": 9,
        "max_rows": 50,
        "date_skew": 300,
    },
    "503_html_truncated_xml_and_hang_ups": {"fail_every": 7},
}
"""What disturbs the reading alone, where every byte must be the same."""
EVERYTHING: dict[str, Any] = {
    "expire_every": 9,
    "fail_every": 7,
    "raw_control_characters": True,
    "max_rows": 50,
    "slow_every": 25,
    "slow_seconds": 0.05,
    "date_skew": -300,
}
FATAL = ("cart:15", "subscriber:3", "credit_memo:2")
Tables = dict[str, dict[str, dict[str, object]]]


def address(store: RunningStore) -> StoreAddress:
    return StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)


def two_runs(chain: Chain, **settings: Any) -> Tables:
    """The warehouse after the first load and, a day of the shop later, a run for what changed."""
    with running_store(**SIZE, **settings) as store:
        chain.load(address(store))
        store.tick(HOURS)
        chain.load(address(store))
    return all_tables(chain.engine)


def all_tables(engine: Engine) -> Tables:
    """Every crm table by key, without what differs from run to run."""
    is_gone = "jsonb_build_object('deleted_at', deleted_at is not null)"
    left_out = f"- 'first_seen_at' - 'changed_at' - 'window_id' || {is_gone}"
    tables: Tables = {}
    with engine.connect() as connection:
        for table in catalogue.tables():
            query = f"select {table.key_column}, to_jsonb(t) {left_out} from crm.{table.name} as t"  # noqa: S608 - ours
            tables[table.name] = {row[0]: row[1] for row in connection.execute(text(query))}
    return tables


def without_control_characters(tables: Tables) -> Tables:
    told = re.sub(r"&#\d+;", "", json.dumps(tables))
    rows: Tables = json.loads(told)
    return {name: {k: {**row, "row_hash": None} for k, row in known.items()} for name, known in rows.items()}


def waiting(engine: Engine) -> set[tuple[str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("select entity, record_key from ops.quarantine where resolved_at is null")
        )
        return {(row[0], row[1]) for row in rows}


@pytest.fixture(scope="module")
def undisturbed(fresh: Fresh) -> Tables:
    tables = two_runs(fresh())
    assert {name for name, rows in tables.items() if not rows} == TABLES_OF_MAGENTO_2
    return tables


@pytest.fixture(scope="module")
def undisturbed_stock(fresh: Fresh) -> Tables:
    return two_runs(fresh(), bridge=False)


@pytest.mark.parametrize("way", WAYS)
def test_store_that_misbehaves_gives_what_it_would_have_given(
    fresh: Fresh, undisturbed: Tables, way: str
) -> None:
    chain = fresh()
    found = two_runs(chain, **WAYS[way])
    assert waiting(chain.engine) == set()
    assert found == undisturbed


def test_everything_at_once_gives_what_an_undisturbed_store_would(fresh: Fresh, undisturbed: Tables) -> None:
    chain = fresh()
    found = two_runs(chain, **EVERYTHING)
    assert waiting(chain.engine) == set()
    assert without_control_characters(found) == without_control_characters(undisturbed)


def test_everything_at_once_harms_a_store_without_bridge_no_more(
    fresh: Fresh, undisturbed_stock: Tables
) -> None:
    found = two_runs(fresh(), bridge=False, **EVERYTHING)
    assert without_control_characters(found) == without_control_characters(undisturbed_stock)


def test_record_on_which_the_store_dies_waits_by_its_id_while_all_others_load(
    fresh: Fresh, undisturbed: Tables
) -> None:
    chain = fresh()
    found = two_runs(chain, fatal=FATAL)
    entities = {"cart": "carts", "subscriber": "newsletter_subscribers", "credit_memo": "credit_memos"}
    named = [entry.split(":") for entry in FATAL]
    assert waiting(chain.engine) == {(entities[kind], f"us:{number}") for kind, number in named}
    for kind, number in named:
        table = entities[kind]
        assert found[table] == {k: r for k, r in undisturbed[table].items() if k != f"us:{number}"}


def test_rows_that_change_while_they_are_paged_are_all_there_in_the_end(fresh: Fresh) -> None:
    chain, compared = fresh(), ("orders", "order_items", "order_comments", "carts", "invoices", "shipments")
    read = ("stores", "customers", "orders", "carts", "invoices", "shipments")
    with running_store(**SIZE, clock_step=600) as store:
        chain.load(address(store), entities=read)
        chain.load(address(store), entities=read)
    expected = fresh()
    with running_store(**SIZE, shop=store.shop) as calm:
        calm.tick(1)
        chain.load(address(calm), entities=read)
        expected.load(address(calm), entities=read)
    ends, wanted = all_tables(chain.engine), all_tables(expected.engine)
    assert {name: living(ends[name]) for name in compared} == {
        name: living(wanted[name]) for name in compared
    }


def living(rows: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    return {key: row for key, row in rows.items() if not row["deleted_at"]}
