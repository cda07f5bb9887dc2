"""Accounts: who is the same person, for a window of changes, at 100,000 customers and as many orders against 10,000.

Wall-clock time of what a window does after its rows are merged: guests made of orders, customers compared, accounts and
contacts written, lifetimes valued. The people are made by SQL: what is measured compares keys, names and e-mails, and
does not see the other columns. The first assignment takes everybody in one window, where a first load takes many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import Connection, Engine, text

from benchmarks.demo_shop import CHANNEL
from benchmarks.measure import Measured, Report, timed
from benchmarks.warehouse import fresh_warehouse, running_server, settle
from include.identity.accounts import settle_accounts, settle_accounts_of_guests
from include.identity.guests import upsert_guests
from include.identity.lifetimes import value_lifetimes
from include.sync.registered import register
from include.warehouse.engine import open_engine
from include.warehouse.merge import PLANNED_FOR_WINDOWS
from include.warehouse.server import EmbeddedServer

BOUND = 1.5
ROUNDS = 5
SMALL, LARGE = 10_000, 100_000
CHANGED = 1_000
WINDOW = 1

_STORES = """
insert into crm.stores (store_key, channel_code, store_id, website_key, website_id, first_seen_at, changed_at)
select 'bench:' || n, 'bench', n, 'bench:' || n, n, now(), now() from generate_series(1, 2) as n
"""
# Every tenth customer has registered on the second website, too, under the same name and e-mail.
_CUSTOMERS = """
insert into crm.customers (customer_key, account_key, contact_key, channel_code, customer_id, is_guest, email,
    email_normalised, first_name, last_name, website_id, source_created_at, first_seen_at, changed_at)
select
    'bench:' || n, 'bench:' || n, 'bench:' || n, 'bench', n, false, person || '@example.com',
    person || '@example.com', 'First ' || person % 900, 'Last ' || person, case when n % 10 = 0 then 2 else 1 end,
    timestamptz '2020-01-01Z' + n * interval '1 minute', now(), now()
from generate_series(1, :size) as n cross join lateral (select case when n % 10 = 0 then n - 1 else n end as person)
"""
# A quarter are by guests, half of these with the e-mail of somebody who has registered.
_ORDERS = """
insert into crm.orders (order_key, channel_code, order_id, customer_key, is_guest, store_key, store_id, state,
    customer_email, customer_email_normalised, customer_first_name, customer_last_name,
    base_currency_code, base_subtotal_amount, source_created_at, first_seen_at, changed_at)
select
    'bench:' || n, 'bench', n,
    case when n % 4 = 0 then 'bench:guest:' || md5(person::text) else 'bench:' || n end, n % 4 = 0, 'bench:1', 1,
    'complete', person || '@example.com', person || '@example.com', 'First ' || n % 900, 'Last ' || n,
    'EUR', 20, timestamptz '2020-01-01Z' + n * interval '1 minute', now(), now()
from generate_series(1, :size) as n
cross join lateral (select case when n % 8 = 4 then n + 10000000 else n end as person)
"""
_TOUCHED = "insert into ops.touched (window_id, channel_code, subject, touched_key)"
_EVERYBODY = f"""
{_TOUCHED}
select :window, 'bench', 'customer', customer_key from crm.customers
union
select :window, 'bench', 'customer', customer_key from crm.orders
union all
select :window, 'bench', 'order', order_key from crm.orders
"""  # noqa: S608 - made of names of our own
# As if windows of a thousand entries had brought them.
_IN_WINDOWS = "update ops.touched set transaction_id = (touched_id / 1000)::text::xid8"
_CHANGED_CUSTOMERS = f"""
with changed as (
    update crm.customers set
        first_name = first_name || ' again',
        first_seen_at = case when :are_new then now() else first_seen_at end
    where customer_id % (:size / :changed) = 0
    returning customer_key
)
{_TOUCHED}
select :window, 'bench', 'customer', customer_key from changed
"""  # noqa: S608 - made of names of our own
_CHANGED_ORDERS = f"""
with changed as (
    update crm.orders set customer_first_name = customer_first_name || ' again', base_subtotal_amount = 21
    where is_guest and (order_id / 4) % (:size / 4 / :changed) = 0
    returning customer_key, order_key
)
{_TOUCHED}
select :window, 'bench', 'customer', customer_key from changed
union all
select :window, 'bench', 'order', order_key from changed
"""  # noqa: S608 - made of names of our own

Step = Callable[..., dict[str, int]]
OF_CUSTOMERS: tuple[Step, ...] = (settle_accounts, value_lifetimes)
OF_ORDERS: tuple[Step, ...] = (upsert_guests, settle_accounts_of_guests, value_lifetimes)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A warehouse with this many customers and orders.

    Attributes:
        changed: how many of them a later window brings.
    """

    engine: Engine
    size: int
    changed: int

    def first(self) -> float:
        """Seconds that everybody's first accounts take; they are kept."""
        with self.engine.begin() as connection:
            connection.execute(text(_EVERYBODY), {"window": WINDOW})
            connection.execute(text("analyze ops.touched"))
            spent = _timed(connection, (upsert_guests, settle_accounts, value_lifetimes))
            connection.execute(text(_IN_WINDOWS))
        return spent

    def later(self, change: str, steps: tuple[Step, ...], **values: bool) -> float:
        """Seconds that a later window takes, which is then rolled back."""
        with self.engine.connect() as connection:
            sizes = {"window": WINDOW + 1, "size": self.size, "changed": self.changed}
            count = connection.execute(text(change), sizes | values).rowcount
            if count < self.changed:
                raise RuntimeError(f"The window was to touch {self.changed} people or more, not {count}.")
            return _timed(connection, steps, WINDOW + 1)

    def changed_customers(self) -> float:
        """Of customers under other names."""
        return self.later(_CHANGED_CUSTOMERS, OF_CUSTOMERS, are_new=False)

    def new_customers(self) -> float:
        """Of customers who are compared with everybody."""
        return self.later(_CHANGED_CUSTOMERS, OF_CUSTOMERS, are_new=True)

    def changed_orders(self) -> float:
        """Of orders of guests."""
        return self.later(_CHANGED_ORDERS, OF_ORDERS)


