"""Changing fields of a customer or of an address: read fresh, merge, write what shall be different, read back.

The fields stand in the store under the names that the customers' entity declares. What a newcomer would get wrong: an
address is the store's to refuse only when another customer of the website has it, so that is looked up at the moment it
matters; and the core lists say nothing about gender, so without the bridge it can be neither merged nor verified.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from include.entities.customers import CUSTOMER_ADDRESSES, CUSTOMERS, CUSTOMERS_ENTITY
from include.entities.fields import StoreKind
from include.entities.model import Row, Table
from include.magento.door import Reading, Record
from include.magento.faults import RecordGone, WriteRefused
from include.magento.writing import Change, Fields, TwoWayDoor, UpdateAddress, UpdateCustomer
from include.write_back.desk import Desk
from include.write_back.entry import Entry, Outcome
from include.write_back.merge import Merge
from include.write_back.own_writes import merged_with_ours
from include.write_back.store_values import as_texts, as_wire, held, number_of, rows_of
from include.write_back.unique_email import holder_of_email


def reading_of(door: TwoWayDoor) -> Reading:
    """How the store's customers are read."""
    return CUSTOMERS_ENTITY.reading[door.kind]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where the fields of a kind are, and the change that writes them."""

    table: Table
    part: Callable[[Record, Entry, StoreKind], Row]
    change: Callable[[Entry, Fields], Change]


def address_in(record: Record, entry: Entry, kind: StoreKind) -> Row:
    """The entry's address in a customer's record; raises RecordGone."""
    for address in rows_of(CUSTOMER_ADDRESSES, record, kind):
        if number_of(CUSTOMER_ADDRESSES, address, kind) == str(entry.target_number):
            return address
    raise RecordGone("The address is no longer in the store, and is not made again.")


_DEFAULTS = ("is_default_billing", "is_default_shipping")
KINDS = {
    "customer_update": _Kind(
        CUSTOMERS,
        lambda record, _, kind: rows_of(CUSTOMERS, record, kind)[0],
        lambda entry, fields: UpdateCustomer(customer_id=entry.number, fields=fields),
    ),
    "address_update": _Kind(
        CUSTOMER_ADDRESSES,
        address_in,
        lambda entry, fields: UpdateAddress(
            customer_id=entry.number, address_id=entry.target_number, fields=fields
        ),
    ),
}


def attempt(desk: Desk, entry: Entry) -> Outcome:
    """Merge the change with what the store holds now, and write what is left of it.

    Raises:
        DataError: the store does not accept it, or holds something else afterwards.
    """
    kind, reading = KINDS[entry.kind], reading_of(desk.door)
    record = desk.whole(reading, entry)
    merged = _merged(desk, entry, record)
    desk.outbox.note(entry, merged)
    if merged.is_open:
        both = ", ".join(decision.field for decision in merged.decisions if decision.is_open)
        return Outcome(state="conflict", error=f"Store and CRM both changed {both}: somebody has to decide.")
    if merged.to_write:
        _refuse_lost_default(desk.door.kind, merged.to_write)
        _refuse_taken(desk.door, record, entry, merged.to_write)
        desk.write(entry, kind.change(entry, as_wire(kind.table, merged.to_write)))
        after = kind.part(desk.read_back(desk.whole, reading, entry), entry, desk.door.kind)
        other = differing(merged.to_write, held(kind.table, after, merged.to_write, desk.door.kind))
        if other:
            return _kept_otherwise(sorted(merged.to_write.keys() - other), other)
    return Outcome(state="done", result={"written": sorted(merged.to_write)})


def preview(desk: Desk, entry: Entry) -> list[str]:
    """The fields that would be written."""
    return list(_merged(desk, entry, desk.whole(reading_of(desk.door), entry)).to_write)


def _merged(desk: Desk, entry: Entry, record: Record) -> Merge:
    kind, wanted = KINDS[entry.kind], as_texts(entry.wanted_json)
    store = desk.door.kind
    remote = held(kind.table, kind.part(record, entry, store), wanted, store)
    return merged_with_ours(desk, entry, as_texts(entry.base_json or {}), wanted, remote)


def _kept_otherwise(written: list[str], other: list[str]) -> Outcome:
    """Rejected, which does not mean that nothing happened."""
    rest = f"; {', '.join(written)} is written" if written else ""
    return Outcome(
        state="rejected",
        error=f"The store took the change and holds something else in {', '.join(other)}{rest}.",
        result={"written": written, "differs": other},
    )


def _refuse_lost_default(kind: StoreKind, values: Mapping[str, str | None]) -> None:
    """Raise WriteRefused for what Magento 1 would take and not do."""
    lost = [name for name in _DEFAULTS if values.get(name) == "0"]
    if lost and kind == "magento1":
        raise WriteRefused(
            f"Over its API the store does not take an address out of its default role ({', '.join(lost)}): "
            "make another address the default."
        )


def differing(
    values: Mapping[str, str | None],
    holds: Mapping[str, str | None],
    *,
    read: Callable[[str | None], str | None] = lambda value: value or None,
) -> list[str]:
    """Fields in which the store holds something else than was written, both read in the same way."""
    return sorted(name for name, value in values.items() if read(value) != read(holds[name]))


def _refuse_taken(door: TwoWayDoor, record: Record, entry: Entry, values: Mapping[str, str | None]) -> None:
    """Raise WriteRefused where the e-mail is another customer's, in the website that the customer shall be of."""
    if entry.kind == "customer_update" and values.keys() & {"email", "website_id"}:
        email = values.get("email") or str(record.get("email") or "")
        refuse_taken(door, email, values.get("website_id") or record.get("website_id"), unless=entry.number)


def refuse_taken(
    door: TwoWayDoor, email: str | None, website_id: object, *, unless: int | None = None
) -> None:
    """Raise WriteRefused where an e-mail to be written is another customer's."""
    holder = holder_in(door, email, website_id, unless=unless) if email else None
    if holder is not None:
        raise WriteRefused(
            f"Another customer of the store ({holder}) has the e-mail address: choose another one."
        )


def holder_in(door: TwoWayDoor, email: str, website_id: object, *, unless: int | None = None) -> int | None:
    """The customer who has an e-mail in the way of somebody of a website; None: it is free."""
    return holder_of_email(
        door,
        email,
        website_id=int(str(website_id or 0)),
        has_shared_customers=bool(door.report().has_shared_customers),
        unless=unless,
    )
