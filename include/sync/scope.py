"""Which of a store's records are a channel's: by website, and by the day they were made.

A record tells its website itself or by its store view. One without a store, or of a view that was deleted, belongs to
the channel whose websites are `all`; beside channels of some websites it belongs to none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from include.channels.model import Channel
from include.entities.model import Entity
from include.magento.door import Record, StoreView

WebsiteOf = Callable[[str | None], str | None]


def websites_by_store(stores: Iterable[StoreView]) -> dict[str | None, str]:
    """The website of each store view, both as records write them."""
    return {str(store.store_id): str(store.website_id) for store in stores}


def wanted_records(
    entity: Entity, channel: Channel, website_of: WebsiteOf, *, of_any_day: bool = False
) -> Callable[[Record], bool]:
    """Whether a record, as the list delivers it, is the channel's.

    Args:
        entity: says where a record tells its website and when it was made.
        channel: says which websites, and since when; records without a usable date are always its own.
        website_of: the website of a store view, None for an unknown or missing one.
        of_any_day: by website alone, for records that are needed or known whenever they were made.
    """
    start = None if of_any_day or channel.sync_start_date is None else channel.sync_start_date.isoformat()
    websites = None if channel.websites == "all" else {str(website) for website in channel.websites}

    def website(record: Record) -> str | None:
        if entity.scope.website_field:
            return _text(record, entity.scope.website_field)
        return website_of(_text(record, entity.scope.store_field))

    def wanted(record: Record) -> bool:
        is_scoped = bool(entity.scope.website_field or entity.scope.store_field)
        if websites is not None and is_scoped and website(record) not in websites:
            return False
        created = _text(record, entity.created_field) or ""
        return start is None or not "0001" <= created[:4] <= "9999" or created[:10] >= start

    return wanted


def _text(record: Record, name: str | None) -> str | None:
    value = record.get(name) if name else None
    return value if isinstance(value, str) else None
