"""The settings of a channel, checked and immutable: what a file may say, and what holds when it does not.

Unknown names are refused, so a misspelt setting never falls back to a default in silence. Which entities
exist is the catalogue's to say, unless other names come with the validation context (`{"entity_names": ...}`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from include.channels.parts import (
    AccountMatching,
    CartProbe,
    Limits,
    OrderComments,
    Quality,
    Rfm,
    Settings,
    TwoWay,
)
from include.channels.values import (
    CalendarDay,
    CurrencyCode,
    Email,
    Interval,
    Text,
    Timezone,
    Websites,
    nearest,
    refuse,
)
from include.entities.catalogue import ENTITY_NAMES

__all__ = ["ENTITY_NAMES", "Channel"]

_CODE = r"^[a-z][a-z0-9_]{0,29}$"
ALWAYS_SYNCED = "customers"

DEFAULT_INTERVAL = timedelta(hours=1)
DEFAULT_INTERVALS: Mapping[str, timedelta] = {
    "orders": timedelta(minutes=15),
    "carts": timedelta(minutes=15),
    "customers": timedelta(minutes=30),
    "newsletter_subscribers": timedelta(minutes=30),
    "regions": timedelta(days=1),
    "price_rules": timedelta(days=1),
}


class Channel(Settings):
    """One Magento installation, or some of its websites, as a source of CRM data."""

    code: str = Field(
        pattern=_CODE,
        description="Short and stable: it begins every key in the warehouse (`us:1042`). At most 30 "
        "lower-case letters, digits and underscores, a letter first. Never change it once data is loaded.",
        examples=["us"],
    )
    name: Text = Field(description="What people call the channel.", examples=["US shop"])
    kind: Literal["magento1", "magento2"] = Field(
        description="What the store runs on.", examples=["magento1"]
    )
    connection_id: str = Field(
        pattern=r"^[A-Za-z0-9_.\-]{1,200}$",
        description="Id of the Airflow connection (type Magento) with address and secrets.",
        examples=["magento_us"],
    )
    websites: Websites = Field(
        default="all",
        description="`all`, or the ids of the websites that belong to this channel.",
        examples=[[1, 2]],
    )
    entities: Annotated[tuple[str, ...], Field(validate_default=True)] = Field(
        default=(),
        description="`all` (the default), or the names of what to sync; customers always are.",
        examples=[["orders"]],
    )
    sync_start_date: CalendarDay = Field(
        default=None,
        description="First day of interest, by creation; earlier records are left out. May be moved earlier "
        "later. Everything by default.",
        examples=["2020-01-31"],
    )
    timezone: Timezone = Field(
        description="IANA time zone that decides where a report's day begins; the store does not tell.",
        examples=["Europe/Berlin"],
    )
    reporting_currency: CurrencyCode = Field(
        description="ISO 4217 code of the store's global currency: the only one it has rates for.",
        examples=["EUR"],
    )
    guest_customers: bool = Field(
        default=True, description="Make customers of the guests of orders and carts.", examples=[True]
    )
    shared_guest_emails: Annotated[tuple[Email, ...], Field(strict=False)] = Field(
        default=(),
        description="E-mail addresses that many guests share; these are told apart by name.",
        examples=[["shop@example.com"]],
    )
    account_matching: AccountMatching = Field(
        default=AccountMatching(), description="Who is the same person.", examples=[{"strategy": "first"}]
    )
    order_comments: OrderComments = Field(
        default=OrderComments(),
        description="Where comments are shown.",
        examples=[{"show_on_customer": True}],
    )
    cart_probe: CartProbe = Field(
        default=CartProbe(),
        description="Carts of a store that cannot list them.",
        examples=[{"enabled": True}],
    )
    two_way: TwoWay = Field(
        default=TwoWay(), description="Writing back to the store.", examples=[{"enabled": False}]
    )
    default_owner: Text | None = Field(
        default=None,
        description="Owner of customers, orders, carts, accounts and contacts that arrive; none by default.",
        examples=["sales"],
    )
    active: bool = Field(
        default=True, description="false: no sync, data kept, left out of statistics.", examples=[True]
    )
    replaces: str | None = Field(
        default=None,
        pattern=_CODE,
        description="Code of the channel whose shop this one takes over, old and new Magento of one business: "
        "`report.migration_parity` compares their orders. None by default.",
        examples=["us_old"],
    )
    limits: Limits = Field(
        default=Limits(), description="Protection of the store.", examples=[{"concurrency": 2}]
    )
    quality: Quality = Field(
        default=Quality(), description="Tolerance of bad data.", examples=[{"max_rejected_ratio": 0.1}]
    )
    rfm: Rfm = Field(
        default=Rfm(), description="RFM scores.", examples=[{"categories": {"recency_days": [7, 30]}}]
    )
    raw_retention_days: int = Field(
        default=14,
        ge=0,
        le=3650,
        description="Days that the records are kept as the store sent them.",
        examples=[14],
    )
    schedules: Mapping[str, Interval] = Field(
        default_factory=dict,
        description="How often an entity is synced (15m, 1h, 1d), where the default does not fit.",
        examples=[{"orders": "1h"}],
    )

    def interval_of(self, entity_name: str) -> timedelta:
        """How often this channel's entity is due."""
        return self.schedules.get(entity_name) or DEFAULT_INTERVALS.get(entity_name, DEFAULT_INTERVAL)

    def probe_calls_of(self, entity_name: str) -> int:
        """Calls that a run may spend on guessing which records of an entity there are; 0: it must not."""
        return self.cart_probe.most_calls_per_run if entity_name == "carts" and self.cart_probe.enabled else 0

    @field_validator("replaces")
    @classmethod
    def _another(cls, replaces: str | None, info: ValidationInfo) -> str | None:
        if replaces is not None and replaces == info.data.get("code"):
            raise refuse("names the channel itself", "write the code of the channel of the old shop")
        return replaces

    @field_validator("entities", mode="before")
    @classmethod
    def _in_catalogue(cls, value: object, info: ValidationInfo) -> tuple[str, ...]:
        known = _entity_names(info)
        if value in ("all", ()):
            return known
        if not isinstance(value, list | tuple):
            raise refuse("is neither `all` nor a list of names", f"write all, or some of {', '.join(known)}")
        for name in value:
            _check_entity(name, known)
        return tuple(name for name in known if name in value or name == ALWAYS_SYNCED)

    @field_validator("shared_guest_emails")
    @classmethod
    def _once_each(cls, emails: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(emails)))

    @field_validator("schedules")
    @classmethod
    def _known_schedules(
        cls, value: Mapping[str, timedelta], info: ValidationInfo
    ) -> Mapping[str, timedelta]:
        for name, interval in value.items():
            _check_entity(name, _entity_names(info))
            if interval < (shortest := DEFAULT_INTERVALS.get(name, DEFAULT_INTERVAL)):
                raise refuse(
                    f"asks for {name} more often than the DAG sync_{name} runs",
                    f"write {_written(shortest)} or longer, or take the line out",
                )
        return value


def _written(interval: timedelta) -> str:
    """An interval as a file writes it."""
    minutes = int(interval.total_seconds() // 60)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _entity_names(info: ValidationInfo) -> tuple[str, ...]:
    names: Sequence[str] = (info.context or {}).get("entity_names", ENTITY_NAMES)
    return tuple(names)


def _check_entity(name: object, known: tuple[str, ...]) -> None:
    if name not in known:
        meant = nearest(name, list(known))
        mend = f"write {meant}" if meant else f"write some of {', '.join(known)}"
        raise refuse("names an entity that cannot be synced", mend)
