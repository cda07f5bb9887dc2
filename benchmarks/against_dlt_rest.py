"""Orders of a Magento 2 over REST into PostgreSQL, against dlt's `rest_api` source. Wall-clock time, and what is lost.

Both read the same demo store, which has written all answers down before the clock starts and answers from memory, and
load into the same server. dlt is measured as its documentation sets it up, once with the records as they are and once
with a `map` step that takes out what they say twice; it has an environment of its own (see `against_dlt`). Ours is
judged without what dlt has no counterpart of, and shown with it; all must have every order and the same lines. Then the
shop goes on living while changes are paged, some hours with every call, and what is still old after one more run in
peace is lost: nobody will ask for it again.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import quote
from urllib.request import Request, urlopen

from sqlalchemy import URL

from benchmarks import rest_our_load
from benchmarks.against_dlt import REQUIREMENT, dlt_environment, dlt_settings
from benchmarks.chain import serving
from benchmarks.measure import Measured, Report, timed
from benchmarks.rest_our_load import Place
from benchmarks.warehouse import fresh_warehouse, running_server, settle
from include.demo_store import Shop, running_store
from include.demo_store.clock import sql_time
from include.demo_store.settings import ACCESS_TOKEN
from include.settings import PROJECT_ROOT, Settings

TIMES_AS_FAST = 3.0
ROUNDS = 3
PAGE_SIZE = 100
CHANGED_PAGE_SIZE = 20
HOURS_OF_CHANGES = 24.0 * 30
SECONDS_PER_CALL = 4 * 3600
WAYS = {"dlt": False, "dlt, repetitions taken out": True}
"""Whether the records are trimmed, by way."""
OURS = {
    "ours": rest_our_load.load_alone,
    "ours, with guests, accounts and lifetimes": rest_our_load.load_with_people,
    "ours, with these, ledger, raw copy and checks": rest_our_load.load,
}
SORTS = {"dlt, in the order of changes": "updated_at", "dlt, in the order of ids": "entity_id"}
Stamps = dict[str, str | None]


class Loaded(NamedTuple):
    """What a first load took, and how many lines of orders it brought."""

    seconds: float
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dlt:
    """dlt in its own environment, loading into one database."""

    python: Path
    database: URL
    home: Path

    def run(self, store: str, **changes: Any) -> dict[str, Any]:
        """One run in a process of its own: its seconds, and the orders in its tables."""
        # It asks for a password even where the server asks for none, and puts the socket's folder into a URI unquoted.
        login = {"database": self.database.database, "username": self.database.username, "password": "none"}
        place = {
            "host": quote(str(self.database.query["host"]), safe=""),
            "port": self.database.query["port"],
        }
        given: dict[str, Any] = {
            "server": login | place, "url": store, "token": ACCESS_TOKEN, "home": str(self.home), "name": "orders",
            "sort": "entity_id", "page_size": PAGE_SIZE, "is_incremental": False, "is_trimmed": True,
            "is_warmed": False,
        }  # fmt: skip
        command = [self.python, "-m", "benchmarks.rest_dlt_once", json.dumps(given | changes)]
        answer = subprocess.run(
            command,
            cwd=PROJECT_ROOT,
            env=dlt_settings(self.home),
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            raise RuntimeError(f"dlt failed:\n{answer.stderr[-3000:]}")
        found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
        return found


def run(*, rounds: int = ROUNDS, orders: int = 20_000, changing: int = 6_000) -> Report:
    """Measure a first load of so many orders, and what is lost of a smaller shop that changes.

    Args:
        rounds: loads of each way.
        orders: size of the shop that is loaded.
        changing: size of the shop that changes while it is paged.
    """
    python = dlt_environment(Settings.from_environment().data_dir / "benchmarks" / "dlt-1.31.0")
    loads: dict[str, list[Loaded]] = defaultdict(list)
    requests: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as temporary, running_server() as server:
        folder = Path(temporary)
        with _warm_store(orders) as store:
            for number in range(rounds):
                with fresh_warehouse(server, f"bench_rest_{number}") as url:
                    for way, is_trimmed in WAYS.items():
                        home = folder / f"{number}-{is_trimmed}"
                        dlt = Dlt(python=python, database=url, home=home)
                        load = partial(_by_dlt, dlt, store, orders, is_trimmed=is_trimmed)
                        loads[way].append(_counted(store, way, requests, load))
                for way, ours in OURS.items():
                    with fresh_warehouse(server, f"bench_rest_ours_{number}") as url:
                        load = partial(_by_us, ours, url, store, folder / f"{way}-{number}", orders)
                        loads[way].append(_counted(store, way, requests, load))
        _check_lines(loads)
        with fresh_warehouse(server, "bench_rest_changes") as url:
            lost = _lost(python, url, folder / "changes", changing)
    seconds = {way: [one.seconds for one in found] for way, found in loads.items()}
    return report(seconds, requests, lost, orders)


def report(
    seconds: Mapping[str, list[float]], requests: Mapping[str, int], lost: Mapping[str, int], orders: int
) -> Report:
    """What was found: seconds, requests and lost orders by way."""
    middle = {way: median(values) for way, values in seconds.items()}
    best = min(middle[way] for way in WAYS)
    ours = middle["ours"]
    lines = [
        Measured(
            name="ours, against dlt's faster way",
            value=ours,
            baseline=best,
            bound=round(1 / TIMES_AS_FAST, 3),
        ),
        *(Measured(name=f"ours, against {way}", value=ours, baseline=middle[way]) for way in WAYS),
        *(Measured(name=way, value=middle[way], baseline=best) for way in OURS if way != "ours"),
        Measured(
            name="requests for pages of orders, ours",
            value=requests["ours"],
            unit="",
            bound=min(requests[w] for w in WAYS),
        ),
        *(
            Measured(name=f"requests for pages of orders, {way}", value=requests[way], unit="")
            for way in WAYS
        ),
        Measured(name="orders lost while they change, ours", value=lost["ours"], unit="", bound=0),
        *(Measured(name=f"orders lost, {way}", value=lost[way], unit="") for way in SORTS),
    ]
    return Report(
        f"Over REST: {orders:,} orders of a Magento 2, first load, against {REQUIREMENT} rest_api",
        lines,
        [
            f"{orders / ours:,.0f} orders a second, {best / ours:.1f} times as many as dlt's {orders / best:,.0f}.",
            f"Medians of {len(seconds['ours'])} rounds, pages of {PAGE_SIZE}; the store answers from memory.",
            "Ours types every column, keeps Parquet, and merges into indexed tables with history.",
            "Guests, accounts and lifetimes are made of the rows; dlt has no counterpart, so they are shown apart.",
            "A run asks for one row twice more: which number is the greatest, and whether the currency fits.",
            f"Lost: changed before or during a run in pages of {CHANGED_PAGE_SIZE}, and still old after one in peace.",
            "dlt is spared what ends or blinds it for good: a NUL in a text, and stamps of the future.",
        ],
    )  # fmt: skip


def _counted(store: str, way: str, requests: dict[str, int], load: partial[Loaded]) -> Loaded:
    before = _asked(store)
    done = load()
    requests[way] = _asked(store) - before
    return done


def _by_dlt(dlt: Dlt, store: str, orders: int, *, is_trimmed: bool) -> Loaded:
    settle(dlt.database)
    name = "trimmed" if is_trimmed else "whole"
    found = dlt.run(store, name=name, is_trimmed=is_trimmed)
    _check(len(found["orders"]), orders, "dlt")
    return Loaded(float(found["seconds"]), int(found["lines"]))


def _by_us(load: Callable[[Place, Executor], None], url: URL, store: str, root: Path, orders: int) -> Loaded:
    settle(url)
    here = rest_our_load.place(store, url, root, page_size=PAGE_SIZE)
    with rest_our_load.reading_tasks() as tasks:
        spent = timed(partial(load, here, tasks))
    _check(len(rest_our_load.orders(here)), orders, "ours")
    return Loaded(spent, rest_our_load.lines(here))


def _check(found: int, orders: int, whose: str) -> None:
    if found != orders:
        raise RuntimeError(f"{orders} orders were to be loaded by {whose}, and {found} are there.")


def _check_lines(loads: Mapping[str, Sequence[Loaded]]) -> None:
    found = {way: {one.lines for one in done} for way, done in loads.items()}
    if len(set.union(*found.values())) > 1:
        raise RuntimeError(f"The same lines of orders were to be loaded by all, and there are {found}.")


@contextmanager
def _warm_store(orders: int) -> Iterator[str]:
    """A store in a process of its own that has written every order down."""
    size = "--orders", str(orders), "--customers", str(max(orders // 4, 1))
    with serving("--kind", "magento2", "--keep-megabytes", "2000", *size) as store:
        for page in range(1, orders // PAGE_SIZE + 2):
            query = f"searchCriteria[pageSize]={PAGE_SIZE}&searchCriteria[currentPage]={page}"
            headers = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
            with urlopen(Request(f"{store}/V1/orders?{query}", headers=headers), timeout=60) as answer:  # noqa: S310 - our own store
                answer.read()
        yield store


def _asked(store: str) -> int:
    with urlopen(f"{store.removesuffix('/rest')}/_demo/asked", timeout=60) as answer:  # noqa: S310 - our own store
        return int(json.load(answer).get("orders", 0))


def _lost(python: Path, url: URL, folder: Path, orders: int) -> dict[str, int]:
    """Orders that each way does not have as they were before the run in which they changed."""
    folder.mkdir()
    found: dict[str, int] = {}
    for way, sort in SORTS.items():
        dlt = Dlt(python=python, database=url, home=folder / sort)
        found[way] = lost_by(orders, partial(_changes_by_dlt, dlt, sort))
    with rest_our_load.reading_tasks() as tasks:
        found["ours"] = lost_by(orders, partial(changes_by_us, url, folder / "ours", tasks))
    return found


def _changes_by_dlt(dlt: Dlt, sort: str, store: str) -> Stamps:
    settings = {"name": f"by_{sort}", "sort": sort, "is_incremental": True, "page_size": CHANGED_PAGE_SIZE}
    return dict(dlt.run(store, **settings)["orders"])


def changes_by_us(url: URL, root: Path, tasks: Executor, store: str) -> Stamps:
    """One run of ours for what has changed; the orders it has then."""
    here = rest_our_load.place(store, url, root, page_size=CHANGED_PAGE_SIZE)
    rest_our_load.load(here, tasks)
    return rest_our_load.orders(here)


def lost_by(orders: int, load: Callable[[str], Stamps]) -> int:
    """A first load, a month of the shop, a run while it lives on, and one in peace."""
    shop = Shop(customers=max(orders // 4, 1), orders=orders)
    for order in list(shop.orders()):
        if (order.row["updated_at"] or "") > _time_of(
            shop
        ):  # a cursor that has seen the future finds nothing more
            shop.hand.delete_order(int(order.row["entity_id"] or 0))
    with running_store(shop=shop, kind="magento2") as store:
        load(store.url)
        store.tick(HOURS_OF_CHANGES)
    with running_store(shop=shop, kind="magento2", clock_step=SECONDS_PER_CALL) as restless:
        load(restless.url)
    shop.tick(1)
    with running_store(shop=shop, kind="magento2") as calm:
        found = load(calm.url)
    wanted = {str(order.row["entity_id"]): order.row["updated_at"] for order in shop.orders()}
    return sum(_is_older(found.get(number), stamp) for number, stamp in wanted.items())


def _time_of(shop: Shop) -> str:
    return sql_time(shop.now())


def _is_older(found: str | None, stamp: str | None) -> bool:
    """Whether the last change is missing; rows without a usable stamp cannot be told from it."""
    return stamp is not None and not stamp.startswith("0000") and (found or "") < stamp
