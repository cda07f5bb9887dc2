"""A run that is killed in the middle of a window leaves nothing half-done, and the next run ends as if undisturbed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, text

from include.entities.catalogue import tables
from include.magento.address import StoreAddress
from include.settings import PROJECT_ROOT
from tests.wire.chain import Chain, contents
from tests.wire.conftest import Fresh, Loaded, Recorded

pytestmark = pytest.mark.slow
LATEST = 90.0
"""Seconds after which a moment that has not come never will."""
GATE = 4711
_EXTRACTED = "select exists (select from ops.windows where entity = 'orders' and state = 'extracted')"
_AT_THE_GATE = (
    "select exists (select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted)"
)


@contextmanager
def running(chain: Chain, address: StoreAddress, entity: str) -> Iterator[subprocess.Popen[bytes]]:
    """The chain for one entity in a process of its own."""
    warehouse = chain.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.wire.chain", address.wsdl_url, warehouse, str(chain.root), entity]
    environment = os.environ | {"PYTHONPATH": str(PROJECT_ROOT)}
    process = subprocess.Popen(
        command, cwd=PROJECT_ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def kill_when(has_come: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Look every few milliseconds: a process cannot tell in which statement it will be killed."""
    until = time.monotonic() + LATEST
    while not has_come():
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < until, "the moment never came"
        time.sleep(0.02)
    process.kill()
    process.wait()


def says(engine: Engine, question: str) -> bool:
    with engine.connect() as connection:
        return bool(connection.execute(text(question)).scalar_one())


@contextmanager
def gate(engine: Engine, table: str) -> Iterator[None]:
    """Whoever inserts into the table waits until the gate is opened; then the gate is taken away."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        guard.execute(text(f"select pg_advisory_lock({GATE})"))
        guard.execute(
            text(
                "create function ops.wait() returns trigger language plpgsql as "
                f"$$ begin perform pg_advisory_xact_lock({GATE}); return null; end $$"
            )
        )
        guard.execute(
            text(
                f"create trigger wait before insert on {table} for each statement execute function ops.wait()"
            )
        )
        yield
        guard.execute(text(f"select pg_advisory_unlock({GATE})"))
        guard.execute(text(f"drop trigger wait on {table}"))  # waits for the killed run's transaction to end
        guard.execute(text("drop function ops.wait()"))


def assert_like(chain: Chain, undisturbed: Loaded) -> None:
    for table in (t.name for t in tables()):
        assert contents(chain.engine, table) == contents(undisturbed.engine, table), table
    with chain.engine.connect() as connection:
        states = connection.execute(text("select distinct state from ops.windows")).scalars().all()
        staged = connection.execute(
            text("select tablename from pg_tables where schemaname = 'staging'")
        ).all()
        waiting = connection.execute(text("select count(*) from ops.quarantine")).scalar_one()
    assert set(states) <= {"done", "superseded"}
    assert staged == []
    assert waiting == 0


def test_run_killed_while_a_window_is_being_read(
    without_bridge: Loaded, fresh: Fresh, recorded: Recorded
) -> None:
    """Stock Magento, since that reading takes long enough to be hit in the middle."""
    chain, address = fresh(), recorded("--no-bridge")
    with running(chain, address, "orders") as process:
        kill_when(lambda: any(chain.root.glob("us/orders/*/raw-*")), process)
    assert not says(chain.engine, _EXTRACTED)
    chain.load(address)
    assert_like(chain, without_bridge)


def test_run_killed_between_reading_and_loading(
    with_bridge: Loaded, fresh: Fresh, recorded: Recorded
) -> None:
    chain, address = fresh(), recorded()
    with running(chain, address, "orders") as process:
        kill_when(lambda: says(chain.engine, _EXTRACTED), process)
    chain.load(address)
    assert_like(chain, with_bridge)


def test_run_killed_while_a_window_is_being_loaded(
    with_bridge: Loaded, fresh: Fresh, recorded: Recorded
) -> None:
    """In the last statement but a few: orders, lines, addresses and comments are written, payments wait."""
    chain, address = fresh(), recorded()
    with gate(chain.engine, "crm.order_payments"), running(chain, address, "orders") as process:
        kill_when(lambda: says(chain.engine, _AT_THE_GATE), process)
    assert not says(chain.engine, "select exists (select from ops.windows where state = 'done')")
    assert {t.name: len(contents(chain.engine, t.name)) for t in tables()} == {t.name: 0 for t in tables()}
    chain.load(address)
    assert_like(chain, with_bridge)
