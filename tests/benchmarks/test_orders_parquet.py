from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from benchmarks.orders_parquet import ORDERS, Block, later, stage_orders


@pytest.fixture(scope="module")
def block() -> Block:
    return Block.from_demo_store(40)


def test_orders_have_two_lines_on_average(block: Block) -> None:
    assert (block.frames["orders"].num_rows, block.frames["order_items"].num_rows) == (40, 80)


def test_copy_zero_is_what_the_mapping_made(block: Block) -> None:
    for name, frame in block.copy(0).items():
        keys = [column for column in frame.column_names if column.endswith("_key")]
        for key in keys:
            if key != "customer_key":
                assert frame[key].equals(block.frames[name][key]), (name, key)


@pytest.mark.parametrize("table", ORDERS.tables, ids=lambda table: table.name)
def test_copies_share_no_key_and_children_keep_their_parents(block: Block, table: object) -> None:
    first, second = block.copy(1), block.copy(2)
    key, name = table.key_column, table.name  # type: ignore[attr-defined]
    both = [*first[name][key].to_pylist(), *second[name][key].to_pylist()]
    assert len(set(both)) == len(both)
    parents = set(second["orders"]["order_key"].to_pylist())
    assert set(second[name]["order_key"].to_pylist()) <= parents


def test_every_tenth_order_and_its_children_are_different_later(block: Block) -> None:
    before = block.copy(3)
    after = later(before)
    changed = pc.not_equal(before["orders"]["status"], after["orders"]["status"])
    assert pc.sum(changed).as_py() == pytest.approx(4, abs=2)
    assert after["order_comments"].num_rows - before["order_comments"].num_rows == pc.sum(changed).as_py()
    assert not before["order_items"].equals(after["order_items"])


def test_parts_hold_every_copy_once(block: Block, tmp_path: Path) -> None:
    stage = stage_orders(block, tmp_path / "window", copies=range(5), copies_per_part=2)
    assert [part.num_rows for part in stage.parts("orders")] == [80, 80, 40]