def _timed(connection: Connection, steps: tuple[Step, ...], window: int = WINDOW) -> float:
    for setting in PLANNED_FOR_WINDOWS:
        connection.exec_driver_sql(setting)

    def work() -> None:
        for step in steps:
            step(connection, window_id=window, channel_code=CHANNEL.code)

    return timed(work)


def run(*, rounds: int = ROUNDS, small: int = SMALL, large: int = LARGE, changed: int = CHANGED) -> Report:
    """Compare two sizes, in customers and orders."""
    seconds: dict[tuple[str, int], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        server = stack.enter_context(running_server())
        known = {size: stack.enter_context(_people(server, size, changed)) for size in (small, large)}
        for size, people in known.items():
            seconds["first", size] = [people.first() * 1000 / size]
            settle(people.engine.url)
        accounts = _counted(known[large].engine)
        for number in range(rounds + 1):
            for size, people in known.items():
                for name in ("changed_customers", "new_customers", "changed_orders"):
                    spent = getattr(people, name)()
                    if number:
                        seconds[name, size].append(spent)
    return _report({key: median(spent) for key, spent in seconds.items()}, accounts, small, large, changed)


@contextmanager
def _people(server: EmbeddedServer, size: int, changed: int) -> Iterator[People]:
    with fresh_warehouse(server, f"bench_people_{size}") as url:
        engine = open_engine(url)
        try:
            register(engine, CHANNEL, datetime.now(UTC))
            with engine.begin() as connection:
                for statement in (_STORES, _CUSTOMERS, _ORDERS):
                    connection.execute(text(statement), {"size": size} if ":size" in statement else {})
            settle(url)
            yield People(engine=engine, size=size, changed=changed)
        finally:
            engine.dispose()


def _counted(engine: Engine) -> str:
    with engine.connect() as connection:
        counts = connection.execute(
            text(
                "select (select count(*) from crm.customers), (select count(*) from crm.accounts), "
                "(select count(*) from crm.account_matches)"
            )
        ).one()
    return f"{counts[0]:,} customers, guests included, in {counts[1]:,} accounts by {counts[2]:,} matches."


def _report(
    seconds: dict[tuple[str, int], float], accounts: str, small: int, large: int, changed: int
) -> Report:
    def line(title: str, name: str) -> Measured:
        return Measured(name=title, value=seconds[name, large], baseline=seconds[name, small], bound=BOUND)

    return Report(
        f"Accounts: a window at {large:,} customers and orders, against the same at {small:,}",
        [
            line(f"{changed:,} customers changed", "changed_customers"),
            line(f"{changed:,} customers new", "new_customers"),
            line(f"{changed:,} orders of guests changed", "changed_orders"),
            line("first accounts of all in one window, per 1,000 customers", "first"),
        ],
        [
            accounts,
            f"The first accounts of all {large:,} took {seconds['first', large] * large / 1000:.1f} s.",
            "Medians, both sizes in turns; a later window's changes are rolled back.",
        ],
    )
