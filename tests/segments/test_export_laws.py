"""What holds of every export, whatever happened before it: any order of changes, a step at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from include.segments.export import Export
from include.segments.hold_out import is_held_out
from tests.segments.exporting import KEYS, Shop, add_person, change, content, emails, make_segment, rows
from tests.sql.sample_warehouse import add_rows, rows_of

PROFILES = ["generic_csv", "klaviyo"]
ADDRESSES = [f"{number}@example.com" for number in range(24)]
STEPS = 10
MAY_BE_IN = """
select
    customers.customer_key,
    customers.email_normalised as email,
    consent.state = 'subscribed' as is_subscribed
from crm.customers as customers
left join marketing.consent as consent
    on
        customers.channel_code = consent.channel_code
        and customers.email_normalised = consent.email_normalised
where not customers.is_guest and customers.email_normalised is not null
"""


class Life:
    """A shop in which things happen to people; who may be in a file is worked out the long way."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.random, self.count = shop, random.Random(seed), 0
        self.erased: set[str] = set()

    def step(self) -> None:
        happenings: list[Callable[[], None]] = [
            *[self.somebody_comes] * 4,
            *[self.a_state_changes] * 2,
            *[self.a_name_changes] * 3,
            self.an_address_changes,
            self.somebody_leaves,
            self.somebody_is_suppressed,
            self.somebody_is_erased,
        ]
        self.random.choice(happenings)()

    def somebody_comes(self) -> None:
        self.count += 1
        status = self.random.choice(["subscribed", "subscribed", "unsubscribed", "unconfirmed", None])
        email = self.random.choice([each for each in ADDRESSES if each not in self.erased])
        add_person(self.shop.engine, self.count, email, status, first_name="Ann, or =Bob")

    def a_state_changes(self) -> None:
        self._of_somebody(
            "update crm.newsletter_subscribers set status = :value where newsletter_subscriber_key = :key",
            self.random.choice(["subscribed", "unsubscribed"]),
        )

    def a_name_changes(self) -> None:
        self._of_somebody(
            "update crm.customers set first_name = :value where customer_key = :key",
            f"Zoë\n{self.random.random()}",
        )

    def an_address_changes(self) -> None:
        email = self.random.choice([each for each in ADDRESSES if each not in self.erased])
        self._of_somebody(
            "update crm.customers set email = :value, email_normalised = :value where customer_key = :key",
            email,
        )

    def somebody_leaves(self) -> None:
        self._of_somebody("update crm.customers set is_guest = :value where customer_key = :key", True)

    def somebody_is_suppressed(self) -> None:
        self.shop.suppress(self.random.choice(ADDRESSES))

    def somebody_is_erased(self) -> None:
        email = self.random.choice(ADDRESSES)
        self.erased.add(email)
        for statement in (
            "update crm.customers set email = null, email_normalised = null where email_normalised = :email",
            "update crm.newsletter_subscribers set email_normalised = null where email_normalised = :email",
        ):
            change(self.shop.engine, statement, email=email)
        change(
            self.shop.engine,
            "insert into ops.erasures (email_hash) select :hash"
            " where not exists (select from ops.erasures where email_hash = :hash)",
            hash=KEYS.email_hash(email),
        )

    def allowed(self) -> set[str]:
        """Addresses that a file may hold, and has to."""
        people = rows_of(self.shop.engine, MAY_BE_IN)
        subscribed = {person["email"] for person in people if person["is_subscribed"]} - self.erased
        return {
            email
            for email in subscribed
            if not is_held_out("everybody", email, 20) and KEYS.email_hash(email) not in self.shop.stopped
        }

    def blocked(self) -> set[str]:
        """Listed addresses that must not be written to, and are not erased."""
        listed = rows_of(self.shop.engine, "select email_normalised as email, state from marketing.consent")
        return {
            entry["email"]
            for entry in listed
            if entry["state"] == "unsubscribed" or KEYS.email_hash(entry["email"]) in self.shop.stopped
        }

    def _of_somebody(self, statement: str, value: object) -> None:
        if self.count:
            change(self.shop.engine, statement, value=value, key=f"main:{self.random.randint(1, self.count)}")


def told_apart(
    before: dict[str, dict[str, str]], export: Export, identity: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    """The full file before, less what was removed, with what was added written over it."""
    kept = dict(before)
    for row in rows(export, "removed"):
        del kept["\x1f".join(row[name] for name in identity)]
    return kept | keyed(rows(export, "added"), identity)


def keyed(found: list[dict[str, str]], identity: tuple[str, ...]) -> dict[str, dict[str, str]]:
    return {"\x1f".join(row[name] for name in identity): row for row in found}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_history_keeps_the_laws_of_an_export(warehouse: Engine, tmp_path: Path, seed: int) -> None:
    add_rows(warehouse, {"ops.channels": [{"channel_code": "main"}]})
    shop = Shop(warehouse, tmp_path / "exports")
    life = Life(shop, seed)
    segment = make_segment(profiles=PROFILES, hold_out_pct=20, keep_files=STEPS)
    before: dict[str, Export] = {}
    for _ in range(STEPS):
        for _ in range(6):
            life.step()
        allowed, blocked = life.allowed(), life.blocked()
        for export in shop.export(segment):
            identity = ("channel_code", "account_key") if export.profile == "generic_csv" else ("Email",)
            full = rows(export)
            # Nobody suppressed, unsubscribed, held out or erased; everybody else, once.
            assert sorted(emails(export)) == sorted(allowed)
            assert not life.erased.intersection(
                row.get("Email", "")
                for kind in ("added", "removed", "suppression")
                for row in rows(export, kind)
            )
            if export.profile == "klaviyo":
                assert {row["Email"] for row in rows(export, "suppression")} == blocked - allowed
            if (last := before.get(export.profile)) and export.is_new:
                gone = {row.get("Email", row.get("email", "")) for row in rows(last)} & life.erased
                there = {
                    key: row
                    for key, row in keyed(rows(last), identity).items()
                    if (row.get("Email") or row.get("email")) not in gone
                }
                assert told_apart(there, export, identity) == keyed(full, identity)
            before[export.profile] = export
    for export in shop.export(segment):
        # Nothing happened: nothing new. And written by somebody else, the same data are the same bytes.
        assert not export.is_new
        assert_same_bytes(shop, export, tmp_path)


def assert_same_bytes(shop: Shop, export: Export, folder: Path) -> None:
    change(
        shop.engine,
        "update marketing.exports set deleted_at = now() where profile = :profile",
        profile=export.profile,
    )
    again = Shop(shop.engine, folder / f"again-{export.profile}", shop.stopped)
    [anew] = again.export(make_segment(profiles=[export.profile], hold_out_pct=20))
    assert anew.is_new
    assert content(anew.file) == content(export.file)
