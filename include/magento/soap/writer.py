"""The writing side of the door to a Magento 1 store; see `include.magento.writing.WritingDoor`.

It shares the session of the reading side. What a newcomer would get wrong: an answer that is not the one expected is
no refusal. The store was asked and said something, so what it did is unknown.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from include.magento.cart_changes import Agreement, CartRef, CartTotal, Method
from include.magento.door import Record
from include.magento.faults import CallRefused, outcome_unknown
from include.magento.soap.envelope import Answer
from include.magento.soap.offer import Offer
from include.magento.soap.session import Session
from include.magento.soap.writes import WRITES, Spelling, refuse_unwritable, spelling_of
from include.magento.writing import Change, Leaving, at_once

_YES = ("true", "1")


class SoapWriter:
    """Changes one Magento 1 store."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._offer = Offer(session)

    def write(self, change: Change, *, leaving: Leaving = at_once) -> str | None:
        """Make one change, sent once; what the store calls the new record."""
        if reason := self.accepts(type(change)):
            raise CallRefused(reason)
        spelling = spelling_of(change)
        arguments = spelling.arguments(change)
        refuse_unwritable(arguments)
        return named(spelling, self._session.write(spelling.method, arguments, leaving=leaving))

    def accepts(self, kind: type[Change]) -> str | None:
        """None, or why this store cannot be asked for changes of this kind."""
        method = WRITES[kind].method
        return None if method in self._offer.methods else self._offer.why_not(method)

    def cart(self, cart: CartRef) -> Record:
        """The cart as it is now."""
        return self._session.call("shoppingCartInfo", _at(cart)).record

    def shipping_methods(self, cart: CartRef) -> list[Method]:
        """What the store would ship this cart by."""
        rows = self._session.rows("shoppingCartShippingList", _at(cart))
        return [
            Method(
                code=str(row["code"]),
                title=" - ".join(str(row[n]) for n in ("carrier_title", "method_title") if row.get(n)),
                price=_money(row.get("price")),
            )
            for row in rows
        ]

    def payment_methods(self, cart: CartRef) -> list[Method]:
        """What this cart can be paid by."""
        rows = self._session.rows("shoppingCartPaymentList", _at(cart))
        return [Method(code=str(row["code"]), title=str(row.get("title") or row["code"])) for row in rows]

    def totals(self, cart: CartRef) -> list[CartTotal]:
        """What the cart comes to, line by line."""
        rows = self._session.rows("shoppingCartTotals", _at(cart))
        lines = [(str(row.get("title") or ""), _money(row.get("amount"))) for row in rows]
        return [CartTotal(title=title, amount=amount) for title, amount in lines if amount is not None]

    def agreements(self, cart: CartRef) -> list[Agreement]:
        """Terms that have to be agreed to before the order is placed."""
        return [
            Agreement(
                agreement_id=str(row["agreement_id"]),
                name=str(row.get("name") or ""),
                content=str(row.get("content") or ""),
            )
            for row in self._session.rows("shoppingCartLicense", _at(cart))
        ]


def _at(cart: CartRef) -> dict[str, object]:
    return {"quoteId": cart.cart_id, "storeId": str(cart.store_id)}


def named(spelling: Spelling, answer: Answer) -> str | None:
    """The new record's name in the answer; of a change without one, the answer has to be a yes."""
    if spelling.names is None:
        if answer.text in _YES or answer.record:
            return None
    else:
        found = answer.record.get(spelling.names) if spelling.names else answer.text
        if isinstance(found, str) and found:
            return found
    raise outcome_unknown(spelling.method, "the store's answer is neither a yes nor a no")


def _money(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
