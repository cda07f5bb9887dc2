"""Bringing a cart to what is wished, step by step: only what the store does not hold yet is written.

So the same steps serve a new cart, a change, and an attempt that follows a crash. What a newcomer would get wrong:
putting a product into a cart twice doubles its pieces, so the pieces are looked at first; and a coupon that does not
hold takes away the one there was, which is put back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from include.errors import DataError
from include.magento.cart_changes import (
    AddItems,
    ApplyCoupon,
    CartAddress,
    CartItem,
    CartRef,
    ChangeItems,
    GiveToCustomer,
    GiveToGuest,
    Method,
    RemoveCoupon,
    RemoveItems,
    SetAddresses,
    SetPaymentMethod,
    SetShippingMethod,
)
from include.magento.faults import WriteRefused
from include.magento.writing import Change
from include.write_back import cart_addresses
from include.write_back.cart_content import SEEN, CartContent, content_of, with_options
from include.write_back.cart_wish import CartWish, key_of
from include.write_back.desk import Desk, looking_back
from include.write_back.entry import Entry, Json

COMES_TO = "comes_to"
"""Under this name an entry keeps what the cart came to after our own last step."""
Step: TypeAlias = Callable[[CartContent], list[Change]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """One attempt at one cart."""

    desk: Desk
    entry: Entry
    ref: CartRef
    kept: dict[str, Any] = field(default_factory=dict)

    def bring_about(self, wish: CartWish, buyer: GiveToCustomer | GiveToGuest | None = None) -> list[str]:
        """Write what is wished and not there yet; the names of what was written.

        Raises:
            WriteRefused: the store does not accept one of it; what came before stays.
            DataError: the store took it, and holds something else.
        """
        written: list[str] = []
        for name, step in self._wished(wish, buyer):
            holds = content_of(self.desk.door, self.ref)
            if written:
                self._keep_sum(holds)
            changes = step(holds)
            for change in changes:
                self._write(change)
            written += [name] if changes else []
        holds = self._verified(wish)
        if written:
            self._keep_sum(holds)
        return written

    def _keep_sum(self, holds: CartContent) -> None:
        """Commit what our own steps made of the sum: what it comes to otherwise is somebody else's doing."""
        self.kept[COMES_TO] = holds.held(SEEN)
        self.desk.remember(self.entry, self._memo)

    def _wished(self, wish: CartWish, buyer: GiveToCustomer | GiveToGuest | None) -> list[tuple[str, Step]]:
        """The steps that were asked for, in the order in which one needs the other."""
        steps: list[tuple[str, Step, bool]] = [
            ("buyer", partial(self._buyer, buyer), buyer is not None),
            ("items", partial(self._items, wish), bool(wish.items)),
            ("addresses", partial(self._addresses, wish), bool(wish.addresses)),
            ("coupon_code", partial(self._coupon, wish), "coupon_code" in wish.fields),
            ("shipping_method", partial(self._shipping, wish), "shipping_method" in wish.fields),
            ("payment_method", partial(self._payment, wish), "payment_method" in wish.fields),
        ]
        return [(name, step) for name, step, is_asked in steps if is_asked]

    def _write(self, change: Change) -> None:
        self.desk.write(self.entry, change, memo=self._memo)

    @property
    def _memo(self) -> Json:
        """For an attempt that follows: which cart, and what it came to when we left it."""
        return {**(self.entry.result_json or {}), "cart_id": self.ref.cart_id, **self.kept}

    def _buyer(self, buyer: GiveToCustomer | GiveToGuest | None, holds: CartContent) -> list[Change]:
        match buyer:
            case GiveToCustomer(customer_id=number) if holds.customer_id != number:
                return [buyer]
            case GiveToGuest(email=email) if (holds.email or "").lower() != email.lower():
                return [buyer]
        return []

    def _items(self, wish: CartWish, holds: CartContent) -> list[Change]:
        added, changed, removed = [], [], []
        for item in wish.items:
            has, wants = _held(item, holds), item.qty or Decimal(0)
            if not wants and has:
                removed.append(item)
            elif wants and not has:
                added.append(item)
            elif wants != has:
                changed.append(item)
        found: list[Change] = [RemoveItems(cart=self.ref, items=tuple(removed))] if removed else []
        found += [ChangeItems(cart=self.ref, items=tuple(changed))] if changed else []
        return [*found, AddItems(cart=self.ref, items=tuple(added))] if added else found

    def _addresses(self, wish: CartWish, holds: CartContent) -> list[Change]:
        """Both, since they go in one call: one that was not asked for stays, and is the other where there is none."""
        has = {kind: cart_addresses.told(holds.address(kind)) for kind in cart_addresses.KINDS}
        if all(cart_addresses.is_there(card, has[kind]) for kind, card in wish.addresses.items()):
            return []
        sent = {kind: cart_addresses.as_sent(card, has[kind]) for kind, card in wish.addresses.items()}
        billing = sent.get("billing") or _kept(has["billing"]) or sent["shipping"]
        shipping = sent.get("shipping") or _kept(has["shipping"]) or billing
        return [SetAddresses(cart=self.ref, billing=billing, shipping=shipping)]

    def _coupon(self, wish: CartWish, holds: CartContent) -> list[Change]:
        code, has = wish.fields["coupon_code"], holds.coupon_code
        if code == has:
            return []
        if code is None:
            return [RemoveCoupon(cart=self.ref)]
        try:
            self._write(ApplyCoupon(cart=self.ref, code=code))
        except WriteRefused:
            if has is not None:
                self._write(ApplyCoupon(cart=self.ref, code=has))
            raise WriteRefused(
                "The coupon does not hold for this cart"
                + ("; the one it had is back." if has is not None else ".")
            ) from None
        return []

    def _shipping(self, wish: CartWish, holds: CartContent) -> list[Change]:
        code = wish.fields["shipping_method"]
        if code is None or code == holds.shipping_method:
            return []
        check_offered(code, lambda: self.desk.door.writer.shipping_methods(self.ref), "shipped")
        return [SetShippingMethod(cart=self.ref, code=code)]

    def _payment(self, wish: CartWish, holds: CartContent) -> list[Change]:
        code = wish.fields["payment_method"]
        if code is None or code == holds.payment_method:
            return []
        check_offered(code, lambda: self.desk.door.writer.payment_methods(self.ref), "paid")
        return [SetPaymentMethod(cart=self.ref, code=code, purchase_order_number=wish.purchase_order_number)]

    def _verified(self, wish: CartWish) -> CartContent:
        """What the cart holds now; raises DataError where that is not what is wished."""
        with looking_back():
            holds = content_of(self.desk.door, self.ref)
        wrong = [key_of(item) for item in wish.items if _held(item, holds) != (item.qty or 0)]
        wrong += [name for name, value in wish.fields.items() if value and holds.held(name) != value]
        for kind, card in wish.addresses.items():
            wrong += cart_addresses.differing(kind, card, cart_addresses.told(holds.address(kind)))
        if wrong:
            raise DataError(f"The store took the change and holds something else in {', '.join(wrong)}.")
        return holds


def check_offered(code: str, offered: Callable[[], list[Method]], verb: str) -> None:
    """Raise WriteRefused where the store does not offer a method for this cart."""
    codes = [method.code for method in offered()]
    if code not in codes:
        raise WriteRefused(
            f"The cart cannot be {verb} by {code}; the store offers {', '.join(codes) or 'nothing'}."
        )


def _held(item: CartItem, holds: CartContent) -> Decimal:
    """Pieces of an item in the cart; a bundle's line has the article numbers of its parts behind its own."""
    key = key_of(item)
    if item.options and (chosen := holds.chosen.get(with_options(key, item.options))) is not None:
        return chosen
    if key in holds.lines or not (item.bundle_options and item.sku):
        return holds.lines.get(key, Decimal(0))
    return next((qty for name, qty in holds.lines.items() if name.startswith(f"{key}-")), Decimal(0))


def _kept(holds: cart_addresses.Card) -> CartAddress | None:
    """The address that a cart has, to be written again."""
    if not holds.get("street"):
        return None
    typed = {name: value for name, value in holds.items() if name in cart_addresses.TYPED}
    return cart_addresses.as_sent(typed, {})
