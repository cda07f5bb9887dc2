"""Registered customers with their addresses, as they were at a given instant, and the people behind guest orders.

An address edit moves the address's `updated_at` only, a profile edit moves the customer's: that is how Magento
behaves, and why a sync by the customer's `updated_at` misses address edits.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import NamedTuple

from include.demo_store.chance import base_of, generator, mix
from include.demo_store.clock import DAY, ZERO, sql_time
from include.demo_store.generate import address_book, names, oddities
from include.demo_store.generate.address_book import BookChange
from include.demo_store.generate.names import Person
from include.demo_store.stores import STORE_BY_ID, STORE_BY_LOT, StoreView

MAIL_DOMAINS = ("example.com", "example.org", "example.net", "mail.example")
_KEPT = 4096
_FIRST_EDIT, _EDIT_SPREAD = 12 * DAY, 200 * DAY
_NEVER = 1 << 60

Row = dict[str, str | None]


@dataclass(slots=True)
class Customer:
    """A customer as the database holds it; `row` and `addresses` are keyed by column name."""

    row: Row
    addresses: list[Row] = field(default_factory=list)


class Edit(NamedTuple):
    """A change a customer made; `number` counts from 1 per customer."""

    at: int
    number: int
    of_address: bool


class People:
    """Makes customers and guests of one seed."""

    def __init__(self, seed: int) -> None:
        self._customers = base_of(seed, "customer")
        self._edits = base_of(seed, "edit")
        self._guests = base_of(seed, "guest")
        self.by_hand: dict[int, list[Edit]] = {}
        """Address edits that somebody made by hand, by customer."""
        self.written: dict[int, list[tuple[int, Row]]] = {}
        """Fields that somebody wrote through the API, with the instant, by customer; they stay whatever comes."""
        self.made: dict[int, Row] = {}
        """Customers that were made through the API, who do nothing by themselves."""
        self.books: dict[int, list[BookChange]] = {}
        """What the API changed in address books, by customer."""
        self._person = lru_cache(maxsize=_KEPT)(self._draw_person)
        self._newcomer = lru_cache(maxsize=_KEPT)(self._make_newcomer)

    def store_of(self, customer_id: int) -> StoreView:
        """The store view a customer registered in."""
        if made := self.made.get(customer_id):
            return STORE_BY_ID.get(int(made["store_id"] or 0), STORE_BY_LOT[0])
        return STORE_BY_LOT[mix(self._customers + customer_id) >> 20 & 63]

    def address_count(self, customer_id: int) -> int:
        """0 to 3 addresses from the start; most have one."""
        if customer_id in self.made:
            return 0
        return (0, 1, 1, 1, 1, 2, 2, 3)[mix(self._customers + customer_id) >> 30 & 7]

    def deleted_at(self, customer_id: int, created: int) -> int | None:
        """When the customer is deleted from the shop, if ever (one in 64)."""
        bits = mix(self._customers + customer_id)
        if bits >> 40 & 63 or customer_id in self.made:
            return None
        return created + 60 * DAY + mix(bits) % (400 * DAY)

    def next_edit(self, customer_id: int, created: int, previous: Edit | None) -> Edit:
        """The edit after the given one; edits never end."""
        number = previous.number + 1 if previous else 1
        if customer_id in self.made:
            return Edit(_NEVER, number, of_address=False)
        bits = mix(self._edits + customer_id * 4096 + number)
        at = (previous.at if previous else created) + _FIRST_EDIT + (bits >> 8) % _EDIT_SPREAD
        return Edit(at, number, bool(bits & 3) and self.address_count(customer_id) > 0)

    def edits(self, customer_id: int, created: int, now: int) -> list[Edit]:
        """All edits up to an instant, oldest first."""
        made: list[Edit] = []
        edit = self.next_edit(customer_id, created, None)
        while edit.at <= now:
            made.append(edit)
            edit = self.next_edit(customer_id, created, edit)
        return made

    def _draw_person(self, customer_id: int) -> Person:
        bits = mix(self._customers + customer_id)
        return names.person(generator(bits), self.store_of(customer_id).locale)

    def email(self, customer_id: int) -> str | None:
        """The e-mail address: unique, but for those who registered on two websites with the same one."""
        if made := self.made.get(customer_id):
            return made["email"]
        if oddities.CUSTOMER_EMAIL_NULL.has(customer_id):
            return None
        if oddities.CUSTOMER_EMAIL_EMPTY.has(customer_id):
            return ""
        if oddities.CUSTOMER_EMAIL_SHARED.has(customer_id) and customer_id > 3:
            other = self.store_of(customer_id - 3).website
            shared = self.email(customer_id - 3)
            if shared and other is not self.store_of(customer_id).website:
                return shared.title() if customer_id % 2 else shared
        if oddities.CUSTOMER_EMAIL_LONG.has(customer_id):
            return f"{oddities.LONG_MAIL_LOCAL}@{oddities.LONG_MAIL_DOMAIN}"
        mail = f"{self._person(customer_id).mail_name}{customer_id}@{MAIL_DOMAINS[customer_id % len(MAIL_DOMAINS)]}"
        return "  " + mail if oddities.CUSTOMER_EMAIL_BLANKS.has(customer_id) else mail

    def customer(self, customer_id: int, created: int, now: int) -> Customer:
        """The customer with addresses as of `now`."""
        newcomer = self._newcomer(customer_id, created)
        row, addresses = newcomer.row.copy(), [card.copy() for card in newcomer.addresses]
        done = [edit for edit in self.by_hand.get(customer_id, ()) if edit.at <= now]
        for edit in sorted([*self.edits(customer_id, created, now), *done]):
            if edit.of_address:
                self._edit_address(addresses[edit.number % len(addresses)], edit)
            else:
                self._edit_profile(row, edit)
        for at, fields in self.written.get(customer_id, ()):
            if at <= now:  # orders of before keep what was true then
                row |= fields | {"updated_at": max(row["updated_at"] or "", sql_time(at))}
        for change in self.books.get(customer_id, ()):
            if change.at <= now:
                address_book.apply(addresses, change)
        addresses.reverse()
        return Customer(row, addresses)

    def last_write(self, customer_id: int) -> int:
        """When the customer was last written through the API; 0 for never."""
        return max((at for at, _ in self.written.get(customer_id, ())), default=0)

    def _make_newcomer(self, customer_id: int, created: int) -> Customer:
        """The customer on the day of registration."""
        if made := self.made.get(customer_id):
            return Customer(made.copy())
        chance = generator(mix(self._customers + customer_id) ^ 0x5EED)
        who = self._person(customer_id)
        row = self._profile(customer_id, chance, who)
        row["created_at"] = ZERO if oddities.CUSTOMER_CREATED_ZERO.has(customer_id) else sql_time(created)
        row["updated_at"] = sql_time(created)
        return Customer(row, self._addresses(row, chance, who, created))

    def _profile(self, customer_id: int, chance: Random, who: Person) -> Row:
        store = self.store_of(customer_id)
        titled = chance.random() < 0.1
        digest = hashlib.md5(str(customer_id).encode(), usedforsecurity=False).hexdigest()
        row: Row = {
            "customer_id": str(customer_id), "entity_id": str(customer_id), "increment_id": None,
            "store_id": str(store.store_id), "website_id": str(store.website.website_id), "created_in": store.name,
            "email": self.email(customer_id), "firstname": who.firstname, "lastname": who.lastname,
            "middlename": "M." if titled else None, "prefix": "Dr." if titled else None,
            "suffix": "Jr." if titled else None, "group_id": str((1, 1, 1, 1, 2, 3, 4, 5)[int(chance.random() * 8)]),
            "dob": _birthday(chance), "taxvat": f"DE{customer_id:09d}" if chance.random() < 0.1 else None,
            "confirmation": "true" if chance.random() < 0.02 else None,
            "password_hash": f"{digest}:xx", "gender_id": str(who.gender) if chance.random() < 0.4 else None,
        }  # fmt: skip
        row["gender"] = {"1": "Male", "2": "Female", None: None}[row["gender_id"]]
        if oddities.CUSTOMER_NAME_LONG.has(customer_id):
            row["firstname"] = "Ä" * 255
        if oddities.CUSTOMER_NAME_CONTROL.has(customer_id):
            row["lastname"] = oddities.CONTROL_NAME
        return row

    def _addresses(self, profile: Row, chance: Random, who: Person, created: int) -> list[Row]:
        customer_id = int(profile["customer_id"] or 0)
        count = self.address_count(customer_id)
        name = {part: profile[part] for part in ("firstname", "lastname", "middlename", "prefix", "suffix")}
        found = []
        for number in range(count):
            row: Row = {
                "customer_address_id": str(customer_id * 4 + number), "created_at": sql_time(created),
                "updated_at": sql_time(created), "increment_id": None, **name,
                "is_default_billing": "true" if number == 0 else "false",
                "is_default_shipping": "true" if number == count - 1 else "false",
                **names.postal(chance, who),
            }  # fmt: skip
            if oddities.CUSTOMER_CITY_CONTROL.has(customer_id):
                row["city"] = oddities.CONTROL_CITY
            found.append(row)
        return found

    def _edit_profile(self, row: Row, edit: Edit) -> None:
        bits = mix(self._edits + int(row["customer_id"] or 0) * 4096 + edit.number)
        row["updated_at"] = sql_time(edit.at)
        row["group_id"] = str((1, 1, 2, 3, 4, 5, 6, 1)[bits >> 20 & 7])
        if bits >> 24 & 7 == 0:
            row["middlename"] = "Maria"

    def _edit_address(self, row: Row, edit: Edit) -> None:
        row["updated_at"] = sql_time(edit.at)
        row["telephone"] = f"0{edit.number}0 {edit.at % 1000000}"
        street = (row["street"] or "").split("\n")[0].rsplit(" ", 1)[0]
        row["street"] = f"{street} {edit.at % 199 + 1}"

    def guest(self, number: int) -> tuple[Person, str]:
        """The person and e-mail address behind a guest number; the same number is the same person."""
        bits = mix(self._guests + number)
        store = STORE_BY_LOT[bits >> 20 & 63]
        who = names.person(generator(bits), store.locale)
        mail = f"{who.mail_name}.g{number}@{MAIL_DOMAINS[number % len(MAIL_DOMAINS)]}"
        return who, mail.upper() if number % 29 == 7 else mail

    def guest_address(self, number: int, who: Person) -> Row:
        """The address card a guest types in."""
        return names.postal(generator(mix(self._guests + number) ^ 0xADD), who)


def _birthday(chance: Random) -> str | None:
    draw = chance.random()
    if draw > 0.25:
        return None
    if draw < 0.004:
        return ZERO
    return (
        f"{1940 + int(draw * 250)}-{int(draw * 4000) % 12 + 1:02d}-{int(draw * 9000) % 28 + 1:02d} 00:00:00"
    )
