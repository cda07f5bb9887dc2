"""What a cart holds, as its store says, in texts that can be compared.

A line is known by its article number, as `item SKU-1`, and by its product, as `item #12`; parts of a bundle are not
counted, their bundle is. One that was chosen of a product has the number of what was chosen, and is found by product
and choice, too. What a newcomer would get wrong: over Magento 1's API a cart is not active from the start, so that
`is_active` says nothing about whether it may be ordered; only an order of it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from include.entities.catalogue import entity as entity_named
from include.magento.cart_changes import CartRef
from include.magento.door import Record, children
from include.magento.faults import RecordGone, WriteRefused
from include.magento.writing import TwoWayDoor
from include.write_back.cart_addresses import KINDS, all_texts, told
from include.write_back.entry import Entry

SEEN = "grand_total_amount"
"""The field that says what a cart came to when somebody looked at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CartContent:
    """One cart as its store has it now.

    Attributes:
        lines: pieces by `item SKU` and by `item #id`.
        chosen: pieces of lines that were chosen of a product, by its name and the choice (`with_options`).
        names: what people call the lines, with their pieces.
        billing, shipping: the addresses; empty where nobody typed one.
    """

    lines: dict[str, Decimal]
    chosen: dict[str, Decimal]
    names: tuple[tuple[str, Decimal], ...]
    coupon_code: str | None
    shipping_method: str | None
    payment_method: str | None
    grand_total: Decimal
    currency: str | None
    is_virtual: bool
    customer_id: int
    email: str | None = field(repr=False)
    billing: Record = field(repr=False)
    shipping: Record = field(repr=False)

    @classmethod
    def of(cls, record: Record) -> CartContent:
        """Of the answer of `WritingDoor.cart`."""
        lines: dict[str, Decimal] = {}
        chosen: dict[str, Decimal] = {}
        names = []
        for item in children(record, "items"):
            if item.get("parent_item_id"):
                continue
            qty = _number(item.get("qty"))
            names.append((_text(item.get("name")) or _text(item.get("sku")) or "?", qty))
            for key in (f"item {item.get('sku')}", f"item #{item.get('product_id')}"):
                lines[key] = lines.get(key, Decimal(0)) + qty
            if options := _part(item, "chosen"):
                for name in (f"item {item.get('chosen_of')}", f"item #{item.get('product_id')}"):
                    chosen[with_options(name, options)] = qty
        shipping, payment = _part(record, "shipping_address"), _part(record, "payment")
        return cls(
            lines=lines,
            chosen=chosen,
            names=tuple(names),
            coupon_code=_text(record.get("coupon_code")),
            shipping_method=_text(shipping.get("shipping_method")),
            payment_method=_text(payment.get("method")),
            grand_total=_number(record.get("grand_total")),
            currency=_text(record.get("quote_currency_code")),
            is_virtual=record.get("is_virtual") in ("1", "true"),
            customer_id=int(_number(record.get("customer_id"))),
            email=_text(record.get("customer_email")),
            billing=_part(record, "billing_address"),
            shipping=shipping,
        )

    def address(self, kind: str) -> Record:
        """The billing or the shipping address."""
        return self.billing if kind == "billing" else self.shipping

    def held(self, name: str) -> str | None:
        """What stands in a field, as a text."""
        if name.startswith("item "):
            return as_number(self.lines.get(name, Decimal(0))) if self.lines.get(name) else None
        if name == SEEN:
            return as_number(self.grand_total)
        kind = name.partition("_address")[0]
        if kind in KINDS:
            return all_texts(kind, told(self.address(kind)))[name]
        found = {
            "coupon_code": self.coupon_code,
            "shipping_method": self.shipping_method,
            "payment_method": self.payment_method,
        }
        return found[name]

    def texts(self) -> dict[str, str | None]:
        """All that a cart is held against before it is ordered, by name."""
        addresses = [all_texts(kind, told(self.address(kind))) for kind in KINDS]
        names = [*self.lines, SEEN, "coupon_code"]
        return {name: self.held(name) for name in names} | {
            k: v for card in addresses for k, v in card.items()
        }


def content_of(door: TwoWayDoor, ref: CartRef) -> CartContent:
    """The cart as it is now; raises RecordGone."""
    return CartContent.of(door.writer.cart(ref))


def ref_of(entry: Entry) -> CartRef:
    """The cart that an entry is about; raises WriteRefused where nobody knows its store view."""
    store_id = (entry.base_json or {}).get("store_id")
    if not store_id:
        raise WriteRefused("The cart has no store view any more, so the store cannot be asked about it.")
    return CartRef(cart_id=entry.target_number, store_id=int(store_id))


def orders_of(door: TwoWayDoor, cart_id: int) -> list[Record]:
    """The orders that came of a cart, oldest first, whoever placed them."""
    reading = entity_named("orders").reading[door.kind]
    found = door.find(reading, "quote_id", [str(cart_id)])
    return sorted(found, key=lambda order: int(str(order[reading.id_field])))


def lists_carts(door: TwoWayDoor) -> bool:
    """Whether the store tells carts by id, so that one can be read again at once."""
    return door.delivers(entity_named("carts").reading[door.kind]) is None


def with_options(name: str, options: Mapping[str, object]) -> str:
    """What a line is known by that was chosen of a product."""
    return " ".join([name, *(f"{option}={value}" for option, value in sorted(options.items()))])


def as_number(value: Decimal) -> str:
    """A number without needless zeros, as PostgreSQL's trim_scale writes it."""
    return format(value.normalize(), "f")


def gone() -> RecordGone:
    """The error for a cart that is not there and of which no order came."""
    return RecordGone("The cart is no longer in the store, and no order came of it.")


def _part(record: Record, name: str) -> Record:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _number(value: object) -> Decimal:
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)
