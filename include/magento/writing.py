"""What the rest of the project may change in a store, whatever protocol it speaks.

A change is plain data: which record, which fields, and nothing of how it is sent. What a newcomer would get wrong: a
change that failed is not one that did not happen. `OutcomeUnknown` says that the store may have done it; whoever gets
it looks whether it happened before asking again. A door never sends a change twice by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from include.magento.cart_changes import Agreement, CartChange, CartRef, CartTotal, Method
from include.magento.door import Door, Record

if TYPE_CHECKING:
    from include.entities.fields import StoreKind

Fields: TypeAlias = Mapping[str, str | None]
"""Fields under Magento's names, as text: "" and None empty a field, flags are "1" and "0", streets have line breaks."""

SUBSCRIBED, UNSUBSCRIBED = "1", "3"
"""Magento's states of a newsletter entry that a write may ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCustomer:
    """A new account; answered with its id.

    Magento 1 validates nothing here (an address without @ passes), so the fields have to be checked before.

    Attributes:
        fields: at least email, firstname, lastname, website_id.
        password: None: none that anybody knows; the person asks the shop for a new one.
    """

    fields: Fields
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCustomer:
    """Other values for some fields of an account; the rest stays."""

    customer_id: int
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAddress:
    """A new entry in a customer's address book; answered with its id."""

    customer_id: int
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAddress:
    """Other values for some fields of an address in a customer's book; the rest stays."""

    customer_id: int
    address_id: int
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteAddress:
    """Take an address out of a customer's book."""

    customer_id: int
    address_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSubscription:
    """A newsletter entry for an address that has none; answered with its id."""

    email: str = field(repr=False)
    store_id: int
    status: str
    customer_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSubscription:
    """Another state (`SUBSCRIBED`, `UNSUBSCRIBED`) for a newsletter entry that is there.

    Attributes:
        subscriber_id: as the store's list of the newsletter calls it; in Magento 2 the customer's id.
    """

    subscriber_id: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentOrder:
    """A line in an order's history.

    Attributes:
        order_id: Magento's id of the order.
        order_number: the number people see.
        status: the order's status as it is now: the store sets whatever it is given, also one that does not exist.
        is_notified: whether the store mails the comment to the customer.
        is_visible: whether the customer sees it in the shop; not every API can say so.
    """

    order_id: int
    order_number: str
    status: str
    text: str = field(repr=False)
    is_notified: bool = False
    is_visible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOrder:
    """Put an order on hold."""

    order_id: int
    order_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnholdOrder:
    """Let an order on hold go on."""

    order_id: int
    order_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Cancel an order."""

    order_id: int
    order_number: str


Change: TypeAlias = (
    CreateCustomer
    | UpdateCustomer
    | CreateAddress
    | UpdateAddress
    | DeleteAddress
    | CreateSubscription
    | SetSubscription
    | CommentOrder
    | HoldOrder
    | UnholdOrder
    | CancelOrder
    | CartChange
)


Leaving: TypeAlias = Callable[[], None]
"""The last word before a request leaves: a caller may have slept, or waited for a slot, since it decided to write."""


def at_once() -> None:
    """Nothing stands in the way."""


class WritingDoor(Protocol):
    """The side of an open connection that changes the store."""

    def write(self, change: Change, *, leaving: Leaving = at_once) -> str | None:
        """Make one change, sent once.

        Args:
            change: what shall be.
            leaving: called when nothing but sending is left to be done; what it raises keeps the request back.

        Returns:
            What the store calls the new record (id, or the number of an order); None where nothing new came of it.

        Raises:
            OutcomeUnknown: it was sent, and nobody knows whether it happened: look before asking again.
            TransientError: it surely did not happen; it may later.
            RecordGone: the record to change is not in the store.
            WriteRefused: the store, or its API, does not accept this change; the message says why.
            CallRefused: the store takes no changes of this kind from us (permission, missing extension).
            ConfigError: a person must act, whatever is to be changed (key, address).
        """
        ...

    def accepts(self, kind: type[Change]) -> str | None:
        """None when this store can be asked for changes of this kind, else the reason why not, in one sentence."""
        ...

    def cart(self, cart: CartRef) -> Record:
        """The cart as it is now; raises RecordGone when it is not in that store view."""
        ...

    def shipping_methods(self, cart: CartRef) -> list[Method]:
        """What the store would ship this cart by; needs a shipping address in it."""
        ...

    def payment_methods(self, cart: CartRef) -> list[Method]:
        """What this cart can be paid by."""
        ...

    def totals(self, cart: CartRef) -> list[CartTotal]:
        """What the cart comes to, line by line, as the store would show it."""
        ...

    def agreements(self, cart: CartRef) -> list[Agreement]:
        """Terms that have to be agreed to before the order is placed."""
        ...


class TwoWayDoor(Door, Protocol):
    """A door that reads and writes over one session."""

    @property
    def kind(self) -> StoreKind:
        """What the store runs on, by which an entity's way of being read is found."""
        ...

    @property
    def writer(self) -> WritingDoor:
        """The side that changes the store."""
        ...
