"""What a run changes is what changed in the shop: nothing the second time, the newer rows after a pause."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest
from sqlalchemy import Engine, text

from include.entities.catalogue import tables
from include.sync.request import Request
from tests.wire.chain import Chain, changed, contents
from tests.wire.conftest import Fresh, Loaded, Recorded

TABLES = [table.name for table in tables()]
PAUSE_BEGAN = "2026-11-01T00:00:00"
SINCE = datetime.fromisoformat(PAUSE_BEGAN).replace(tzinfo=UTC)
EVERYTHING_AGAIN = {
    "what is due": Request(),
    "a range of time": Request(low_at=datetime(2026, 11, 15, tzinfo=UTC)),
    "a full resync": Request(is_full_resync=True),
}


def everything(engine: Engine) -> dict[str, object]:
    return {table: contents(engine, table, bookkeeping=True) for table in TABLES}


def frontier(engine: Engine, entity: str) -> datetime:
    with engine.connect() as connection:
        statement = text("select frontier_at from ops.frontiers where entity = :entity")
        found: datetime = connection.execute(statement, {"entity": entity}).scalar_one()
    return found


@pytest.mark.parametrize("asked_for", EVERYTHING_AGAIN)
def test_second_run_changes_no_row_and_no_changed_at(
    with_bridge: Loaded, fresh: Fresh, recorded: Recorded, asked_for: str
) -> None:
    chain = fresh(like=with_bridge.chain)
    before = everything(chain.engine)
    outcomes = chain.load(recorded(), EVERYTHING_AGAIN[asked_for])
    assert changed(outcomes) == {}
    assert everything(chain.engine) == before


def test_second_run_without_the_bridge_changes_nothing(
    without_bridge: Loaded, fresh: Fresh, recorded: Recorded
) -> None:
    chain = fresh(like=without_bridge.chain)
    before = everything(chain.engine)
    outcomes = chain.load(recorded("--no-bridge"), Request(is_full_resync=True))
    assert changed(outcomes) == {}
    assert everything(chain.engine) == before


@pytest.fixture(scope="module")
def before_the_pause(fresh: Fresh, recorded: Recorded) -> Loaded:
    """The shop as it stood on 1 November."""
    chain = fresh()
    return Loaded(chain=chain, outcomes=chain.load(recorded("--as-of", PAUSE_BEGAN)), log=())


@pytest.fixture(scope="module")
def after_the_pause(before_the_pause: Loaded, fresh: Fresh, recorded: Recorded) -> Loaded:
    """The same warehouse after the next run, three weeks later."""
    chain = fresh(like=before_the_pause.chain)
    return Loaded(chain=chain, outcomes=chain.load(recorded()), log=())


def test_early_load_has_the_shop_of_that_day(before_the_pause: Loaded) -> None:
    dates = [row["source_updated_at"] for row in contents(before_the_pause.engine, "orders").values()]
    assert 300 < len(dates) < 416
    assert all(date is None or (isinstance(date, datetime) and date <= SINCE) for date in dates)


@pytest.mark.parametrize("table", TABLES)
def test_two_runs_with_a_pause_end_like_one_full_load(
    after_the_pause: Loaded, with_bridge: Loaded, table: str
) -> None:
    wanted = contents(with_bridge.engine, table)
    left_to_sweep = of_the_sweep(with_bridge.engine) if table.startswith("cart") else set()
    assert contents(after_the_pause.engine, table) == {
        k: row for k, row in wanted.items() if owner(table, row) not in left_to_sweep
    }


@cache
def of_the_sweep(engine: Engine) -> set[object]:
    """Carts made in the pause that have no date of change, though greater ids were known: the recording's ids do not
    follow the dates of creation, a real shop's do, and what is new there is found by its id."""
    carts = contents(engine, "carts").items()
    found = {k for k, row in carts if row["source_updated_at"] is None and is_newer(row)}
    assert len(found) == 4
    return found


