"""What the mapping of records may know beside the record itself: their channel, its websites, keys for guests.

It is asked for every record, so nothing here asks the store or the warehouse.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.channels.model import Channel
from include.identity.guest_keys import GuestKeys
from include.magento.door import StoreReport
from include.sync.scope import WebsiteOf, views_of, websites_by_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What the mapping of one channel's records may know; fits `include.entities.model.Context`."""

    channel: Channel
    websites: WebsiteOf
    guests: GuestKeys
    store_views: tuple[int, ...] = ()

    @property
    def channel_code(self) -> str:
        """First part of every key."""
        return self.channel.code

    @property
    def currency_code(self) -> str:
        """The installation's own currency: a channel is refused when it names another one to report in."""
        return self.channel.reporting_currency

    def website_of(self, store_id: str | None) -> str | None:
        """The website of a store view; None for an unknown or missing store."""
        return self.websites(store_id)

    def guest_key(self, *, website_id: str | None, email: str, name: str | None) -> str | None:
        """The key of a person without a customer record; shared addresses are told apart by name.

        None where the channel makes no customers of guests.
        """
        if not self.channel.guest_customers:
            return None
        shared = email in self.channel.shared_guest_emails
        return self.guests.key(
            self.channel.code, website_id=website_id, email=email, name=name if shared else None
        )

    def number_of(self, *, store_id: str | None, email: str) -> str:
        """A number below zero for what only an address and a store view tell apart."""
        return str(self.guests.number(self.channel.code, store_id=store_id, email=email))


def mapping_of(channel: Channel, report: StoreReport, guests: GuestKeys) -> Mapping:
    """The mapping's knowledge from what the store reports of itself."""
    return Mapping(
        channel=channel,
        websites=websites_by_store(report.stores).get,
        guests=guests,
        store_views=views_of(channel, report.stores),
    )
