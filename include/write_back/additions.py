"""What is made new or taken away: addresses, customers, newsletter entries, comments of orders.

None of it is safe to repeat. So what the store had before the first request is committed with the note that it goes
out, and an attempt that follows looks whether there is more by then. What a newcomer would get wrong: a comment on the
wire has no id, so it is its text that is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from include.entities.catalogue import entity as entity_named
from include.entities.customers import CUSTOMER_ADDRESSES, CUSTOMERS
from include.errors import DataError
from include.magento.door import Record, children
from include.magento.faults import RecordGone
from include.magento.writing import (
    SUBSCRIBED,
    CommentOrder,
    CreateAddress,
    CreateCustomer,
    CreateSubscription,
    DeleteAddress,
    SetSubscription,
)
from include.write_back.desk import Desk, looking_back
from include.write_back.field_changes import READING, address_in, holder_in, refuse_taken, verify
from include.write_back.outbox import Entry, Outcome
from include.write_back.store_values import as_kept, as_texts, as_wire, held


def delete_address(desk: Desk, entry: Entry) -> Outcome:
    """Take an address out of the book; one that is not in it is done."""
    if not _has_address(desk.whole(READING, entry), entry):
        return Outcome(state="done", result={"written": []})
    desk.write(entry, DeleteAddress(address_id=entry.target_number))
    if _has_address(desk.read_back(desk.whole, READING, entry), entry):
        raise DataError("The store took the change, and the address is in the book all the same.")
    return Outcome(state="done", result={"written": ["address"]})


def create_address(desk: Desk, entry: Entry) -> Outcome:
    """A new address, unless an earlier attempt has made it."""
    wanted = as_texts(entry.wanted_json)
    addresses = children(desk.whole(READING, entry), "addresses")
    if entry.was_sent:
        before = set((entry.result_json or {}).get("addresses_before", ()))
        for address in addresses:
            number = str(address.get("customer_address_id"))
            if number not in before and _is_kept(wanted, held(CUSTOMER_ADDRESSES, address, wanted)):
                return _made(entry, number)
    memo = {"addresses_before": [str(a.get("customer_address_id")) for a in addresses]}
    change = CreateAddress(customer_id=entry.number, fields=as_wire(CUSTOMER_ADDRESSES, wanted))
    number = desk.write(entry, change, memo=memo) or ""
    found = children(desk.read_back(desk.whole, READING, entry), "addresses")
    (made,) = [a for a in found if a.get("customer_address_id") == number] or [Record()]
    verify(wanted, held(CUSTOMER_ADDRESSES, made, wanted))
    return _made(entry, number)


def create_customer(desk: Desk, entry: Entry) -> Outcome:
    """A new customer, unless an earlier attempt has made it; an e-mail that is taken otherwise is refused."""
    wanted = as_texts(entry.wanted_json)
    email, website = str(wanted["email"]), wanted["website_id"]
    holder = holder_in(desk.door, email, website) if entry.was_sent else None
    if holder is None:
        refuse_taken(desk.door, email, website)
        number = desk.write(entry, CreateCustomer(fields=as_wire(CUSTOMERS, wanted))) or ""
    else:
        number = str(holder)
    with looking_back():
        is_listed = holder_in(desk.door, email, website) is not None
    if not is_listed:
        raise DataError("The store took the customer and does not list the e-mail address.")
    return _made(entry, number, touched=("customers", int(number)))


def subscribe_customer(desk: Desk, entry: Entry) -> Outcome:
    """A newsletter entry for a customer; one that is there, whoever made it, is subscribed instead."""
    reading, customer = entity_named("newsletter_subscribers").reading["magento1"], desk.row(READING, entry)

    def entries() -> list[Record]:
        return desk.door.find(reading, "customer_id", [str(entry.number)])

    known = entries()
    if not any(one.get("subscriber_status") == SUBSCRIBED for one in known):
        desk.write(entry, _subscription(entry, customer, known))
        with looking_back():
            known = [one for one in entries() if one.get("subscriber_status") == SUBSCRIBED]
    if not known:
        raise DataError("The store took the subscription and does not list it: it may wait to be confirmed.")
    number = str(known[0]["subscriber_id"])
    return _made(entry, number, touched=("newsletter_subscribers", int(number)))


def _subscription(
    entry: Entry, customer: Record, known: list[Record]
) -> CreateSubscription | SetSubscription:
    if known:
        return SetSubscription(subscriber_id=int(str(known[0]["subscriber_id"])), status=SUBSCRIBED)
    return CreateSubscription(
        email=str(customer.get("email") or ""),
        store_id=int(str(customer.get("store_id") or 0)),
        status=SUBSCRIBED,
        customer_id=entry.number,
    )


def comment_order(desk: Desk, entry: Entry) -> Outcome:
    """A line in an order's history with its status as it is, unless an earlier attempt has written it."""
    reading, text = entity_named("orders").reading["magento1"], str(entry.wanted_json["comment_text"])
    record = desk.whole(reading, entry)
    same = _count(record, text)
    if entry.was_sent and same > int((entry.result_json or {}).get("same_before", same)):
        return Outcome(state="done", result={"written": ["comment_text"]})
    change = CommentOrder(
        order_number=str(record["increment_id"]),
        status=str(record.get("status") or ""),
        text=text,
        is_notified=bool(entry.wanted_json.get("is_customer_notified")),
    )
    desk.write(entry, change, memo={"same_before": same})
    if _count(desk.read_back(desk.whole, reading, entry), text) <= same:
        raise DataError("The store took the comment and does not show it as it was written.")
    return Outcome(state="done", result={"written": ["comment_text"]})


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


def _has_address(record: Record, entry: Entry) -> bool:
    try:
        address_in(record, entry)
    except RecordGone:
        return False
    return True


def _made(entry: Entry, number: str, *, touched: tuple[str, int] | None = None) -> Outcome:
    result: dict[str, Any] = {
        "new_key": f"{entry.channel_code}:{number}",
        "written": sorted(entry.wanted_json),
    }
    return Outcome(state="done", result=result, touched=touched)


def _count(record: Record, text: str) -> int:
    """How many entries of the history have this text, as the store may keep it."""
    shown = [str(row.get("comment") or "") for row in children(record, "status_history")]
    return sum(as_kept(one) == as_kept(text) for one in shown)


def _is_kept(values: Mapping[str, str | None], holds: Mapping[str, str | None]) -> bool:
    return all(as_kept(value) == as_kept(holds[name]) for name, value in values.items())