@pytest.mark.parametrize("table", TABLES)
def test_all_that_is_not_newer_keeps_its_row_and_changed_at(
    before_the_pause: Loaded, after_the_pause: Loaded, table: str
) -> None:
    early = from_the_store(before_the_pause.engine, table, bookkeeping=True)
    late = from_the_store(after_the_pause.engine, table, bookkeeping=True)
    newer = newer_records(after_the_pause.engine)
    moved = {k for k, row in late.items() if early.get(k) != row}
    assert {owner(table, late[k]) for k in moved} <= newer
    content = from_the_store(before_the_pause.engine, table)
    now = from_the_store(after_the_pause.engine, table)
    assert moved == {k for k, row in now.items() if content.get(k) != row}


@pytest.mark.parametrize("table", ["orders", "customers"])
def test_exactly_what_is_newer_appears_or_changes(
    before_the_pause: Loaded, after_the_pause: Loaded, table: str
) -> None:
    early, late = (contents(loaded.engine, table) for loaded in (before_the_pause, after_the_pause))
    own = {k for k, row in late.items() if table == "orders" or not row["is_guest"]}
    newer = {k for k in own if is_newer(late[k])}
    assert {k for k in own if early.get(k) != late[k]} == newer
    assert len(newer) > 10


def from_the_store(engine: Engine, table: str, *, bookkeeping: bool = False) -> dict[str, dict[str, object]]:
    """A customer's account is not the store's: it may change with another customer's row."""
    rows = contents(engine, table, bookkeeping=bookkeeping)
    return {
        k: {n: v for n, v in r.items() if n not in ("account_key", "contact_key")} for k, r in rows.items()
    }


@cache
def newer_records(engine: Engine) -> set[object]:
    """Orders, carts and customers changed since, the guests who placed such orders, and the carts that were bought."""
    tables = ("orders", "customers", "carts")
    newer = [r for t in tables for r in contents(engine, t).values() if is_newer(r)]
    return {r.get(name) for name in ("order_key", "customer_key", "cart_key") for r in newer}


def is_newer(row: dict[str, object]) -> bool:
    stamp = row["source_updated_at"] or row["source_created_at"]
    return isinstance(stamp, datetime) and stamp > SINCE


def owner(table: str, row: dict[str, object]) -> object:
    whose = {"order": "order_key", "cart_": "cart_key", "carts": "cart_key"}.get(table[:5], "customer_key")
    return row.get(whose)


@pytest.mark.parametrize("order", ["us:410", "us:12"], ids=["dated in the future", "without a date"])
def test_oddly_dated_order_is_there_from_the_first_run_on(
    with_bridge: Loaded, without_bridge: Loaded, order: str
) -> None:
    assert order in contents(with_bridge.engine, "orders")
    assert order in contents(without_bridge.engine, "orders")


def test_oddly_dated_orders_hold_nothing_up(with_bridge: Loaded, fresh: Fresh, recorded: Recorded) -> None:
    """The frontier goes with the shop's clock, not with the future date, and moves on past it."""
    chain = fresh(like=with_bridge.chain)
    assert as_day(frontier(chain.engine, "orders")) == "2026-11-22"
    chain.load(recorded("--now", "2026-11-22T18:00:00"))
    noted = frontier(chain.engine, "orders")
    assert datetime(2026, 11, 22, 17, 58, tzinfo=UTC) < noted < datetime(2026, 11, 22, 19, tzinfo=UTC)
    chain.load(recorded("--now", "2026-11-24T06:00:00"))
    assert as_day(frontier(chain.engine, "orders")) == "2026-11-24"
    assert contents(chain.engine, "orders") == contents(with_bridge.engine, "orders")


def as_day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def test_forty_orders_of_one_second_are_all_found_by_date(fresh: Fresh, recorded: Recorded) -> None:
    """A window that ends at that very second, and one that begins there."""
    chain, moment = fresh(), datetime(2026, 6, 15, 12, tzinfo=UTC)
    for low, high in ((moment.replace(hour=11), moment), (moment, moment.replace(hour=13))):
        empty(chain)
        chain.load(recorded(), Request(low_at=low, high_at=high), ["orders"])
        tied = {k for k, r in contents(chain.engine, "orders").items() if r["source_updated_at"] == moment}
        assert tied == {f"us:{n}" for n in range(200, 240)}


def empty(chain: Chain) -> None:
    with chain.engine.begin() as connection:
        names = ", ".join(f"crm.{name}" for name in TABLES)
        connection.execute(text(f"truncate {names}"))
