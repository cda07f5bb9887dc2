"""Gift messages and coupon codes of the recorded orders, with and without the bridge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wire.chain import contents
from tests.wire.conftest import Loaded
from tests.wire.recorded import by_id, text_at, truth

Rows = dict[str, dict[str, object]]


@pytest.fixture(scope="module", params=["with_bridge", "without_bridge"])
def orders(request: pytest.FixtureRequest) -> Rows:
    loaded: Loaded = request.getfixturevalue(request.param)
    return contents(loaded.engine, "orders")


def test_every_order_has_the_coupon_of_the_truth(orders: Rows, truth_dir: Path) -> None:
    wanted = {f"us:{row['entity_id']}": row["coupon_code"] for row in truth(truth_dir, "orders")}
    assert {key: row["coupon_code"] for key, row in orders.items()} == wanted
    assert sum(code is not None for code in wanted.values()) == 81


def test_every_order_has_its_gift_message_and_its_text(orders: Rows, store: Path, truth_dir: Path) -> None:
    """The shop has 25 messages: 19 of orders, the others of carts that never became one."""
    ids = {f"us:{row['entity_id']}": row["gift_message_id"] for row in truth(truth_dir, "orders")}
    assert {k: r["gift_message_id"] for k, r in orders.items()} == {k: v and int(v) for k, v in ids.items()}
    texts = {
        f"us:{n}": text_at(e, "gift_message") for n, e in by_id(store, "salesOrderInfo", "order_id").items()
    }
    assert {key: row["gift_message"] for key, row in orders.items()} == texts
    assert sum(text is not None for text in texts.values()) == 19
