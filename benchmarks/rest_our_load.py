"""The project's own way from a store over REST to committed rows, as Airflow's tasks go it: two read, one loads.

Three times: `load_alone` is what other extractors do, too; `load_with_people` makes of each window's orders what a CRM
wants besides, guests, accounts and lifetime values; `load` is all of a run, with ledger, compressed raw copy and Great
Expectations' checks. What Airflow itself adds is in none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Engine, make_url, text

from benchmarks.demo_shop import CHANNEL, KEYS
from benchmarks.our_load import load_staged, stage_pages
from include.channels.model import Channel
from include.demo_store.settings import ACCESS_TOKEN
from include.demo_store.stores import STORES
from include.entities.catalogue import entity
from include.entities.model import Entity
from include.magento.door import Door, IdRange
from include.magento.rest import open_door
from include.magento.rest.address import BearerToken, RestAddress
from include.sync import collector
from include.sync.batch import Batch
from include.sync.checks import batch_definition
from include.sync.extract import Extraction
from include.sync.mapping import Mapping
from include.sync.plan import Planner
from include.sync.registered import register
from include.sync.request import Request
from include.sync.staging import FolderPath
from include.sync.windows_to_read import MOST_IDS_PER_WINDOW
from include.warehouse.engine import open_engine

ORDERS = entity("orders")
ROWS_OF_ORDERS = replace(ORDERS, derived=())
"""The orders' own tables, without what is computed of them."""
READING_TASKS = 2
WINDOWS_PER_TASK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where orders come from and where they go; passed to the processes that read.

    Attributes:
        store: URL of the REST API.
        warehouse: URL of the database, its password in it.
        root: staging root.
        page_size: orders in one call.
    """

    store: str
    warehouse: str
    root: Path
    page_size: int

    @property
    def channel(self) -> Channel:
        """The store as a channel."""
        settings = CHANNEL.model_dump(mode="json") | {
            "kind": "magento2",
            "limits": {"page_size": self.page_size},
        }
        return Channel.model_validate(settings)

    @property
    def address(self) -> RestAddress:
        """How the store is entered."""
        return RestAddress(url=self.store, credentials=BearerToken(token=ACCESS_TOKEN))

    def batch(self, engine: Engine, windows: Sequence[int]) -> Batch:
        """Some windows to work through."""
        root = cast(FolderPath, self.root)
        return Batch(
            engine=engine, channel=self.channel, entity=ORDERS, window_ids=windows, root=root, keys=KEYS
        )


def place(store: str, warehouse: URL, root: Path, *, page_size: int = 100) -> Place:
    """Make the staging root and enter the channel."""
    root.mkdir(exist_ok=True)
    found = Place(
        store=store,
        warehouse=warehouse.render_as_string(hide_password=False),
        root=root,
        page_size=page_size,
    )
    with _engine(found) as engine:
        register(engine, found.channel, datetime.now(UTC))
    return found


@contextmanager
def reading_tasks() -> Iterator[Executor]:
    """Two processes that have imported what reading needs, as Airflow's workers have."""
    context = get_context("spawn")
    ready = context.Barrier(READING_TASKS + 1)
    with ProcessPoolExecutor(READING_TASKS, context, _wait, (ready,)) as tasks:
        for _ in range(READING_TASKS):
            tasks.submit(int)  # a process begins when there is something to do
        ready.wait()
        import_door()
        batch_definition()
        yield tasks


def load_alone(here: Place, tasks: Executor) -> None:
    """Bring all orders with their lines, addresses, payments and comments, typed and merged."""
    _load_windows(here, tasks, ROWS_OF_ORDERS)


def load_with_people(here: Place, tasks: Executor) -> None:
    """The same, and what is derived of them."""
    _load_windows(here, tasks, ORDERS)


def _load_windows(here: Place, tasks: Executor, orders: Entity) -> None:
    with closing(open_door(here.address)) as door:
        greatest = door.greatest_id(ORDERS.reading["magento2"])
    size = MOST_IDS_PER_WINDOW
    staged = [tasks.submit(_stage, here, low, min(low + size, greatest)) for low in range(0, greatest, size)]
    with _engine(here) as engine:
        for one in staged:
            load_staged(engine, here.root, one.result(), orders=orders)


def load(here: Place, tasks: Executor) -> None:
    """Bring what is new or has changed: all of it, the first time."""
    with _engine(here) as engine:
        windows = _planned(here, engine)
        read = [
            tasks.submit(_read, here, windows[start : start + WINDOWS_PER_TASK])
            for start in range(0, len(windows), WINDOWS_PER_TASK)
        ]
        for one in read:
            batch = here.batch(engine, one.result())
            batch.validate()
            batch.upsert()


def lines(here: Place) -> int:
    """How many lines of orders are in the warehouse."""
    with _engine(here) as engine, engine.connect() as connection:
        return int(connection.execute(text("select count(*) from crm.order_items")).scalar_one())


def orders(here: Place) -> dict[str, str | None]:
    """Stamps of the orders in the warehouse, by id."""
    stamp = "to_char(source_updated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
    query = f"select order_id::text, {stamp} from crm.orders"  # noqa: S608 - our own names
    with _engine(here) as engine, engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(query))}


def _planned(here: Place, engine: Engine) -> list[int]:
    with closing(open_door(here.address)) as door:
        planner = Planner(
            engine=engine,
            door=door,
            channel=here.channel,
            entity=ORDERS,
            run_id="benchmark",
            now=datetime.now(UTC),
        )
        return planner.plan(Request())


def _stage(here: Place, low: int, high: int) -> str:
    selection = IdRange(low=low, high=high)
    pages = _door(here).read(ORDERS.reading["magento2"], selection, page_size=here.page_size)
    with collector.seldom():
        return stage_pages((page.records for page in pages), here.root, has_raw=False, mapping=_mapping(here))


@cache
def _door(here: Place) -> Door:
    """A task opens one door for all of its windows."""
    return open_door(here.address)


def _read(here: Place, windows: list[int]) -> list[int]:
    mapping = _mapping(here)
    with _engine(here) as engine, closing(open_door(here.address)) as door:
        root = cast(FolderPath, here.root)
        extraction = Extraction(entity=ORDERS, door=door, mapping=mapping, root=root, engine=engine)
        here.batch(engine, windows).extract(extraction)
    return windows


def _mapping(here: Place) -> Mapping:
    websites = {str(store.store_id): str(store.website.website_id) for store in STORES}
    return Mapping(channel=here.channel, websites=websites.get, guests=KEYS)


@contextmanager
def _engine(here: Place) -> Iterator[Engine]:
    engine = open_engine(make_url(here.warehouse))
    try:
        yield engine
    finally:
        engine.dispose()


def _wait(ready: Barrier) -> None:
    import_door()
    ready.wait()


def import_door() -> None:
    """What opening a door imports: a hundred and eighty modules, a tenth of a second."""
    import include.magento.rest.client  # noqa: F401 - that it is imported is all
