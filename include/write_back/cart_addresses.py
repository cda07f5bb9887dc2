"""The addresses of a cart as values that can be merged: `billing_address.city`, under the names crm has.

Whoever types an address types all of it, so a field that was left out is wished empty. What a newcomer would get wrong:
an address of the customer's book is taken whole or not at all, so it is held against everything the cart's address is,
under the name `billing_address`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from include.entities.customers import CUSTOMER_ADDRESSES
from include.magento.cart_changes import CartAddress
from include.magento.door import Record
from include.write_back.store_values import as_kept, as_texts, as_wire, held

KINDS = ("billing", "shipping")
BOOK = "customer_address_id"
TYPED = (
    "first_name last_name company street city region region_id postcode country_code telephone fax".split()
)
Card: TypeAlias = Mapping[str, str | None]
"""Fields of one address by column; `BOOK` alone: the entry of the customer's book with this id."""


def wished(typed: Mapping[str, Any]) -> Card:
    """An address of a request: a region is known by its name or by its id, and the other of the two is the store's."""
    if typed.get(BOOK):
        return {BOOK: str(typed[BOOK])}
    given = as_texts(typed)
    left = {"region"} if given.get("region_id") else {"region_id"}
    return {name: given.get(name) for name in TYPED if name in given or name not in left}


def told(record: Record) -> Card:
    """What the store holds in an address."""
    card = held(
        CUSTOMER_ADDRESSES, record, (*TYPED, BOOK), "magento1"
    )  # the names that every door gives a cart
    return {**card, BOOK: None} if card[BOOK] == "0" else card


def wanted_texts(kind: str, card: Card) -> dict[str, str | None]:
    """What is wished, by the names under which it is merged."""
    return {f"{kind}_address": whole(card)} if BOOK in card else _named(kind, card)


def all_texts(kind: str, card: Card) -> dict[str, str | None]:
    """What an address holds, under all names by which it may be asked for."""
    return {**_named(kind, card), f"{kind}_address": whole(card)}


def seen_texts(kind: str, base: Mapping[str, Any]) -> dict[str, str | None]:
    """What a writer saw, field by field, and as one text, which a decision may have told otherwise."""
    name = f"{kind}_address"
    texts = all_texts(kind, {field: _text(base.get(f"{name}.{field}")) for field in (*TYPED, BOOK)})
    return {**texts, name: shown} if isinstance(shown := base.get(name), str) else texts


def whole(card: Card) -> str | None:
    """An address as one text."""
    if card.get(BOOK):
        return f"entry {card[BOOK]} of the address book"
    return ", ".join(value for name in TYPED if (value := card.get(name))) or None


def completed(kind: str, written: Mapping[str, str | None], holds: Card, wish: Card) -> Card | None:
    """The address that shall be, out of the fields that a merge lets through; None: it stays as it is.

    Args:
        kind: billing or shipping.
        written: fields that shall be written, by the names under which they were merged.
        holds: what the store has.
        wish: what was asked for.
    """
    if f"{kind}_address" in written:
        return wish
    changed = {
        name: written[f"{kind}_address.{name}"] for name in TYPED if f"{kind}_address.{name}" in written
    }
    if not changed:
        return None
    card = {name: changed.get(name, holds.get(name)) for name in TYPED}
    if "region" in changed and "region_id" not in wish:
        card["region_id"] = None  # it was of another region
    if "region_id" in changed and "region" not in wish:
        card.pop("region")
    return card


def is_there(wish: Card, holds: Card) -> bool:
    """Whether an address is what it shall be, as a store may keep texts."""
    return all(as_kept(value) == as_kept(holds.get(name)) for name, value in wish.items())


def differing(kind: str, wish: Card, holds: Card) -> list[str]:
    """The fields of a typed address that a store keeps otherwise than it was told to."""
    if BOOK in wish:
        return []  # the store copies the entry, which may have changed since it was read
    told_by_the_other = {"region"} if wish.get("region_id") else {"region_id"}
    return [
        f"{kind}_address.{name}"
        for name, value in wish.items()
        if (value or None) != holds.get(name) and name not in told_by_the_other
    ]


def as_sent(wish: Card, holds: Card) -> CartAddress:
    """As the store takes it: it keeps what is not named, so what shall be empty is named where it is not."""
    if wish.get(BOOK):
        return CartAddress(address_id=int(str(wish[BOOK])))
    named = {name: value for name, value in wish.items() if value or holds.get(name)}
    return CartAddress(fields=as_wire(CUSTOMER_ADDRESSES, named))


def _named(kind: str, card: Card) -> dict[str, str | None]:
    return {f"{kind}_address.{name}": value for name, value in card.items()}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
