"""New carts, and changes of carts.

What a newcomer would get wrong: an empty cart has no marker, so its id is committed as soon as the store has named it;
`lost_cart` looks for one whose id was lost.
"""

from __future__ import annotations

from include.errors import DataError
from include.magento.cart_changes import CartRef, CreateCart, GiveToCustomer, GiveToGuest
from include.magento.faults import WriteRefused
from include.write_back.cart_addresses import seen_texts
from include.write_back.cart_content import CartContent, content_of, orders_of, ref_of
from include.write_back.cart_steps import Steps
from include.write_back.cart_wish import CartWish
from include.write_back.decided_carts import refuse_decided
from include.write_back.desk import Desk
from include.write_back.entry import Entry, Outcome
from include.write_back.lost_cart import ASKED_AT, find_lost_cart
from include.write_back.merge import Merge
from include.write_back.own_writes import merged_with_ours, note_what_follows
from include.write_back.store_values import as_texts


def create_cart(desk: Desk, entry: Entry) -> Outcome:
    """A cart with what was asked for; an attempt that follows goes on with the cart that the first one made."""
    store_id, known = int(entry.wanted_json["store_id"]), (entry.result_json or {}).get("cart_id")
    buyer = None if "email" in entry.wanted_json else entry.number
    if known is None and not (buyer and desk.door.kind == "magento2"):  # which has one for each customer
        known = find_lost_cart(desk, entry, store_id)
    if known is None:
        memo = {ASKED_AT: desk.door.clock().isoformat()}
        cart = CreateCart(store_id=store_id, customer_id=buyer)
        known = int(desk.write(entry, cart, memo=memo) or 0)
        desk.remember(entry, {"cart_id": known})
    ref = CartRef(cart_id=int(known), store_id=store_id)
    _refuse_ordered(desk, ref.cart_id)
    try:
        written = Steps(desk=desk, entry=entry, ref=ref).bring_about(
            CartWish.of(entry.wanted_json), _buyer(desk, entry, ref)
        )
    except DataError as refusal:
        return _left_undone(desk, entry, ref, refusal)
    total = content_of(desk.door, ref).held("grand_total_amount")
    result = {
        "cart_id": ref.cart_id,
        "new_key": f"{entry.channel_code}:{ref.cart_id}",
        "written": written,
        "grand_total_amount": total,
    }
    return Outcome(state="done", result=result, touched=("carts", ref.cart_id))


def _left_undone(desk: Desk, entry: Entry, ref: CartRef, refusal: DataError) -> Outcome:
    """What the store accepted stays in a cart, which crm shows like any other."""
    return Outcome(
        state="rejected",
        error=f"{refusal.summary} Cart {ref.cart_id} was made and has the rest.",
        result={"cart_id": ref.cart_id, "new_key": f"{entry.channel_code}:{ref.cart_id}"},
        touched=("carts", ref.cart_id),
    )


def change_cart(desk: Desk, entry: Entry) -> Outcome:
    """Merge what was asked for with what the cart holds now, and write what is left of it."""
    ref, wish = ref_of(entry), CartWish.of(entry.wanted_json)
    _refuse_ordered(desk, ref.cart_id)
    refuse_decided(desk, entry)
    holds = content_of(desk.door, ref)
    merged = _merged(desk, entry, holds)
    desk.outbox.note(entry, merged)
    if merged.is_open:
        both = ", ".join(decision.field for decision in merged.decisions if decision.is_open)
        return Outcome(state="conflict", error=f"Store and CRM both changed {both}: somebody has to decide.")
    written = Steps(desk=desk, entry=entry, ref=ref).bring_about(wish.only(merged.to_write, holds))
    if written:
        note_what_follows(
            desk, entry, merged, _seen(entry), holds.texts(), content_of(desk.door, ref).texts()
        )
    return Outcome(
        state="done", result={"cart_id": ref.cart_id, "written": written}, touched=("carts", ref.cart_id)
    )


def preview(desk: Desk, entry: Entry) -> list[str]:
    """The fields that would be written."""
    if entry.kind != "cart_change":
        return sorted(entry.wanted_json)
    return list(_merged(desk, entry, content_of(desk.door, ref_of(entry))).to_write)


ATTEMPTS = {
    "cart_create": create_cart,
    "cart_create_for_guest": create_cart,
    "cart_change": change_cart,
}


def _merged(desk: Desk, entry: Entry, holds: CartContent) -> Merge:
    wanted, seen = CartWish.of(entry.wanted_json).texts(), _seen(entry)
    base = {name: seen.get(name) for name in wanted}
    remote = {name: holds.held(name) for name in wanted}
    return merged_with_ours(desk, entry, base, wanted, remote)


def _seen(entry: Entry) -> dict[str, str | None]:
    said = entry.base_json or {}
    return {**as_texts(said), **seen_texts("billing", said), **seen_texts("shipping", said)}


def _buyer(desk: Desk, entry: Entry, ref: CartRef) -> GiveToCustomer | GiveToGuest:
    wanted = entry.wanted_json
    if "email" not in wanted:
        return GiveToCustomer(cart=ref, customer_id=entry.number)
    views = {view.store_id: view.website_id for view in desk.door.report().stores}
    if ref.store_id not in views:
        raise WriteRefused("The store view is not in the store.")
    return GiveToGuest(
        cart=ref,
        email=str(wanted["email"]),
        first_name=str(wanted["first_name"]),
        last_name=str(wanted["last_name"]),
        website_id=views[ref.store_id],
    )


def _refuse_ordered(desk: Desk, cart_id: int) -> None:
    if orders_of(desk.door, cart_id):
        raise WriteRefused("An order came of the cart, so it is not changed any more.")
