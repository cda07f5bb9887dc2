"""The website of each store view, remembered between the tasks of a run: asking the store anew costs calls per batch.

The plan notes what the store reports; the tasks that follow read the note, and ask the store only about a view that
nobody knows, such as one that was made since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Engine, select, update

from include.magento.door import StoreReport, StoreView
from include.sync.scope import websites_by_store
from include.warehouse.ops_tables import CHANNELS


class KnownWebsites:
    """Tells the website of a store view.

    Args:
        known: website by store view, both as records write them.
        ask: the store's report, for a view that is not known; asked for once.
    """

    def __init__(self, known: Mapping[str | None, str], ask: Callable[[], StoreReport]) -> None:
        self._known = dict(known)
        self._ask: Callable[[], StoreReport] | None = ask

    def __call__(self, store_id: str | None) -> str | None:
        """The website; None for a missing store view, or one that the store does not have."""
        if store_id is not None and store_id not in self._known and self._ask is not None:
            ask, self._ask = self._ask, None
            self._known |= websites_by_store(ask().stores)
        return self._known.get(store_id)


def note_websites(engine: Engine, channel_code: str, stores: Iterable[StoreView]) -> None:
    """Keep what the store reports of its views; nothing is written while it stays the same."""
    reported = websites_by_store(stores)
    column = CHANNELS.c.websites_by_store_json
    with engine.begin() as connection:
        connection.execute(
            update(CHANNELS)
            .where(CHANNELS.c.channel_code == channel_code, column.is_distinct_from(reported))
            .values(websites_by_store_json=reported)
        )


def noted_websites(engine: Engine, channel_code: str) -> dict[str | None, str]:
    """What was last noted of a channel's store; empty where nothing was."""
    statement = select(CHANNELS.c.websites_by_store_json).where(CHANNELS.c.channel_code == channel_code)
    with engine.connect() as connection:
        return dict(connection.execute(statement).scalar() or {})
