"""A store in memory that holds several entities, for what reads one because of another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from include.entities.catalogue import ENTITIES
from include.magento.door import Page, Reading, Record, Selection, Unreadable
from include.sync.by_id import ById
from tests.sync.shop import Door, Shop


@dataclass
class Store(Door):
    """Records by entity; all else is the door's."""

    entities: dict[str, list[Record]] = field(default_factory=dict)

    def of(self, entity: str) -> list[Record]:
        """The records of an entity, to be changed."""
        return self.entities.setdefault(entity, [])

    def _turn_to(self, reading: Reading) -> None:
        (name,) = [one.name for one in ENTITIES if reading in one.reading.values()]
        self.records = self.of(name)

    def greatest_id(self, reading: Reading, *, at_least: int = 0) -> int:
        self._turn_to(reading)
        return super().greatest_id(reading, at_least=at_least)

    def read(
        self,
        reading: Reading,
        selection: Selection,
        *,
        page_size: int,
        keep: Callable[[Record], bool] | None = None,
    ) -> Iterator[Page]:
        self._turn_to(reading)
        return super().read(reading, selection, page_size=page_size, keep=keep)

    def rows(
        self, reading: Reading, selection: Selection, *, page_size: int
    ) -> Iterator[Record | Unreadable]:
        self._turn_to(reading)
        return super().rows(reading, selection, page_size=page_size)


def by_id(shop: Shop) -> ById:
    """What reads the shop's records by id."""
    return ById(
        engine=shop.engine,
        door=shop.door,
        channel=shop.channel,
        mapping=shop.mapping,
        root=shop.root,
        run_id="by need",
        now=lambda: shop.now,
    )


def loaded(shop: Shop, **entities: list[Record]) -> Store:
    """Load these records, as a first run of each entity does; the store to change them in."""
    store = Store(entities={name: list(records) for name, records in entities.items()})
    shop.door = store
    for name in entities:
        shop.run(name)
    return store
