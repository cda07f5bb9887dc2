"""With the bridge and without it: the same warehouse, but for the columns that an entity lists with the reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.entities.catalogue import ENTITIES
from include.sync.request import Request
from tests.wire.chain import NEEDS_BRIDGE, ONLY_MAGENTO_2, Chain, channel, contents
from tests.wire.conftest import Fresh, Loaded, Recorded

LISTED = {name for entity in ENTITIES for name in entity.not_agreeing}
NOT_RECORDED = {"regions"}
"""Without the bridge they are asked for country by country, which nobody recorded; see `test_regions.py`."""
KNOWN_BY_CARTS = {"customers.source_created_at", "customers.account_key", "customers.contact_key"}
"""Only the bridge lists carts; a guest's first may be older than the first order, and tells an account's founder."""
TABLES = [
    table.name
    for entity in ENTITIES
    if entity.name not in NEEDS_BRIDGE | ONLY_MAGENTO_2
    for table in entity.tables
    if table.name not in NOT_RECORDED
]


def disagreeing(one: Loaded, other: Loaded, table: str) -> Iterator[str]:
    """Columns that differ in any row, as an entity lists them; the hash covers all columns and is left out."""
    ours, theirs = contents(one.engine, table), contents(other.engine, table)
    only_ours = ours.keys() - theirs.keys()
    if table == "customers":  # guests who have put something into a cart and have not ordered yet
        assert all(ours.pop(key)["is_guest"] for key in only_ours)
    assert ours.keys() == theirs.keys()
    for key, row in ours.items():
        yield from (f"{table}.{c}" for c, v in row.items() if c != "row_hash" and v != theirs[key][c])


@pytest.mark.parametrize("table", TABLES)
def test_both_ways_agree_on_every_column_but_those_listed(
    with_bridge: Loaded, without_bridge: Loaded, table: str
) -> None:
    listed = {name for name in LISTED | KNOWN_BY_CARTS if name.startswith(f"{table}.")}
    assert set(disagreeing(with_bridge, without_bridge, table)) == listed


def test_gender_is_known_of_59_customers_with_the_bridge_and_of_none_without(
    with_bridge: Loaded, without_bridge: Loaded
) -> None:
    known = [
        sum(row["gender"] is not None for row in contents(loaded.engine, "customers").values())
        for loaded in (with_bridge, without_bridge)
    ]
    assert known == [59, 0]


def test_channel_that_loses_its_bridge_forgets_nothing(
    with_bridge: Loaded, fresh: Fresh, recorded: Recorded
) -> None:
    chain = fresh(like=with_bridge.chain)
    chain.load(recorded("--no-bridge"), Request(is_full_resync=True), ["customers", "orders"])
    for table in ("customers", "order_comments", "order_payments"):
        before, after = contents(with_bridge.engine, table), contents(chain.engine, table)
        lost = {
            f"{table}.{column}"
            for key, row in before.items()
            for column, value in row.items()
            if column != "row_hash" and value is not None and after[key][column] != value
        }
        assert lost == set()


TROUBLE = ("--expire-every", "20", "--fail-every", "15")
"""Sessions that end and answers that break off; each by itself is in `test_misbehaving_store.py`."""
WAYS = {"with the bridge": (), "stock": ("--no-bridge",)}


@pytest.mark.parametrize("way", WAYS)
def test_trouble_on_the_way_changes_nothing_and_needs_no_help(
    with_bridge: Loaded, without_bridge: Loaded, fresh: Fresh, recorded: Recorded, way: str
) -> None:
    stock = way == "stock"
    # Small pages with the bridge: at 100 orders a call the store would hardly be asked often enough to break.
    chain: Chain = fresh(channel=channel(limits={"page_size": 100 if stock else 10}))
    chain.load(recorded(*WAYS[way], *TROUBLE))
    undisturbed = without_bridge if stock else with_bridge
    for table in TABLES:
        assert contents(chain.engine, table) == contents(undisturbed.engine, table), table
