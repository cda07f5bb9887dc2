"""The groups of settings inside a channel file (`limits`, `two_way`, ...), each with its defaults.

A group may be given in part: what is left out keeps its default.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from include.channels.values import refuse


class Settings(BaseModel):
    """Base of everything a channel file holds: immutable, unknown names refused."""

    # Strict, or "yes" would be true and 2.9 connections would be 2.
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class AddressMatching(Settings):
    """Addresses that must agree, too, before two customers count as the same person."""

    fields: Annotated[
        tuple[Literal["postal_code", "phone", "country"], ...],
        Field(
            strict=False,
            min_length=1,
            description="Address fields that must be equal.",
            examples=[["postal_code"]],
        ),
    ]
    strategy: Literal["any_of", "by_type", "shipping", "billing"] = Field(
        default="any_of",
        description="any_of: any address of one with any of the other; by_type: billing with billing and "
        "shipping with shipping; shipping or billing: only that kind.",
        examples=["by_type"],
    )


class AccountMatching(Settings):
    """When a new customer joins the account of an existing one."""

    fields: Annotated[
        tuple[Literal["first_name", "last_name", "email"], ...],
        Field(
            strict=False,
            min_length=1,
            description="Customer fields that must all be equal, whatever their case.",
            examples=[["first_name", "last_name", "email"]],
        ),
    ] = ("first_name", "last_name", "email")
    strategy: Literal["first", "latest"] = Field(
        default="first",
        description="Whose account wins when several match: the oldest customer's or the newest's.",
        examples=["first"],
    )
    match_empty: bool = Field(
        default=False, description="Whether two empty values count as equal.", examples=[False]
    )
    addresses: AddressMatching | None = Field(
        default=None,
        description="Addresses that must agree as well; none by default.",
        examples=[{"fields": ["postal_code"]}],
    )


class OrderComments(Settings):
    """Where the comments of orders are shown."""

    show_on_customer: bool = Field(
        default=True,
        description="Show order comments on the account and the customer too, not only on the order.",
        examples=[True],
    )


class TwoWay(Settings):
    """Writing changes of the CRM back to the store."""

    enabled: bool = Field(
        default=False,
        description="Whether changes made in the CRM are written to the store.",
        examples=[False],
    )
    priority: Literal["remote", "local", "ask"] = Field(
        default="remote",
        description="Who wins when both sides changed: remote (the store), local (the CRM), ask (the change "
        "waits for a person).",
        examples=["remote"],
    )
    daily_ceiling: int = Field(
        default=1000,
        ge=1,
        description="Changes written to the store in any 24 hours at most; what is beyond waits.",
        examples=[1000],
    )
    unsubscribe_suppressed: bool = Field(
        default=False,
        description="Whether an opt-out of marketing.suppressions (unsubscribed, complained, by hand) also "
        "unsubscribes the address in the store.",
        examples=[True],
    )
    max_execution_minutes: int = Field(
        default=15,
        ge=1,
        description="How long the store may work on one request. A change whose answer was lost is looked up in the "
        "store only after this.",
        examples=[15],
    )
    ask_before_order: bool = Field(
        default=False,
        description="Whether a person is asked before a cart becomes an order, in Airflow under Required Actions.",
        examples=[False],
    )
    second_person_for_orders: bool = Field(
        default=False,
        description="Whether that has to be somebody else than who asked for the order; only with ask_before_order. "
        "Leave it off where the forms do not know people by name.",
        examples=[True],
    )
    attempts: int = Field(
        default=8,
        ge=1,
        description="How often a change is tried before it is given up as dead.",
        examples=[8],
    )


class Limits(Settings):
    """How much of the store's strength a sync may use."""

    concurrency: int = Field(
        default=2,
        ge=1,
        le=32,
        description="Calls at the same time, over all tasks and workers; a stock Magento deadlocks when "
        "clients reach its PHP workers.",
        examples=[2],
    )
    page_size: int = Field(
        default=100, ge=1, le=1000, description="Records asked for in one call.", examples=[100]
    )
    requests_per_second: float | None = Field(
        default=None,
        gt=0,
        le=1000,
        description="Upper bound of calls per second; none by default.",
        examples=[5],
    )


class CartProbe(Settings):
    """Looking for the carts of a store that cannot list them, one guess a call."""

    enabled: bool = Field(
        default=False,
        description="Without the Oro bridge: find carts by asking for one number after the other, new ones behind the "
        "last known and open ones again.",
        examples=[True],
    )
    most_calls_per_run: int = Field(
        default=500,
        ge=20,
        le=100_000,
        description="Calls that a run may spend on it; a cart costs one, a number without a cart one per store view.",
        examples=[500],
    )


class Quality(Settings):
    """How much bad data is tolerated."""

    max_rejected_ratio: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description=(
            "Share of a window's records (0 to 1) that may go to quarantine before the window fails. Fewer than 10 "
            "never fail it, so that small windows load; with 0 none is tolerated."
        ),
        examples=[0.1],
    )


class RfmCategories(Settings):
    """Bounds between the categories of recency, frequency and monetary value; the first category is the best.

    n bounds make n + 1 categories, the last one open: recency [7, 30] means up to 7 days,
    up to 30 days, longer.
    """

    recency_days: Annotated[
        tuple[Annotated[int, Field(gt=0)], ...],
        Field(
            strict=False,
            min_length=1,
            description="Days since the last order, rising.",
            examples=[[7, 30, 90, 365]],
        ),
    ] = (7, 30, 90, 365)
    frequency_orders: Annotated[
        tuple[Annotated[int, Field(gt=0)], ...],
        Field(
            strict=False, min_length=1, description="Orders in 365 days, falling.", examples=[[52, 12, 4, 2]]
        ),
    ] = (52, 12, 4, 2)
    monetary_amount: Annotated[
        tuple[Annotated[Decimal, Field(strict=False, gt=0)], ...],
        Field(
            strict=False,
            min_length=1,
            description="Revenue in 365 days, in the reporting currency, falling.",
            examples=[[10000, 1000, 100, 10]],
        ),
    ] = (Decimal(10000), Decimal(1000), Decimal(100), Decimal(10))

    @field_validator("recency_days")
    @classmethod
    def _rises(cls, bounds: tuple[int, ...]) -> tuple[int, ...]:
        return _in_order(bounds, "rise", sorted(set(bounds)))

    @field_validator("frequency_orders", "monetary_amount")
    @classmethod
    def _falls(cls, bounds: tuple[Any, ...]) -> tuple[Any, ...]:
        return _in_order(bounds, "fall", sorted(set(bounds), reverse=True))


class Rfm(Settings):
    """Recency, frequency and monetary scores."""

    categories: RfmCategories = Field(
        default=RfmCategories(), description="Bounds of the categories.", examples=[{"recency_days": [7, 30]}]
    )


def _in_order(bounds: tuple[Any, ...], verb: str, ordered: list[Any]) -> tuple[Any, ...]:
    if list(bounds) != ordered:
        raise refuse(
            f"does not {verb} from bound to bound",
            f"list the bounds so that they {verb}, best category first",
        )
    return bounds
