"""The whole chain for one store without Airflow: plan, extract, validate and upsert every entity, 3 to 6 s a run.

The same engines in the same order as the DAGs' tasks, in one process; what Airflow adds is proved in
`test_airflow_journey.py`. As a program (`python -m tests.wire.chain <store url> <warehouse url> <staging folder>
<entity> ...`) it is what a journey can kill.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import httpx
from sqlalchemy import Engine, make_url, select, text

from include.channels.model import Channel
from include.demo_store.settings import ACCESS_TOKEN
from include.entities.catalogue import ENTITIES, ENTITY_NAMES
from include.entities.model import Entity
from include.identity.guest_keys import GuestKeys
from include.magento.address import StoreAddress
from include.magento.door import Door
from include.magento.rest import open_door as open_rest_door
from include.magento.rest.address import BearerToken, RestAddress
from include.magento.soap import open_door
from include.sync.batch import Batch
from include.sync.by_id import ById
from include.sync.extract import Extraction
from include.sync.mapping import Mapping, mapping_of
from include.sync.plan import Planner
from include.sync.probe import is_probed
from include.sync.registered import register
from include.sync.request import Request
from include.sync.staging import FolderPath
from include.warehouse.engine import open_engine
from include.warehouse.ledger_tables import WINDOWS

CODE = "us"
SECRET = b"the same in every journey"
NEEDS_BRIDGE = {"carts", "newsletter_subscribers"}
"""Entities that stock Magento has no list of."""
ONLY_MAGENTO_2 = {"price_rules"}
"""Entities that no Magento 1 tells."""
TABLES_OF_MAGENTO_2 = {"price_rules", "coupons", "stock_sources"}
"""Their tables."""
Order = Callable[[list[int]], list[int]]


def channel(**settings: object) -> Channel:
    """The recorded shop as a channel."""
    known = {
        "code": CODE,
        "name": "Recorded shop",
        "kind": "magento1",
        "connection_id": "recorded",
        "timezone": "Europe/Berlin",
        "reporting_currency": "EUR",
    }
    return Channel.model_validate(known | settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One warehouse fed by the recorded store.

    Attributes:
        root: staging root; raw copies stay there.
        channel: page size and the like.
        arrange: the order in which planned windows are read.
        pause: what the door does between tries; nothing, so that no test waits.
        transport: answers instead of a network, for stores that are read over REST.
    """

    engine: Engine
    root: Path
    channel: Channel
    arrange: Order = list
    pause: Callable[[float], None] = lambda _: None
    transport: httpx.BaseTransport | None = None

    def load(
        self,
        address: StoreAddress | RestAddress,
        request: Request | None = None,
        entities: Sequence[str] = ENTITY_NAMES,
    ) -> dict[str, dict[str, int]]:
        """One run over all entities.

        Returns:
            By table: rows inserted, updated, unchanged, stale, deleted.

        Raises:
            SyncError: as the tasks would.
        """
        total: dict[str, dict[str, int]] = {}
        door = self._open(address)
        try:
            mapping = mapping_of(self.channel, door.report(), GuestKeys(SECRET))
            register(self.engine, self.channel, datetime.now(UTC))
            for entity in (e for e in ENTITIES if e.name in entities):
                _add(total, self._sync(entity, door, mapping, request or Request()))
        finally:
            door.close()
        return total

    def by_id(self, door: Door, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> ById:
        """What sweeps and reconciliations read single records by."""
        return ById(
            engine=self.engine,
            door=door,
            channel=self.channel,
            mapping=mapping_of(self.channel, door.report(), GuestKeys(SECRET)),
            root=cast(FolderPath, self.root),
            run_id="sweep",
            now=now,
        )

    def _open(self, address: StoreAddress | RestAddress) -> Door:
        if isinstance(address, RestAddress):
            return open_rest_door(address, sleep=self.pause, transport=self.transport)
        return open_door(address, sleep=self.pause)

    def _sync(
        self, entity: Entity, door: Door, mapping: Mapping, request: Request
    ) -> dict[str, dict[str, int]]:
        probed = is_probed(door, self.channel, entity)
        if door.delivers(entity.reading[self.channel.kind]) and not probed:
            return {}
        engine, root = self.engine, cast(FolderPath, self.root)
        planner = Planner(
            engine=engine,
            door=door,
            channel=self.channel,
            entity=entity,
            run_id="journey",
            now=datetime.now(UTC),
            is_probed=probed,
        )
        windows = self.arrange(planner.plan(request))
        batch = Batch(
            engine=engine,
            channel=self.channel,
            entity=entity,
            window_ids=windows,
            root=root,
            keys=mapping.guests,
        )
        batch.extract(Extraction(entity=entity, door=door, mapping=mapping, root=root, engine=engine))
        batch.validate()
        batch.upsert()
        return self._outcomes(windows)

    def _outcomes(self, windows: Sequence[int]) -> dict[str, dict[str, int]]:
        total: dict[str, dict[str, int]] = {}
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(WINDOWS.c.state, WINDOWS.c.outcome_json).where(WINDOWS.c.window_id.in_(windows))
            ).all()
        for state, outcome in rows:
            assert state == "done"
            _add(total, outcome)
        return total


def _add(total: dict[str, dict[str, int]], more: dict[str, dict[str, int]]) -> None:
    for table, counts in more.items():
        known = total.setdefault(table, {})
        for name, count in counts.items():
            known[name] = known.get(name, 0) + count


def changed(outcomes: dict[str, dict[str, int]]) -> dict[str, int]:
    """Rows that are not as they were, of the tables that have any."""
    counts = {t: sum(o.get(n, 0) for n in ("inserted", "updated", "deleted")) for t, o in outcomes.items()}
    return {table: count for table, count in counts.items() if count}


def contents(engine: Engine, table: str, *, bookkeeping: bool = False) -> dict[str, dict[str, object]]:
    """Rows of a crm table by key; without what differs from run to run unless asked for."""
    with engine.connect() as connection:
        rows = connection.execute(text(f"select * from crm.{table}")).mappings().all()  # noqa: S608 - our own names
    key = next(iter(rows[0])) if rows else ""
    skipped = () if bookkeeping else ("first_seen_at", "changed_at", "window_id")
    return {row[key]: {n: v for n, v in row.items() if n not in skipped} for row in rows}


def main(url: str, warehouse: str, folder: str, *entities: str) -> None:
    """Load some entities, in a process of its own; a store whose address is no WSDL is a demo store over REST."""
    logging.basicConfig(level=logging.INFO)
    address: StoreAddress | RestAddress = StoreAddress(wsdl_url=url, user="crm_sync", api_key="crm-sync-key")
    shop = channel()
    if "wsdl" not in url:
        address = RestAddress(url=url, credentials=BearerToken(token=ACCESS_TOKEN))
        shop = channel(kind="magento2", limits={"page_size": 50})
    chain = Chain(engine=open_engine(make_url(warehouse)), root=Path(folder), channel=shop)
    chain.load(address, entities=entities)


if __name__ == "__main__":
    main(*sys.argv[1:])
