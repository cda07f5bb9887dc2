from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from include.demo_store.running import running_store
from include.settings import PROJECT_ROOT
from tests.journeys import truth
from tests.journeys.installation import RUN, Installation, connection

pytestmark = pytest.mark.slow(45)

PATIENCE_SECONDS = 120
LAST_WINDOW = "select window_id from ops.windows where id_low = 0 and state = 'validated' for update"


def wait_for(connection: Connection, statement: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while connection.execute(text(statement)).first() is None:
        assert time.monotonic() < deadline, statement
        connection.commit()
        time.sleep(0.02)


@contextmanager
def held_in_its_last_window(installation: Installation) -> Iterator[None]:
    """A run whose last window has merged its rows and waits for us before it may commit; killed in the end."""
    with installation.engine.connect() as ours, installation.engine.connect() as onlooker:
        run = subprocess.Popen(
            [*RUN, "--entity", "orders"],
            cwd=PROJECT_ROOT,
            env=installation.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(ours, LAST_WINDOW)
            wait_for(onlooker, "select 1 from ops.windows where state = 'done' having count(*) = 2")
            yield
        finally:
            run.kill()
            run.wait()


def test_a_run_killed_in_the_middle_of_a_window_is_finished_by_the_next(installation: Installation) -> None:
    with running_store(customers=30, orders=220) as store:
        installation.channel("demo", connection(store), limits={"page_size": 10})
        with held_in_its_last_window(installation):
            pass
        assert installation.rows("select min(order_id), count(*) from crm.orders") == [(21, 200)]
        ended = installation.run("--entity", "orders")
        orders = {order.row["entity_id"]: order.row for order in store.shop.orders()}
        lines = [int(item["item_id"] or 0) for order in store.shop.orders() for item in order.items]
    assert (ended.status, ended.screen.split()[:2]) == (0, ["sync_orders", "done"])
    windows = "select id_low, state, attempts from ops.windows where kind = 'initial' order by id_low desc"
    assert installation.rows(windows) == [(120, "done", 1), (20, "done", 1), (0, "done", 2)]
    names = ", ".join(truth.ORDERS)
    found = installation.rows(f"select {names} from crm.orders")  # noqa: S608 - our own names
    loaded = [dict(zip(truth.ORDERS, map(truth.as_shop, row), strict=True)) for row in found]
    assert {row["order_id"]: row for row in loaded} == {
        key: truth.told(row, truth.ORDERS) for key, row in orders.items()
    }
    assert sorted(row[0] for row in installation.rows("select order_item_id from crm.order_items")) == sorted(
        lines
    )
