"""A cart becomes an order, once, whatever happens in between.

Whether an order came of the cart is asked of the store first in every attempt, by the cart's id: an order that is there
is the answer, whoever placed it. What a newcomer would get wrong: a refusal of the order call is no proof either. A
store answers 1008 also for a cart that has just become an order, so it is looked up once more before it is believed.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from include.errors import DataError
from include.magento.cart_changes import CartRef, CartTotal, PlaceOrder
from include.magento.door import Record
from include.magento.faults import RecordGone, WriteRefused
from include.write_back import cart_addresses
from include.write_back.cart_content import (
    SEEN,
    CartContent,
    as_number,
    content_of,
    lists_carts,
    orders_of,
    ref_of,
)
from include.write_back.cart_steps import COMES_TO, Steps, check_offered
from include.write_back.cart_wish import CartWish
from include.write_back.decided_carts import refuse_decided
from include.write_back.desk import Desk, looking_back
from include.write_back.entry import Entry, Json, Outcome
from include.write_back.merge import Decision, Merge, Why
from include.write_back.order_question import SECOND_PERSON, TOTAL, is_approved, question
from include.write_back.own_writes import own_writes
from include.write_back.store_values import as_kept


def place_order(desk: Desk, entry: Entry) -> Outcome:
    """Look, check, ask where the channel says so, order, look again.

    Raises:
        WriteRefused: the store would refuse the order, or did; the message says why.
    """
    ref = ref_of(entry)
    if found := orders_of(desk.door, ref.cart_id):
        return _done(desk, entry, found, written=["order"] if entry.was_sent else [])
    refuse_decided(desk, entry)
    holds = content_of(desk.door, ref)
    if changed := _changed(desk, entry, holds):
        return _not_as_seen(desk, entry, changed)
    wish = CartWish.of(entry.wanted_json)
    _refuse_incomplete(desk, entry, ref, holds, wish)
    steps = Steps(desk=desk, entry=entry, ref=ref)
    steps.bring_about(wish)
    holds = content_of(desk.door, ref)
    kept = {**(entry.result_json or {}), **steps.kept}
    if changed := _changed(desk, replace(entry, result_json=kept), holds):  # while we were at it
        return _not_as_seen(desk, entry, changed)
    totals = desk.door.writer.totals(ref)
    if desk.settings.ask_before_order and not is_approved(entry, holds):
        return _asked(desk, entry, holds, totals, kept)
    return _ordered(desk, entry, ref, totals)


def preview(desk: Desk, entry: Entry) -> list[str]:
    """What would be written."""
    ref = ref_of(entry)
    if orders_of(desk.door, ref.cart_id):
        return []
    holds = content_of(desk.door, ref)
    changed = _changed(desk, entry, holds)
    return [] if changed else [*CartWish.of(entry.wanted_json).fields, "order"]


ATTEMPTS = {"cart_to_order": place_order}


def _not_as_seen(desk: Desk, entry: Entry, changed: Merge) -> Outcome:
    """Wait for a person, who is told what is other than the writer saw it."""
    desk.outbox.note(entry, changed)
    names = ", ".join(decision.field for decision in changed.decisions)
    return Outcome(state="conflict", error=f"The cart is not what it was when it was looked at: {names}.")


def _changed(desk: Desk, entry: Entry, holds: CartContent) -> Merge | None:
    """What somebody else changed since the writer looked; None: nothing, but for earlier changes of the CRM."""
    seen = {**_seen_content(entry, holds), **_seen_addresses(entry)}
    names = {*seen, *(name for name in holds.lines if _is_content(name))}
    decisions = [
        Decision(
            field=name,
            base=seen.get(name),
            local=seen.get(name),
            remote=holds.held(name),
            taken=None,
            why=Why.SOMEBODY_HAS_TO_SAY,
        )
        for name in sorted(names)
        if not (_is_same if _is_content(name) else _is_same_text)(seen.get(name), holds.held(name))
    ]
    ours = own_writes(desk, entry) if decisions else {}
    theirs = [
        one
        for one in decisions
        if one.field not in ours or not ours[one.field].explains(one.base, one.remote)
    ]
    return Merge(decisions=tuple(theirs)) if theirs else None


def _seen_content(entry: Entry, holds: CartContent) -> dict[str, str | None]:
    seen = {name: _text(value) for name, value in (entry.base_json or {}).items() if _is_content(name)}
    ours = (entry.result_json or {}).get(COMES_TO)
    if ours is not None and _is_same(ours, holds.held(SEEN)):
        seen[SEEN] = ours  # methods that we set change what it comes to
    return seen


def _seen_addresses(entry: Entry) -> dict[str, str | None]:
    """Of the kinds that were shown; an address that its buyer has typed since is the one to go to."""
    seen = {kind: cart_addresses.seen_texts(kind, entry.base_json or {}) for kind in cart_addresses.KINDS}
    typed = [f"{kind}_address.{name}" for kind in seen for name in cart_addresses.TYPED]
    shown = {name: value for texts in seen.values() if any(texts.values()) for name, value in texts.items()}
    return {name: shown[name] for name in typed if name in shown}


def _is_same_text(seen: str | None, holds: str | None) -> bool:
    return as_kept(seen) == as_kept(holds)


def _is_content(name: str) -> bool:
    return name in (SEEN, "coupon_code") or (name.startswith("item ") and not name.startswith("item #"))


def _is_same(seen: str | None, holds: str | None) -> bool:
    if seen is None or holds is None:
        return (seen or None) == (holds or None)
    try:
        return Decimal(seen) == Decimal(holds)
    except ArithmeticError:
        return seen == holds


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _refuse_incomplete(desk: Desk, entry: Entry, ref: CartRef, holds: CartContent, wish: CartWish) -> None:
    """Raise WriteRefused for what the store would refuse, in words that say what to do, before anything is written."""
    writer = desk.door.writer
    shipped_by = wish.fields.get("shipping_method") or holds.shipping_method
    paid_by = wish.fields.get("payment_method") or holds.payment_method
    if not holds.names:
        raise WriteRefused("The cart is empty.")
    if holds.email is None:
        raise WriteRefused("The cart is nobody's yet: it needs a customer or a guest's name and e-mail.")
    if not holds.billing.get("street") or not (holds.is_virtual or holds.shipping.get("street")):
        raise WriteRefused("The cart has no complete address yet: ask for a cart_change with both addresses.")
    if not holds.is_virtual:
        if shipped_by is None:
            offered = ", ".join(method.code for method in writer.shipping_methods(ref)) or "nothing"
            raise WriteRefused(
                f"No shipping method is chosen: ask again with one; the store offers {offered}."
            )
        check_offered(shipped_by, lambda: writer.shipping_methods(ref), "shipped")
    if paid_by is None:
        offered = ", ".join(method.code for method in writer.payment_methods(ref)) or "nothing"
        raise WriteRefused(f"No payment method is chosen: ask again with one; the store offers {offered}.")
    check_offered(paid_by, lambda: writer.payment_methods(ref), "paid")
    if writer.agreements(ref) and not entry.wanted_json.get("agrees_to_terms"):
        raise WriteRefused("The shop has terms that have to be agreed to: ask again with agrees_to_terms.")


def _asked(desk: Desk, entry: Entry, holds: CartContent, totals: list[CartTotal], kept: Json) -> Outcome:
    """Wait for a person; what they are shown is kept with the entry."""
    shown = as_number(holds.grand_total)
    decision = Decision(
        field=TOTAL, base=None, local=None, remote=shown, taken=None, why=Why.SOMEBODY_HAS_TO_SAY
    )
    desk.outbox.note(entry, Merge(decisions=(decision,)))
    shown_to_people = question(entry, holds, totals)
    return Outcome(
        state="conflict",
        error="A person has to say whether this cart may be ordered: decide crm for yes, drop for no.",
        result={**kept, "question": shown_to_people, SECOND_PERSON: desk.settings.second_person_for_orders},
    )


def _ordered(desk: Desk, entry: Entry, ref: CartRef, totals: list[CartTotal]) -> Outcome:
    agreed = tuple(term.agreement_id for term in desk.door.writer.agreements(ref))
    try:
        desk.write(entry, PlaceOrder(cart=ref, agreements=agreed))
    except DataError:
        found = _found(desk, ref)
        if not found:
            raise
        return _done(desk, entry, found, written=["order"], totals=totals)
    found = _found(desk, ref)
    if not found:
        raise RecordGone("The store placed the order and does not list it: look for it in the store's admin.")
    return _done(desk, entry, found, written=["order"], totals=totals)


def _found(desk: Desk, ref: CartRef) -> list[Record]:
    with looking_back():
        return orders_of(desk.door, ref.cart_id)


def _done(
    desk: Desk,
    entry: Entry,
    orders: list[Record],
    *,
    written: list[str],
    totals: list[CartTotal] | None = None,
) -> Outcome:
    """The order is there: what is to be read again, and whether it is what the cart came to."""
    order, cart_id = orders[0], entry.target_number
    number = int(str(order.get("order_id") or order.get("entity_id")))
    result: dict[str, Any] = {
        "new_key": f"{entry.channel_code}:{number}",
        "order_number": str(order["increment_id"]),
        "grand_total_amount": _text(order.get("grand_total")),
        "written": written,
    }
    if totals is not None:
        result["totals"] = [[line.title, as_number(line.amount)] for line in totals]
    carts = ("carts", cart_id) if lists_carts(desk.door) else None
    return Outcome(
        state="done",
        error=_doubt(orders, totals),
        result=result,
        touched=carts or ("orders", number),
        also=tuple(("orders", int(str(one.get("order_id") or one.get("entity_id")))) for one in orders),
    )


def _doubt(orders: list[Record], totals: list[CartTotal] | None) -> str | None:
    """What a person should look at though the order is placed."""
    if len(orders) > 1:
        return f"{len(orders)} orders came of this cart: look at them in the store's admin."
    if totals and not _is_same(_text(orders[0].get("grand_total")), as_number(totals[-1].amount)):
        return "The order does not come to what the cart came to: look at it in the store's admin."
    return None
