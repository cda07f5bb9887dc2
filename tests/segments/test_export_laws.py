"""What holds of every export, whatever happened before it: any order of changes, a step at a time.

The files go to the export folder, to a tool that always takes them and to one that often breaks off. Each of the three
does what the files say as soon as it has one, and must end with the list of the full file.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pytest
from sqlalchemy import Engine

from include.delivery.sending import Sender
from include.errors import TransientError
from include.privacy.erase import erase_person
from include.privacy.exports import delete_exports_of_erased
from include.segments.export import Export
from include.segments.hold_out import is_held_out
from include.segments.loading import Segment
from tests.segments.exporting import KEYS, Shop, add_person, change, content, emails, make_segment, rows
from tests.sql.sample_warehouse import add_rows, rows_of

CHANNELS = ["main", "uk"]
PROFILES = ["generic_csv", "klaviyo"]
IDENTITY = {"generic_csv": ("channel_code", "account_key"), "klaviyo": ("Email",)}
ADDRESSES = [f"{number}@example.com" for number in range(16)]
STEPS = 10
MAY_BE_IN = """
select
    customers.customer_key,
    customers.channel_code,
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

    def _somebody(self) -> str:
        return f"{self.random.choice(CHANNELS)}:{self.random.randint(1, self.count)}"

    def somebody_comes(self) -> None:
        self.count += 1
        status = self.random.choice(["subscribed", "subscribed", "unsubscribed", "unconfirmed", None])
        email = self.random.choice([each for each in ADDRESSES if each not in self.erased])
        channel = self.random.choice(CHANNELS)
        keys = dict.fromkeys(("account_key", "contact_key"), f"{channel}:{self.count}")
        name = {"first_name": "Ann, or =Bob"}
        add_person(self.shop.engine, self.count, email, status, channel=channel, **name, **keys)

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
        erase_person(self.shop.engine, KEYS, KEYS.email_hash(email))
        delete_exports_of_erased(self.shop.engine, self.shop.root, self.shop.at)

    def allowed(self, channel: str) -> set[str]:
        """Addresses that a channel's file may hold, and has to."""
        people = [one for one in rows_of(self.shop.engine, MAY_BE_IN) if one["channel_code"] == channel]
        subscribed = {person["email"] for person in people if person["is_subscribed"]} - self.erased
        return {
            email
            for email in subscribed
            if not is_held_out("everybody", email, 20) and KEYS.email_hash(email) not in self.shop.stopped
        }

    def blocked(self, channel: str) -> set[str]:
        """Addresses on a channel's list that must not be written to, and are not erased."""
        query = "select email_normalised as email, state from marketing.consent where channel_code = :channel"
        return {
            entry["email"]
            for entry in rows_of(self.shop.engine, query, channel=channel)
            if entry["state"] == "unsubscribed" or KEYS.email_hash(entry["email"]) in self.shop.stopped
        } - self.erased

    def _of_somebody(self, statement: str, value: object) -> None:
        if self.count:
            change(self.shop.engine, statement, value=value, key=self._somebody())


