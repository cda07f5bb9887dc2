"""The settings that the loaded data goes by, remembered per entity, so that a changed channel file is noticed.

What a wider setting adds (an earlier start date, more websites) is read by itself. A later start date loses nothing:
what is loaded stays and is followed. Where loaded rows would have to change or would be left behind, the next run says
so and waits for a full resync.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSettings:
    """Settings of a channel that decide what of an entity is loaded.

    Attributes:
        since: the first day; None: from the beginning, and where every record counts.
        websites: their ids, or `all`; of entities that belong to no website always `all`.
        has_guests: whether guests became customers; None for entities without.
        shared_guests: a digest of the addresses that guests share, which are nobody's to read here; None where no
            guests are made.
        connection_id: which connection leads to the store. None of this and the digest: noted before they were kept.
    """

    since: date | None
    websites: Literal["all"] | tuple[int, ...]
    has_guests: bool | None
    shared_guests: str | None = None
    connection_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For the ledger."""
        return {
            "since": self.since.isoformat() if self.since else None,
            "websites": "all" if self.websites == "all" else list(self.websites),
            "has_guests": self.has_guests,
            "shared_guests": self.shared_guests,
            "connection_id": self.connection_id,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> LoadedSettings:
        """What `as_json` made."""
        since, websites = value["since"], value["websites"]
        return cls(
            since=date.fromisoformat(since) if since else None,
            websites="all" if websites == "all" else tuple(websites),
            has_guests=value["has_guests"],
            shared_guests=value.get("shared_guests"),
            connection_id=value.get("connection_id"),
        )

    def applied_to(self, channel: Channel) -> Channel:
        """The channel as if its file said so, as far as reading goes by it."""
        return channel.model_copy(update={"sync_start_date": self.since, "websites": self.websites})

    def adds_to(self, known: LoadedSettings) -> bool:
        """Whether these let in records that those left out."""
        is_earlier = known.since is not None and (self.since is None or self.since < known.since)
        return is_earlier or bool(_missing(known.websites, self.websites))


def wanted_settings(channel: Channel, entity: Entity) -> LoadedSettings:
    """What the channel's file asks for."""
    scope = entity.scope
    shares = entity.names_guests and channel.guest_customers
    return LoadedSettings(
        since=channel.sync_start_date if entity.created_field else None,
        websites=channel.websites if scope.website_field or scope.store_field else "all",
        has_guests=channel.guest_customers if entity.names_guests else None,
        shared_guests=_digest(channel.shared_guest_emails) if shares else None,
        connection_id=channel.connection_id,
    )


def _digest(addresses: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(addresses)).encode()).hexdigest()[:16]


def followed(wanted: LoadedSettings, known: LoadedSettings) -> LoadedSettings:
    """What is asked for, but from the earliest day that was ever loaded."""
    since = None if known.since is None or wanted.since is None else min(known.since, wanted.since)
    return replace(wanted, since=since)


def assure_reachable(wanted: LoadedSettings, known: LoadedSettings, channel: Channel, entity: Entity) -> None:
    """Refuse settings that reading on could not bring about.

    Raises:
        ConfigError: what changed, and how to go on.
    """
    resync = f"start sync_{entity.name} once with full_resync"
    if _is_another(wanted.connection_id, known.connection_id):
        raise ConfigError(
            f"Channel {channel.code} has {entity.name} that were read through the connection {known.connection_id}: a "
            f"store of its own needs a channel of its own; if {wanted.connection_id} leads to the same one, {resync}, "
            "or take the change back."
        )
    if dropped := _missing(wanted.websites, known.websites):
        which = "all websites" if "all" in dropped else f"website {', '.join(dropped)}"
        raise ConfigError(
            f"Channel {channel.code} no longer reads {which}, of which {entity.name} are loaded: {resync} to go on "
            "without (rows that are loaded stay as they are), or take the change of `websites` back."
        )
    if wanted.has_guests != known.has_guests:
        was = str(known.has_guests).lower()
        raise ConfigError(
            f"Channel {channel.code} has {entity.name} that were loaded with `guest_customers: {was}`: {resync}, so "
            "that they follow, or take the change back."
        )

    if _is_another(wanted.shared_guests, known.shared_guests):
        raise ConfigError(
            f"Channel {channel.code} has {entity.name} that were loaded with other `shared_guest_emails`: {resync}, so "
            "that their guests are told apart as the file says now, or take the change back."
        )


def _is_another(wanted: str | None, known: str | None) -> bool:
    """Whether both are known and not the same."""
    return None not in (wanted, known) and wanted != known


def _missing(
    among: Literal["all"] | tuple[int, ...], websites: Literal["all"] | tuple[int, ...]
) -> list[str]:
    """Those websites that are not among the others."""
    if among == "all":
        return []
    return ["all"] if websites == "all" else [str(one) for one in websites if one not in among]
