"""Credit memos: every one of the shop, to the cent, and together what the orders say was refunded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.wire.chain import contents
from tests.wire.conftest import Loaded
from tests.wire.recorded import truth

MONEY = {
    "grand_total_amount": "grand_total",
    "base_grand_total_amount": "base_grand_total",
    "subtotal_amount": "subtotal",
    "shipping_amount": "shipping_amount",
    "tax_amount": "tax_amount",
    "adjustment_positive_amount": "adjustment_positive",
    "adjustment_negative_amount": "adjustment_negative",
}


@pytest.fixture(params=["with_bridge", "without_bridge"])
def engine(request: pytest.FixtureRequest) -> Engine:
    loaded: Loaded = request.getfixturevalue(request.param)
    return loaded.engine


def test_every_memo_is_there_with_the_money_of_the_truth(engine: Engine, truth_dir: Path) -> None:
    loaded = contents(engine, "credit_memos")
    wanted = {f"us:{memo['entity_id']}": memo for memo in truth(truth_dir, "creditmemos")}
    assert len(wanted) == 45
    assert loaded.keys() == wanted.keys()
    for key, memo in wanted.items():
        assert loaded[key]["order_key"] == f"us:{memo['order_id']}"
        assert loaded[key]["credit_memo_number"] == memo["increment_id"]
        found = {column: loaded[key][column] for column in MONEY}
        amounts = {column: memo[name] for column, name in MONEY.items()}
        # The wire leaves a missing adjustment out or sends zero; both mean none.
        assert {c: v or 0 for c, v in found.items()} == {c: Decimal(v or 0) for c, v in amounts.items()}


def test_memos_add_up_to_what_each_order_says_was_refunded(engine: Engine) -> None:
    statement = text(
        "select count(*), sum(orders.total_refunded_amount),"
        " count(*) filter (where orders.total_refunded_amount = memos.amount)"
        " from crm.orders as orders join (select order_key, sum(grand_total_amount) as amount"
        " from crm.credit_memos group by order_key) as memos using (order_key)"
    )
    with engine.connect() as connection:
        assert tuple(connection.execute(statement).one()) == (39, Decimal("5800.2200"), 39)


def test_lines_and_comments_belong_to_a_memo_and_to_an_order_line(engine: Engine) -> None:
    memos, lines = contents(engine, "credit_memos"), contents(engine, "credit_memo_items")
    comments, order_lines = contents(engine, "credit_memo_comments"), contents(engine, "order_items")
    assert (len(lines), len(comments)) == (66, 45)
    assert {row["credit_memo_key"] for row in [*lines.values(), *comments.values()]} <= memos.keys()
    assert {row["order_item_key"] for row in lines.values()} <= order_lines.keys()
    assert all(row["refunded_qty"] > 0 for row in lines.values())


def test_lines_of_all_kinds_add_up_to_the_subtotal_of_each_memo(engine: Engine) -> None:
    """Children count too: of a bundle priced by its parts they alone carry the money."""
    statement = text(
        "select count(*), count(*) filter (where memos.subtotal_amount = items.amount),"
        " count(*) filter (where memos.subtotal_amount = items.of_parents)"
        " from crm.credit_memos as memos cross join lateral (select coalesce(sum(items.row_total_amount), 0) as amount,"
        " coalesce(sum(items.row_total_amount) filter (where lines.parent_item_key is null), 0) as of_parents"
        " from crm.credit_memo_items as items join crm.order_items as lines using (order_item_key)"
        " where items.credit_memo_key = memos.credit_memo_key) as items"
    )
    with engine.connect() as connection:
        assert tuple(connection.execute(statement).one()) == (45, 45, 44)
