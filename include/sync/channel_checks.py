"""Whether a channel fits its store: what its file names must be there, before anything is loaded."""

from __future__ import annotations

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import ConfigError
from include.magento.door import Door, Ids, StoreReport


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
