"""Segment files of somebody who was erased: found by who is in them, whatever else is known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from include.privacy.erase import erase_person
from include.privacy.exports import delete_exports_of_erased
from tests.segments.exporting import KEYS, Shop, add_person, change, make_segment
from tests.sql.sample_warehouse import add_rows, migrated_template, rows_of, warehouse

__all__ = ["migrated_template", "warehouse"]

HER = "zelda@example.com"


@pytest.fixture
def shop(warehouse: Engine, tmp_path: Path) -> Shop:
    """Ada and others in both shops; Zelda is not there yet."""
    for channel in ("main", "uk"):
        add_rows(warehouse, {"ops.channels": [{"channel_code": channel}]})
        add_person(warehouse, 1, "ada@example.com", channel=channel)
    return Shop(warehouse, tmp_path / "exports")


def comes(shop: Shop, status: str = "subscribed", **known: Any) -> None:
    keys = {"account_key": "main:5", "contact_key": "main:5"}
    add_person(shop.engine, 5, HER, status, **keys, **known)


def forget(shop: Shop) -> list[str]:
    """Erase her and tidy up; which files are said to have held her, in their order."""
    erase_person(shop.engine, KEYS, KEYS.email_hash(HER))
    delete_exports_of_erased(shop.engine, shop.root, shop.at)
    return listed(shop)


def listed(shop: Shop) -> list[str]:
    [erasure] = rows_of(shop.engine, "select exports_json from ops.erasures")
    return [export["file_name"] for export in erasure["exports_json"] or []]


def there(shop: Shop) -> set[str]:
    """Contents of every file that names her, deleted ones not among them."""
    files = [path for path in Path(str(shop.root)).rglob("*") if path.is_file()]
    words = (HER, KEYS.email_hash(HER))
    return {path.name for path in files if any(word in path.read_text() for word in words)}


def test_files_that_say_she_left_or_must_not_be_written_to_held_her_too(shop: Shop) -> None:
    """She was no member when they were written."""
    segment = make_segment(profiles=["klaviyo"])
    comes(shop)
    first, _ = shop.export(segment)
    change(
        shop.engine,
        "update crm.newsletter_subscribers set status = 'unsubscribed' where newsletter_subscriber_key = 'main:5'",
    )
    change(shop.engine, "update crm.customers set is_guest = true where customer_key = 'main:5'")
    second, _ = shop.export(segment)
    add_person(shop.engine, 6, "bob@example.com")
    third, _ = shop.export(segment)

    assert forget(shop) == [first.file.name, second.file.name, third.file.name]

    assert there(shop) <= {path.name for path in Path(str(shop.root)).rglob(f"{third.file.name[:-4]}*")}
    shop.export(segment)
    delete_exports_of_erased(shop.engine, shop.root, shop.at)
    assert there(shop) == set()


def test_files_of_the_other_shop_and_of_the_other_profile_stay(shop: Shop) -> None:
    segment = make_segment(profiles=["klaviyo", "generic_csv"])
    comes(shop)
    exports = shop.export(segment)
    hers = [export.file.name for export in exports if export.channel_code == "main"]
    change(shop.engine, "update crm.customers set first_name = 'Ann' where customer_key = 'uk:1'")
    add_person(shop.engine, 7, "eve@example.com", channel="uk")
    shop.export(segment)

    assert forget(shop) == sorted(hers)

    # A newer file of another shop or profile is none that took the place of hers.
    assert all((Path(str(shop.root)) / "everybody" / name).exists() for name in hers)


def test_a_file_that_appeared_while_she_was_erased_is_found_later(shop: Shop) -> None:
    """The export read the warehouse before, and wrote after."""
    segment = make_segment(profiles=["klaviyo"])
    comes(shop)
    erase_person(shop.engine, KEYS, KEYS.email_hash(HER))
    change(shop.engine, "update ops.erasures set files_rewritten_at = now()")
    main, _ = shop.export(segment)
    Path(str(main.folder / f"{main.file.name[:-4]}.people")).write_text(f"{KEYS.email_hash(HER)}\n")

    delete_exports_of_erased(shop.engine, shop.root, shop.at)

    assert listed(shop) == [main.file.name]


def test_a_file_that_a_killed_run_left_is_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    comes(shop)
    with monkeypatch.context() as patched:
        patched.setattr("include.segments.export.note_published", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shop.export(make_segment(profiles=["klaviyo"]))
    [left] = [name for name in there(shop) if name.endswith("Z.csv")]

    assert forget(shop) == [left]

    shop.export(make_segment(profiles=["klaviyo"]))
    delete_exports_of_erased(shop.engine, shop.root, shop.at)
    assert there(shop) == set()


def test_no_file_is_read_where_nobody_was_erased_lately(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    comes(shop)
    shop.export(make_segment(profiles=["klaviyo"]))
    forget(shop)
    change(
        shop.engine,
        "update ops.erasures set files_rewritten_at = now(), erased_at = now() - interval '9 days'",
    )
    monkeypatch.setattr("include.privacy.exports._among", None)

    delete_exports_of_erased(shop.engine, shop.root, shop.at + timedelta(days=365))


def test_a_hash_is_found_wherever_it_lies_in_a_long_file(tmp_path: Path) -> None:
    from include.privacy import exports

    her = KEYS.email_hash(HER)
    full = tmp_path / "a.csv"
    for before in (0, 1, 2, 3):
        people = [KEYS.email_hash(str(number)) for number in range(before)]
        (tmp_path / "a.people").write_text("".join(f"{one}\n" for one in [*people, her, *people]))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(exports, "_BYTES_AT_A_TIME", 70)
            assert exports._among(full, [her, KEYS.email_hash("nobody")]) == {her}
