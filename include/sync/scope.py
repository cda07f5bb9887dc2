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


def views_of(channel: Channel, stores: Iterable[StoreView]) -> tuple[int, ...]:
    """The store views of the channel's websites."""
    websites = channel.websites
    return tuple(sorted(s.store_id for s in stores if websites == "all" or s.website_id in websites))


def wanted_records(
    entity: Entity, channel: Channel, website_of: WebsiteOf, *, of_any_day: bool = False
) -> Callable[[Record], bool]:
    """Whether a record, as the list delivers it, is the channel's; its website is left open where only details tell it.

    Args:
        entity: says where a record tells its website and when it was made.
        channel: says which websites, and since when; records without a usable date are always its own.
        website_of: the website of a store view, None for an unknown or missing one.
        of_any_day: by website alone, for records that are needed or known whenever they were made.
    """
    start = None if of_any_day or channel.sync_start_date is None else channel.sync_start_date.isoformat()
    ours = _anyones if entity.scope.is_in_details else of_websites(entity, channel, website_of)

    def wanted(record: Record) -> bool:
        if not ours(record):
            return False
        created = _text(record, entity.created_field) or ""
        return start is None or not "0001" <= created[:4] <= "9999" or created[:10] >= start

    return wanted


def of_websites(entity: Entity, channel: Channel, website_of: WebsiteOf) -> Callable[[Record], bool]:
    """Whether a whole record is of one of the channel's websites."""
    scope = entity.scope
    if channel.websites == "all" or not (scope.website_field or scope.store_field):
        return _anyones
    websites = {str(website) for website in channel.websites}

    def ours(record: Record) -> bool:
        if scope.website_field:
            return _text(record, scope.website_field) in websites
        return website_of(_text(record, scope.store_field)) in websites

    return ours


def _anyones(_: Record) -> bool:
    return True


def nobodys(_: Record) -> bool:
    """No record at all."""
    return False


def _text(record: Record, name: str | None) -> str | None:
    value = record.get(name) if name else None
    return value if isinstance(value, str) else None
