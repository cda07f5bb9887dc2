"""What is made new or taken away: addresses, customers, newsletter entries, comments of orders.

None of it is safe to repeat. So what the store had before the first request is committed with the note that it goes
out, and an attempt that follows looks whether there is more by then. What a newcomer would get wrong: a comment on the
wire has no id, so it is its text that is counted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from include.entities.catalogue import entity as entity_named
from include.entities.customers import CUSTOMER_ADDRESSES, CUSTOMERS
from include.entities.fields import StoreKind
from include.entities.model import Row
from include.entities.newsletter_subscribers import NEWSLETTER_SUBSCRIBERS, STATUSES
from include.entities.orders.comments import ORDER_COMMENTS
from include.errors import DataError
from include.identity.normalisation import normalise_email
from include.magento.door import Record
from include.magento.faults import RecordGone, WriteRefused
from include.magento.writing import (
    SUBSCRIBED,
    UNSUBSCRIBED,
    CommentOrder,
    CreateAddress,
    CreateCustomer,
    CreateSubscription,
    DeleteAddress,
    SetSubscription,
)
from include.write_back.desk import Desk, looking_back
from include.write_back.entry import Entry, Outcome
from include.write_back.field_changes import address_in, differing, holder_in, reading_of, refuse_taken
from include.write_back.store_values import as_kept, as_texts, as_wire, held, number_of, rows_of, value_of

_TAG = re.compile("<[^>]*>")
_TELLING = {"first_name", "last_name", "street"}
"""A new address with these is the one that was asked for, though the store may spell its telephone otherwise."""


def delete_address(desk: Desk, entry: Entry) -> Outcome:
    """Take an address out of the book; one that is not in it is done."""
    reading = reading_of(desk.door)
    if not _has_address(desk, desk.whole(reading, entry), entry):
        return Outcome(state="done", result={"written": []})
    desk.write(entry, DeleteAddress(customer_id=entry.number, address_id=entry.target_number))
    if _has_address(desk, desk.read_back(desk.whole, reading, entry), entry):
        raise DataError("The store took the change, and the address is in the book all the same.")
    return Outcome(state="done", result={"written": ["address"]})


def create_address(desk: Desk, entry: Entry) -> Outcome:
    """A new address, unless an earlier attempt has made it."""
    wanted, reading, kind = as_texts(entry.wanted_json), reading_of(desk.door), desk.door.kind
    addresses = _book(desk.whole(reading, entry), kind)
    if entry.was_sent:
        before = set((entry.result_json or {}).get("addresses_before", ()))
        for number in sorted(addresses.keys() - before):
            holds = held(CUSTOMER_ADDRESSES, addresses[number], wanted, kind)
            other = differing(wanted, holds, read=as_kept)
            if not _TELLING & set(other):
                return _made(entry, number, other=other)
    memo = {"addresses_before": list(addresses)}
    change = CreateAddress(customer_id=entry.number, fields=as_wire(CUSTOMER_ADDRESSES, wanted))
    number = desk.write(entry, change, memo=memo) or ""
    made = _book(desk.read_back(desk.whole, reading, entry), kind).get(number, {})
    return _made(entry, number, other=differing(wanted, held(CUSTOMER_ADDRESSES, made, wanted, kind)))


def create_customer(desk: Desk, entry: Entry) -> Outcome:
    """A new customer, unless an earlier attempt has made it; an e-mail that is taken otherwise is refused.

    Whoever has the e-mail after an attempt whose answer was lost is ours only with all that was asked for: somebody may
    have registered meanwhile.
    """
    wanted = as_texts(entry.wanted_json)
    email, website = str(wanted["email"]), wanted["website_id"]
    holder = holder_in(desk.door, email, website) if entry.was_sent else None
    if holder is not None:
        if other := _told_otherwise(desk, entry, holder, wanted):
            raise WriteRefused(
                f"Another customer of the store ({holder}) has the e-mail address by now, who differs in "
                f"{', '.join(other)}: ask for a change of that one."
            )
        return _made(entry, str(holder), touched=("customers", holder))
    refuse_taken(desk.door, email, website)
    try:
        number = int(desk.write(entry, CreateCustomer(fields=as_wire(CUSTOMERS, wanted))) or 0)
    except WriteRefused as refusal:  # so nobody who has the e-mail later is ours
        return Outcome(state="rejected", error=refusal.summary, was_not_sent=True)
    with looking_back():
        other = _told_otherwise(desk, entry, number, wanted)
    return _made(entry, str(number), other=other, touched=("customers", number))


def _told_otherwise(desk: Desk, entry: Entry, number: int, wanted: Mapping[str, str | None]) -> list[str]:
    """Fields in which a customer is not what was wished; stores without the bridge do not tell the gender."""
    customer = replace(entry, record_key=f"{entry.channel_code}:{number}")
    (row,) = rows_of(CUSTOMERS, desk.whole(reading_of(desk.door), customer), desk.door.kind)
    told = {name: value for name, value in wanted.items() if name != "gender" or "gender" in row}
    return differing(told, held(CUSTOMERS, row, told, desk.door.kind), read=_folded)


def _folded(value: str | None) -> str:
    """E-mail addresses are kept in lower case by some stores."""
    return (as_kept(value) or "").casefold()


def subscribe_customer(desk: Desk, entry: Entry) -> Outcome:
    """A newsletter entry for a customer; one that waits to be confirmed is subscribed instead.

    One that is unsubscribed is a no that the customer has said meanwhile, which only who knows of it may override.
    """
    kind, customer = desk.door.kind, desk.row(reading_of(desk.door), entry)
    reading = entity_named("newsletter_subscribers").reading[kind]

    def entries() -> list[Row]:
        found = desk.door.find(reading, "customer_id", [str(entry.number)])
        return [row for record in found for row in rows_of(NEWSLETTER_SUBSCRIBERS, record, kind)]

    known = entries()
    if any(one["status"] == STATUSES[UNSUBSCRIBED] for one in known):
        raise WriteRefused(
            "The customer has unsubscribed from the newsletter: sync the newsletter list and ask for the state of that "
            "entry, if they want it after all."
        )
    if not any(one["status"] == STATUSES[SUBSCRIBED] for one in known):
        desk.refuse_opted_out(normalise_email(str(customer.get("email") or "")))
        numbers = [int(number_of(NEWSLETTER_SUBSCRIBERS, one, kind)) for one in known]
        desk.write(entry, _subscription(entry, customer, numbers))
        with looking_back():
            known = [one for one in entries() if one["status"] == STATUSES[SUBSCRIBED]]
    if not known:
        raise DataError("The store took the subscription and does not list it: it may wait to be confirmed.")
    number = number_of(NEWSLETTER_SUBSCRIBERS, known[0], kind)
    return _made(entry, number, touched=("newsletter_subscribers", int(number)))


def _subscription(entry: Entry, customer: Record, known: list[int]) -> CreateSubscription | SetSubscription:
    if known:
        return SetSubscription(subscriber_id=known[0], status=SUBSCRIBED)
    return CreateSubscription(
        email=str(customer.get("email") or ""),
        store_id=int(str(customer.get("store_id") or 0)),
        status=SUBSCRIBED,
        customer_id=entry.number,
    )


def comment_order(desk: Desk, entry: Entry) -> Outcome:
    """A line in an order's history with its status as it is, unless an earlier attempt has written it."""
    kind, text = desk.door.kind, str(entry.wanted_json["comment_text"])
    reading = entity_named("orders").reading[kind]
    record = desk.whole(reading, entry)
    same = _count(record, text, kind)
    if entry.was_sent and same > int((entry.result_json or {}).get("same_before", same)):
        return Outcome(state="done", result={"written": ["comment_text"]})
    change = CommentOrder(
        order_id=entry.number,
        order_number=str(record["increment_id"]),
        status=str(record.get("status") or ""),
        text=text,
        is_notified=bool(entry.wanted_json.get("is_customer_notified")),
        is_visible=bool(entry.wanted_json.get("is_visible_on_front")),
    )
    desk.write(entry, change, memo={"same_before": same})
    if _count(desk.read_back(desk.whole, reading, entry), text, kind) > same:
        return Outcome(state="done", result={"written": ["comment_text"]})
    # Not rejected: who tries that again has the customer mailed twice.
    doubt = "The store took the comment and shows it otherwise than it was written: look at the order there."
    return Outcome(state="done", error=doubt, result={"written": [], "differs": ["comment_text"]})