class Tool:
    """Where files go: it takes over what each says at once, and breaks off now and then."""

    takes_rows = True

    def __init__(self, breaks: random.Random | None) -> None:
        self.breaks = breaks
        self.lists: dict[tuple[str, str], dict[str, dict[str, str]]] = {}

    def put(self, name: str, source: IO[bytes], byte_count: int) -> None:
        if self.breaks is not None and self.breaks.random() < 0.3:
            raise TransientError("broke off")
        self.take(name, source.read())

    def take(self, name: str, content: bytes) -> None:
        """A removed or an added file at once; of the full one it is known with the manifest what it is good for."""
        profile, channel = Path(name).name.split("-")[1:3]
        listed, identity = self.lists.setdefault((channel, profile), {}), IDENTITY[profile]
        if name.endswith(".manifest.json"):
            told = json.loads(content)
            if told["replace_list"]:
                listed.clear()
            if told["since"] is None:
                listed.update(self.full)
            return
        found = keyed(list(csv.DictReader(io.StringIO(content.decode(), newline=""))), identity)
        if name.startswith("removed/"):
            for key in found:
                listed.pop(key, None)
        elif name.endswith("-added.csv"):
            listed.update(found)
        elif not name.startswith("suppression/"):
            self.full = found

    def forget(self, erased: set[str]) -> None:
        """What whoever answers for the tool was asked to."""
        for listed in self.lists.values():
            for key in [key for key, row in listed.items() if address_of(row) in erased]:
                del listed[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def address_of(row: dict[str, str]) -> str:
    return row.get("Email") or row.get("email") or ""


def keyed(found: list[dict[str, str]], identity: tuple[str, ...]) -> dict[str, dict[str, str]]:
    return {"\x1f".join(row[name] for name in identity): row for row in found}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_history_keeps_the_laws_of_an_export(warehouse: Engine, tmp_path: Path, seed: int) -> None:
    add_rows(warehouse, {"ops.channels": [{"channel_code": channel} for channel in CHANNELS]})
    shop = Shop(warehouse, tmp_path / "exports")
    life = Life(shop, seed)
    destinations = ["export_root", "sound", "broken"]
    segment = make_segment(profiles=PROFILES, hold_out_pct=20, keep_files=2, destinations=destinations)
    tools = {"export_root": Tool(None), "sound": Tool(None), "broken": Tool(random.Random(seed))}
    for _ in range(STEPS):
        for _ in range(6):
            life.step()
        go_round(life, tools, segment)
    for export in shop.export(segment):
        # Nothing happened: nothing new. And written by somebody else, the same data are the same bytes.
        assert not export.is_new
        assert_same_bytes(shop, export, tmp_path)


def go_round(life: Life, tools: dict[str, Tool], segment: Segment) -> None:
    """Export and send; who got everything has everybody."""
    for tool in tools.values():
        tool.forget(life.erased)
    exports = life.shop.export(segment)
    for export in exports:
        assert_lawful(life, export)
        if export.is_new:
            take_all(tools["export_root"], export)
    is_whole = not is_broken(life.shop, tools, segment, exports)
    for name in ["export_root", "sound", *(["broken"] if is_whole else [])]:
        for export in exports:
            full = keyed(rows(export), IDENTITY[export.profile])
            assert tools[name].lists[export.channel_code, export.profile] == full, name


def is_broken(shop: Shop, tools: dict[str, Tool], segment: Segment, exports: tuple[Export, ...]) -> bool:
    """Send once; whether something did not arrive."""
    sender = Sender(
        engine=shop.engine, root=shop.root, open_place=lambda name: tools[name], clock=lambda: shop.at
    )
    try:
        sender.send(segment, [export.file.name for export in exports])
    except TransientError:
        return True
    return False


def take_all(tool: Tool, export: Export) -> None:
    names = [file.name for kind in ("removed", "full", "added") for file in export.files if file.kind == kind]
    for name in [*names, export.manifest.name]:
        tool.take(name, content(export.folder / name))


def assert_lawful(life: Life, export: Export) -> None:
    """Nobody suppressed, unsubscribed, held out or erased; everybody else, once."""
    allowed = life.allowed(export.channel_code)
    assert sorted(emails(export)) == sorted(allowed)
    named = [row for kind in ("added", "removed", "suppression") for row in rows(export, kind)]
    assert not life.erased.intersection(address_of(row) for row in named)
    if export.profile == "klaviyo":
        stopped = life.blocked(export.channel_code) - allowed
        assert {row["Email"] for row in rows(export, "suppression")} == stopped


def assert_same_bytes(shop: Shop, export: Export, folder: Path) -> None:
    again = Shop(shop.engine, folder / f"again-{export.channel_code}-{export.profile}", shop.stopped)
    made = again.export(make_segment("everybody", profiles=[export.profile], hold_out_pct=20))
    [anew] = [one for one in made if one.channel_code == export.channel_code]
    assert anew.is_new
    assert content(anew.file) == content(export.file)
