"""Whoever said no at one address is written to at none of the account; a mailbox that bounced stops only itself.

Worked out the long way for accounts, carts and newsletter entries, after any order of opt-outs and liftings.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine

from include.delivery.probing import may_still_go
from include.segments.export import Export
from include.segments.loading import Segment
from include.suppressions.suppressing import lift, opt_out_of, suppress
from include.suppressions.tables import EVERY_CHANNEL, REASONS
from tests.segments.exporting import KEYS, NOW, Shop, add_person, make_segment, rows
from tests.sql.sample_warehouse import add_rows

CHANNELS = ("main", "uk")
PERSONAL = set(REASONS) - {"bounced"}
LISTED = """\
-- grain: one row per channel and {member}
-- time zone: none
-- currency: none
select distinct
    channel_code,
    {key} as {member}_key
from crm.{table}
"""


class Address(NamedTuple):
    channel: str
    email: str
    account: str


class Said(NamedTuple):
    email: str
    reason: str
    scope: str


@pytest.fixture
def shop(warehouse: Engine, tmp_path: Path) -> Shop:
    add_rows(warehouse, {"ops.channels": [{"channel_code": channel} for channel in CHANNELS]})
    return Shop(warehouse, tmp_path)


def of(member: str, table: str, key: str) -> Segment:
    columns = [
        {"name": "channel_code", "kind": "text", "meaning": "The shop."},
        {"name": f"{member}_key", "kind": "key", "meaning": "The member."},
    ]
    return make_segment(
        f"every_{member}",
        LISTED.format(member=member, table=table, key=key),
        addresses=member,
        key=["channel_code", f"{member}_key"],
        columns=columns,
        inputs=[table],
        personal_columns=["email_normalised"],
    )


def segments() -> tuple[Segment, ...]:
    return (
        of("account", "customers", "account_key"),
        of("cart", "carts", "cart_key"),
        of("subscriber", "newsletter_subscribers", "newsletter_subscriber_key"),
    )


def settle(shop: Shop, chance: random.Random) -> list[Address]:
    """Accounts of one to three addresses, some of them in both shops; each address has a cart and is subscribed."""
    found: list[Address] = []
    for account in range(5):
        for _ in range(chance.randint(1, 3)):
            channel, number = chance.choice(CHANNELS), len(found) + 1
            found.append(Address(channel, f"{number}@example.com", f"main:{account}"))
            of_account = {"account_key": f"main:{account}", "channel": channel}
            add_person(shop.engine, number, found[-1].email, **of_account)
            key = f"{channel}:{number}"
            add_rows(shop.engine, {"crm.carts": [{"cart_key": key, "customer_key": key}]})
    return found


def written_to(export: Export) -> list[str]:
    return [row["email_normalised"] for row in rows(export)]


def say(shop: Shop, said: Said, days: int = 0) -> None:
    at = NOW + timedelta(days=days)
    with shop.engine.begin() as connection:
        suppress(
            connection, [opt_out_of(KEYS, said.email, said.reason, at)], source="x", now=at, scope=said.scope
        )


def take_back(shop: Shop, email: str, days: int) -> None:
    with shop.engine.begin() as connection:
        lift(connection, KEYS.email_hash(email), note="asked", now=NOW + timedelta(days=days))


def is_stopped(address: Address, everybody: list[Address], said: set[Said]) -> bool:
    theirs = {other.email for other in everybody if other.account == address.account}
    in_force = [one for one in said if one.scope in (EVERY_CHANNEL, address.channel)]
    return any(
        one.email == address.email or (one.email in theirs and one.reason in PERSONAL) for one in in_force
    )


def expected(everybody: list[Address], said: set[Said], channel: str) -> Iterator[list[str]]:
    """Of an account the first by key is written to; of carts and entries every one."""
    here = [address for address in everybody if address.channel == channel]
    keys = {address: f"{channel}:{everybody.index(address) + 1}" for address in here}
    first = {account: min((a for a in here if a.account == account), key=keys.__getitem__) for account in
             {address.account for address in here}}  # fmt: skip
    for addresses in (first.values(), here, here):
        yield sorted(one.email for one in addresses if not is_stopped(one, everybody, said))


@pytest.mark.parametrize("seed", [1, 2])
def test_no_file_names_any_address_of_an_account_that_said_no(shop: Shop, seed: int) -> None:
    chance = random.Random(seed)
    everybody = settle(shop, chance)
    said: set[Said] = set()
    for days in range(6):
        if said and chance.random() < 0.3:
            email = chance.choice(sorted(said)).email
            if all(one.reason != "erased" for one in said if one.email == email):
                take_back(shop, email, days)
                said = {one for one in said if one.email != email}
        else:
            one = Said(
                chance.choice(everybody).email, chance.choice(REASONS), chance.choice(["*", *CHANNELS])
            )
            say(shop, one, days)
            said.add(one)
        made = [shop.export(segment) for segment in segments()]
        for place, channel in enumerate(CHANNELS):
            exported = [sorted(written_to(exports[place])) for exports in made]
            assert exported == list(expected(everybody, said, channel)), (days, channel, said)


@pytest.mark.parametrize(
    ("said", "goes"),
    [
        (Said("b@example.com", "complained", "main"), False),
        (Said("b@example.com", "unsubscribed", "uk"), True),
        (Said("b@example.com", "bounced", "main"), True),
        (Said("a@example.com", "bounced", "main"), False),
        (Said("c@example.com", "complained", "main"), True),
    ],
)
def test_file_does_not_go_when_the_account_said_no_since_at_another_address(
    shop: Shop, said: Said, goes: bool
) -> None:
    together: dict[str, Any] = {"account_key": "main:1"}
    add_person(shop.engine, 1, "a@example.com", **together)
    add_person(shop.engine, 2, "b@example.com", **together)
    [export, _] = shop.export(of("account", "customers", "account_key"))
    assert may_still_go(shop.engine, export.file, "main")
    say(shop, said)
    assert may_still_go(shop.engine, export.file, "main") == goes


@pytest.mark.parametrize(("profile", "goes"), [("google_customer_match", False), ("klaviyo", True)])
def test_file_for_google_does_not_go_when_somebody_said_no_under_another_spelling(
    shop: Shop, profile: str, goes: bool
) -> None:
    add_person(shop.engine, 1, "ada.lovelace@gmail.com")
    [export, _] = shop.export(make_segment(profiles=[profile]))
    assert may_still_go(shop.engine, export.file, "main")
    say(shop, Said("adalovelace+shop@gmail.com", "unsubscribed", "*"))
    assert may_still_go(shop.engine, export.file, "main") == goes


def test_guest_who_typed_an_address_of_an_account_is_that_account(shop: Shop) -> None:
    """Nobody else's cart or entry is kept back for it."""
    add_person(shop.engine, 1, "a@example.com", account_key="main:1")
    add_person(shop.engine, 2, "b@example.com", account_key="main:1")
    add_person(shop.engine, 3, "c@example.com", account_key="main:3")
    carts = [
        {"cart_key": f"main:{email}", "customer_email": email, "customer_email_normalised": email}
        for email in ("a@example.com", "c@example.com")
    ]
    add_rows(shop.engine, {"crm.carts": carts})
    say(shop, Said("b@example.com", "unsubscribed", "main"))
    _, cart, subscriber = segments()
    for segment in (cart, subscriber):
        [export, _] = shop.export(segment)
        assert written_to(export) == ["c@example.com"]


def test_platform_is_told_of_an_entry_whose_account_said_no_elsewhere(shop: Shop) -> None:
    """She is on the list and no member: a tool may know her from before."""
    her: dict[str, Any] = {"account_key": "main:1", "is_guest": True}
    add_person(shop.engine, 1, "a@example.com", **her)
    add_person(shop.engine, 2, "b@example.com", None, **her)
    add_person(shop.engine, 3, "c@example.com", account_key="main:3")
    say(shop, Said("b@example.com", "complained", "main"))
    [export, _] = shop.export(make_segment(profiles=["klaviyo"]))
    assert [row["Email"] for row in rows(export)] == ["c@example.com"]
    assert [row["Email"] for row in rows(export, "suppression")] == ["a@example.com"]
