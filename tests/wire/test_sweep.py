"""The recorded shop, loaded and swept: nothing is gone, nothing is missing, and the store's counts are its own."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from include.entities.catalogue import entity
from include.magento.address import StoreAddress
from include.magento.soap import open_door
from include.sync.by_id import ById
from include.sync.reconcile import Reconciliation
from include.sync.sweep import Sweep, Swept
from tests.wire.chain import Chain
from tests.wire.conftest import Fresh, Loaded, Recorded

UNDATED = {"orders": {12}, "carts": 20, "newsletter_subscribers": 53}
"""Records that no date finds, as the truth of the shop counts them."""
COUNTED = {
    "customers": "customers",
    "orders": "orders",
    "carts": "quotes",
    "credit_memos": "credit memos",
    "newsletter_subscribers": "newsletter subscribers",
    "invoices": "invoices",
    "shipments": "shipments",
}
"""How counts.tsv calls what an entity holds."""


def reader(chain: Chain, address: StoreAddress) -> ById:
    door = open_door(address, sleep=lambda _: None)
    return chain.by_id(door, now=lambda: datetime(2026, 11, 22, tzinfo=UTC))


def swept(by_id: ById, name: str) -> Swept:
    found = Sweep(reader=by_id, entity=entity(name)).run()
    assert found is not None
    return found


@pytest.mark.parametrize("name", UNDATED)
def test_sweep_of_the_loaded_shop_reads_what_has_no_date_and_changes_nothing(
    with_bridge: Loaded, fresh: Fresh, recorded: Recorded, name: str
) -> None:
    found = swept(reader(fresh(like=with_bridge.chain), recorded()), name)
    assert (found.gone, found.changed, found.listed) == ([], 0, found.known)
    wanted = UNDATED[name]
    assert (set(found.wanted) if isinstance(wanted, set) else len(found.wanted)) == wanted


def test_customers_are_read_whole_and_none_has_changed(
    with_bridge: Loaded, fresh: Fresh, recorded: Recorded
) -> None:
    found = swept(reader(fresh(like=with_bridge.chain), recorded()), "customers")
    assert (found.gone, found.changed, len(found.wanted)) == ([], 0, 297)


def test_reconciliation_counts_what_the_shop_s_database_held(
    with_bridge: Loaded, fresh: Fresh, recorded: Recorded, truth_dir: Path
) -> None:
    chain = fresh(like=with_bridge.chain)
    by_id = reader(chain, recorded())
    left = {name: Reconciliation(reader=by_id, entity=entity(name)).run() for name in COUNTED}
    assert left == dict.fromkeys(COUNTED, 0)
    counts = truth_counts(truth_dir)
    expected = {name: (counts[called],) * 2 for name, called in COUNTED.items()}
    assert reconciled(chain) == expected


def truth_counts(truth_dir: Path) -> dict[str, int]:
    with (truth_dir / "counts.tsv").open(encoding="utf-8") as file:
        return {row[0]: int(row[1]) for row in csv.reader(file, delimiter="\t") if row[1].isdecimal()}


def reconciled(chain: Chain) -> dict[str, Any]:
    """Counts of store and warehouse by entity."""
    statement = "select entity, sum(store_count), sum(warehouse_count) from ops.reconciliations group by 1"
    with chain.engine.connect() as connection:
        return {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(text(statement))}


def test_without_the_bridge_the_core_lists_find_the_same_ids(
    without_bridge: Loaded, fresh: Fresh, recorded: Recorded
) -> None:
    by_id = reader(fresh(like=without_bridge.chain), recorded("--no-bridge"))
    for name in ("orders", "credit_memos"):
        found = swept(by_id, name)
        assert (found.gone, found.changed, found.listed) == ([], 0, found.known)


def test_rows_lost_from_the_warehouse_come_back(
    with_bridge: Loaded, fresh: Fresh, recorded: Recorded
) -> None:
    chain = fresh(like=with_bridge.chain)
    with chain.engine.begin() as connection:
        connection.execute(text("delete from crm.orders where order_id in (33, 200)"))
    found = swept(reader(chain, recorded()), "orders")
    assert set(found.wanted) == {12, 33, 200}
    with chain.engine.connect() as connection:
        back = connection.execute(text("select count(*) from crm.orders where order_id in (33, 200)"))
        assert back.scalar_one() == 2
