"""First load: every record of the shop is in exactly one of warehouse and quarantine, and the quarantine is empty."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from include.entities.catalogue import ENTITY_NAMES
from tests.wire.chain import NEEDS_BRIDGE, ONLY_MAGENTO_2, contents
from tests.wire.conftest import Loaded
from tests.wire.recorded import truth

ALL = set(ENTITY_NAMES) - ONLY_MAGENTO_2


@pytest.fixture(params=["with_bridge", "without_bridge"])
def engine(request: pytest.FixtureRequest) -> Engine:
    loaded: Loaded = request.getfixturevalue(request.param)
    return loaded.engine


def asked(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def waiting(engine: Engine, entity: str) -> set[str]:
    rows = asked(engine, "select entity, record_key from ops.quarantine where resolved_at is null")
    return {str(key) for name, key in rows if name == entity}


@pytest.mark.parametrize(
    ("table", "entity", "file", "id_column", "count"),
    [
        ("orders", "orders", "orders", "entity_id", 416),
        ("order_items", "orders", "order_items", "item_id", 1120),
        ("customers", "customers", "customers", "entity_id", 297),
    ],
)
def test_each_key_is_in_exactly_one_of_warehouse_and_quarantine(
    engine: Engine, truth_dir: Path, table: str, entity: str, file: str, id_column: str, count: int
) -> None:
    wanted = Counter(f"us:{row[id_column]}" for row in truth(truth_dir, file))
    loaded = {k for k, row in contents(engine, table).items() if table != "customers" or not row["is_guest"]}
    assert len(wanted) == wanted.total() == count
    assert Counter(loaded) + Counter(waiting(engine, entity)) == wanted


def test_each_history_row_is_in_exactly_one_of_warehouse_and_quarantine(
    engine: Engine, truth_dir: Path
) -> None:
    orders = Counter(row["parent_id"] for row in truth(truth_dir, "order_comments"))
    wanted = {f"us:{order}:{n}" for order, count in orders.items() for n in range(1, count + 1)}
    loaded = contents(engine, "order_comments").keys()
    refused = {f"{k}:{n}" for k in waiting(engine, "orders") for n in range(1, orders[k[3:]] + 1)}
    assert len(wanted) == 1276
    assert loaded | refused == wanted
    assert not loaded & refused


def test_history_is_numbered_from_the_oldest(with_bridge: Loaded, truth_dir: Path) -> None:
    """By date, and by id where the dates are the same; the two orders the bridge leaves out come without ids."""
    ids: dict[str, list[str | None]] = {}
    for entry in sorted(
        truth(truth_dir, "order_comments"), key=lambda r: (r["created_at"] or "", int(r["entity_id"] or 0))
    ):
        ids.setdefault(str(entry["parent_id"]), []).append(entry["entity_id"])
    wanted = {
        f"us:{order}:{n}": int(number or 0)
        for order, numbers in ids.items()
        for n, number in enumerate(numbers, start=1)
        if order not in ("41", "42")
    }
    found = contents(with_bridge.engine, "order_comments")
    assert {k: found[k]["order_comment_id"] for k in wanted} == wanted


def test_quarantine_is_empty(engine: Engine) -> None:
    assert asked(engine, "select entity, record_key, reasons_json from ops.quarantine") == []


def test_all_addresses_are_there(engine: Engine) -> None:
    kinds = Counter(row["address_type"] for row in contents(engine, "order_addresses").values())
    assert kinds == {"billing": 416, "shipping": 411}
    assert len(contents(engine, "customer_addresses")) == 426


def test_every_child_has_its_record(engine: Engine) -> None:
    parents = {
        "customer_addresses": ("customers", "customer_key"),
        **dict.fromkeys(
            ("order_items", "order_addresses", "order_comments", "order_payments"), ("orders", "order_key")
        ),
    }
    for table, (parent, column) in parents.items():
        known = contents(engine, parent).keys()
        assert {row[column] for row in contents(engine, table).values()} <= known, table


@pytest.mark.parametrize(
    "column",
    [
        "grand_total",
        "base_grand_total",
        "tax_amount",
        "shipping_amount",
        "discount_amount",
        "subtotal",
        "total_paid",
        "total_refunded",
    ],
)
def test_sums_per_currency_are_the_shops_to_the_cent(engine: Engine, truth_dir: Path, column: str) -> None:
    currency = "base_currency_code" if column.startswith("base_") else "order_currency_code"
    wanted: Counter[object] = Counter()
    for row in truth(truth_dir, "orders"):
        wanted[row[currency]] += Decimal(row[column] or 0)  # type: ignore[assignment]
    name = column if column.endswith("_amount") else f"{column}_amount"
    sums = f"select {currency}, coalesce(sum({name}), 0) from crm.orders group by 1"  # noqa: S608
    assert dict(asked(engine, sums)) == dict(wanted)  # type: ignore[arg-type]


def test_grand_totals_are_those_of_the_books(engine: Engine) -> None:
    sums = "select order_currency_code, sum(grand_total_amount) from crm.orders group by 1"
    books = {"EUR": "63213.14", "CHF": "19007.98", "GBP": "17149.60", "USD": "42881.42"}
    assert dict(asked(engine, sums)) == {c: Decimal(v) for c, v in books.items()}  # type: ignore[arg-type]


def test_lines_without_a_parent_add_up_to_the_subtotal_of_every_order(engine: Engine) -> None:
    rows = asked(
        engine,
        """
        select count(*), count(*) filter (where lines.total = orders.subtotal_amount),
            count(*) filter (where lines.base_total = orders.base_subtotal_amount)
        from crm.orders
        inner join (
            select order_key, sum(row_total_amount) as total, sum(base_row_total_amount) as base_total
            from crm.order_items where parent_item_key is null group by order_key
        ) as lines using (order_key)
        """,
    )
    assert rows == [(416, 416, 416)]


def test_every_line_has_the_parent_it_has_in_the_shop(engine: Engine, truth_dir: Path) -> None:
    wanted = {
        f"us:{row['item_id']}": f"us:{parent}" if (parent := row["parent_item_id"]) else None
        for row in truth(truth_dir, "order_items")
    }
    found = contents(engine, "order_items")
    assert {k: row["parent_item_key"] for k, row in found.items()} == wanted
    assert sum(parent is None for parent in wanted.values()) == 1038


@pytest.mark.parametrize(("way", "names"), [("with_bridge", ALL), ("without_bridge", ALL - NEEDS_BRIDGE)])
def test_every_window_is_done_and_the_data_complete(
    request: pytest.FixtureRequest, way: str, names: set[str]
) -> None:
    engine = request.getfixturevalue(way).engine
    assert asked(engine, "select distinct state from ops.windows") == [("done",)]
    done = asked(engine, "select entity from ops.frontiers where initial_done_at is not null order by 1")
    assert done == [(name,) for name in sorted(names)]


def test_nothing_is_left_in_the_staging_schema(engine: Engine) -> None:
    assert asked(engine, "select tablename from pg_tables where schemaname = 'staging'") == []