ATTEMPTS = {
    "address_delete": delete_address,
    "address_create": create_address,
    "customer_create": create_customer,
    "newsletter_create": subscribe_customer,
    "order_comment": comment_order,
}


def preview(desk: Desk, entry: Entry) -> list[str]:
    """The fields that would be written."""
    return sorted(entry.wanted_json) or [entry.kind]


def _has_address(desk: Desk, record: Record, entry: Entry) -> bool:
    try:
        address_in(record, entry, desk.door.kind)
    except RecordGone:
        return False
    return True


def _made(
    entry: Entry, number: str, *, other: Collection[str] = (), touched: tuple[str, int] | None = None
) -> Outcome:
    """Done, also where the store keeps some of it otherwise: another attempt would make a second one."""
    result: dict[str, Any] = {
        "new_key": f"{entry.channel_code}:{number}",
        "written": sorted(entry.wanted_json.keys() - set(other)),
    }
    if not other:
        return Outcome(state="done", result=result, touched=touched)
    doubt = f"The store made {number} and holds something else in {', '.join(other)}: look at it there."
    return Outcome(state="done", error=doubt, result=result | {"differs": list(other)}, touched=touched)


def _book(record: Record, kind: StoreKind) -> dict[str, Row]:
    """The addresses of a customer's book by their ids."""
    rows = rows_of(CUSTOMER_ADDRESSES, record, kind)
    return {number_of(CUSTOMER_ADDRESSES, row, kind): row for row in rows}


def _count(record: Record, text: str, kind: StoreKind) -> int:
    """How many entries of the history have this text, as the store may keep it."""
    rows = rows_of(ORDER_COMMENTS, record, kind)
    shown = [str(value_of(ORDER_COMMENTS, row, "comment_text", kind) or "") for row in rows]
    return sum(_words(one) == _words(text) for one in shown)


def _words(text: str) -> str | None:
    """Letters and digits, where there are some: stores escape the rest, strip it, or cannot keep it."""
    said = _TAG.sub("", html.unescape(text))
    return "".join(filter(str.isalnum, said)) or as_kept(text)
