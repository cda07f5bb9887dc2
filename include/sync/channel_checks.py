"""Whether a channel fits its store: what its file names must be there, before anything is loaded."""

from __future__ import annotations

from sqlalchemy import Engine, select

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import ConfigError
from include.magento.door import Door, Ids, StoreReport
from include.warehouse.ops_tables import CHANNELS


def check_kind(channel: Channel, engine: Engine) -> None:
    """Refuse a channel that holds the data of another kind of store: customer 7 of one is not customer 7 of the other.

    Raises:
        ConfigError: says how the new store gets a channel.
    """
    with engine.connect() as connection:
        of_channel = CHANNELS.c.channel_code == channel.code
        known = connection.execute(select(CHANNELS.c.kind).where(of_channel)).scalar()
    if known not in (None, channel.kind):
        raise ConfigError(
            f"Channel {channel.code} holds the data of a {known} store, and its file says {channel.kind}, where the "
            f"same ids mean other records: take that back, and give the new store a file with a code of its own and "
            f"`replaces: {channel.code}`."
        )


def check_websites(channel: Channel, report: StoreReport) -> None:
    """Refuse a channel that names a website its store does not have.

    Raises:
        ConfigError: names the websites there are.
    """
    if channel.websites == "all":
        return
    unknown = sorted(set(channel.websites) - set(report.websites))
    if unknown:
        known = ", ".join(f"{number} ({name})" for number, name in sorted(report.websites.items()))
        raise ConfigError(
            f"Channel {channel.code} names website {', '.join(map(str, unknown))}, which its store does not have: "
            f"choose among {known} in the channel file, or write `websites: all`."
        )


def check_currency(channel: Channel, entity: Entity, door: Door, newest_id: int) -> None:
    """Refuse a channel whose reporting currency is not its store's global one, before anything is loaded.

    The newest record tells; the store's own settings are out of reach, and it has no other rates to convert by.

    Raises:
        ConfigError: names the currency there is.
    """
    if entity.currency_field is None or not newest_id:
        return
    pages = door.read(entity.reading[channel.kind], Ids(ids=(newest_id,)), page_size=1)
    found = {record.get(entity.currency_field) for page in pages for record in page.records} - {None}
    if found and channel.reporting_currency not in found:
        raise ConfigError(
            f"Channel {channel.code} has the reporting_currency {channel.reporting_currency}, but its store has "
            f"rates to {found.pop()} only: write that in the channel file."
        )
