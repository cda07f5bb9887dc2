from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from include.errors import ConfigError
from include.segments.export import Exporter
from include.segments.export_record import note_delivered
from include.segments.profiles.hashing import sha256
from include.segments.refresh import refresh_segment
from include.segments.sizes import Size, UnexpectedSize
from include.settings import PROJECT_ROOT
from include.suppressions.suppressing import opt_out_of, suppress
from tests.segments.exporting import (
    KEYS,
    NOW,
    QUARTER,
    Shop,
    add_person,
    change,
    content,
    emails,
    make_segment,
    manifest,
    read,
    rows,
)
from tests.sql.sample_warehouse import add_rows, rows_of

STEM = "everybody-generic_csv-main-20261122T060000Z"


@pytest.fixture
def shop(warehouse: Engine, tmp_path: Path) -> Shop:
    add_rows(warehouse, {"ops.channels": [{"channel_code": "main"}]})
    return Shop(warehouse, tmp_path / "exports")


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "everybody").iterdir())


def test_file_holds_what_spreadsheets_and_tools_read_unchanged(shop: Shop) -> None:
    add_person(shop.engine, 2, "zoë@example.com", first_name='Zoë "Z", jr', last_name="Łódź\nnew line")
    add_person(shop.engine, 1, "a@example.com", first_name=None, tax_number="123")

    [export] = shop.export(make_segment())

    first, second = rows(export)
    assert (second["first_name"], second["last_name"]) == ('Zoë "Z", jr', "Łódź\nnew line")
    assert list(first.items()) == [
        ("segment", "everybody"),
        ("campaign_code", "everybody"),
        ("channel_code", "main"),
        ("account_key", "main:1"),
        ("email", "a@example.com"),
        ("first_name", ""),
        ("last_name", ""),
        ("number_length", "3"),
        ("consent_state", "subscribed"),
        ("consent_source", "newsletter"),
        ("consent_store_key", ""),
        ("consent_at", "2026-11-22T06:00:00Z"),
    ]
    assert content(export.file).count(b"\r\n") == 3


def test_manifest_says_what_became_of_every_member(shop: Shop) -> None:
    for number, (email, status) in enumerate(
        [
            ("in@example.com", "subscribed"),
            ("IN@example.com", None),
            ("out@example.com", "unsubscribed"),
            ("never@example.com", None),
            ("waits@example.com", "unconfirmed"),
            ("bounced@example.com", "subscribed"),
            ("no address", "subscribed"),
            (None, None),
        ]
    ):
        add_person(shop.engine, number, email, status, first_name="=1+1")
    shop.suppress("bounced@example.com")

    [export] = shop.export(make_segment(profiles=["klaviyo"]))

    told = manifest(export)
    assert told["counts"] == {
        "members": 8,
        "without_address": 1,
        "without_consent": 3,
        "held_out": 0,
        "suppressed": 1,
        "invalid": 1,
        "doubled": 1,
        "exported": 1,
    }
    assert emails(export) == ["in@example.com"]
    assert told["rows"] == 1
    written = content(export.file)
    assert (told["sha256"], told["bytes"]) == (hashlib.sha256(written).hexdigest(), len(written))
    assert (told["file"], told["neutralised_cells"]) == (export.file.name, 1)
    assert [column["name"] for column in told["columns"]] == list(rows(export)[0])
    assert [column["name"] for column in told["columns"] if column["is_personal"]] == [
        "Email",
        "First Name",
        "Last Name",
    ]
    assert "in@example.com" not in json.dumps(told)
    [kept] = rows_of(shop.engine, "select * from marketing.exports")
    assert (kept["row_count"], kept["without_consent_count"], kept["doubled_count"]) == (1, 3, 1)
    assert (kept["consent_basis"], kept["profile_rules"], kept["delivered_at"]) == (
        "newsletter",
        "2026-11",
        NOW,
    )
    files = rows_of(shop.engine, "select kind, row_count from marketing.export_files order by kind")
    assert files == [{"kind": "full", "row_count": 1}, {"kind": "suppression", "row_count": 2}]


def test_where_nobody_has_to_be_asked_those_who_said_no_are_left_out_all_the_same(shop: Shop) -> None:
    add_person(shop.engine, 1, "never@example.com", None)
    add_person(shop.engine, 2, "out@example.com", "unsubscribed")

    [export] = shop.export(make_segment(consent="none", consent_reason="A question about an order."))

    assert emails(export) == ["never@example.com"]


def test_segment_that_is_never_exported_has_no_files(shop: Shop, tmp_path: Path) -> None:
    add_person(shop.engine, 1, "a@example.com")

    assert shop.export(make_segment(consent="never_exported")) == ()

    assert not (tmp_path / "exports").exists()


def test_held_out_share_is_no_ones_campaign_under_any_of_their_accounts(shop: Shop) -> None:
    for number in range(80):
        add_person(shop.engine, number, f"{number % 40}@example.com")

    [export] = shop.export(make_segment(hold_out_pct=30))

    statement = (
        "select distinct email_normalised as email from crm.customers"
        " where marketing.is_held_out('everybody', email_normalised, 30)"
    )
    out = {row["email"] for row in rows_of(shop.engine, statement)}
    assert 5 < len(out) < 35
    assert sorted(emails(export)) == sorted({f"{n}@example.com" for n in range(40)} - out)
    counts = manifest(export)["counts"]
    assert counts["held_out"] == 2 * len(out)
    assert counts["doubled"] == counts["exported"] == 40 - len(out)


def test_whoever_said_no_is_found_under_no_other_address_of_the_mailbox(shop: Shop) -> None:
    for number, email in enumerate(
        ("jane.doe@gmail.com", "max.m@gmail.com", "o.k@gmail.com", "eve@gmail.com")
    ):
        add_person(shop.engine, number, email)
    add_person(shop.engine, 5, "janedoe+shop@gmail.com", "unsubscribed")
    with shop.engine.begin() as connection:
        said_no = [
            opt_out_of(KEYS, email, "complained", None) for email in ("ma.xm+1@gmail.com", "e.ve@gmail.com")
        ]
        suppress(connection, said_no, source="klaviyo", now=NOW)

    google, klaviyo = shop.export(make_segment(profiles=["google_customer_match", "klaviyo"]))

    assert [row["Email"] for row in rows(google)] == [sha256("ok@gmail.com")]
    assert manifest(google)["counts"]["suppressed"] == 3
    # To a mail tool they are different people: nobody said no there under these addresses.
    assert len(rows(klaviyo)) == 4


def test_files_are_private_and_nothing_unfinished_is_left(shop: Shop, tmp_path: Path) -> None:
    shop.export(make_segment())
    folder = tmp_path / "exports" / "everybody"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        f"{STEM}.csv": 0o600,
        f"{STEM}.people": 0o600,
        f"{STEM}.manifest.json": 0o600,
        "latest.json": 0o600,
    }


def test_warehouse_says_why_somebody_is_in_a_platforms_file(shop: Shop) -> None:
    add_person(shop.engine, 1, "A@example.com")
    [export] = shop.export(make_segment(profiles=["meta_custom_audience"]))
    readme = PROJECT_ROOT / "include" / "segments" / "profiles" / "README.md"
    query = readme.read_text("utf-8").split("```sql")[1].split("```")[0]

    [why] = rows_of(shop.engine, query, address="a@example.com")

    assert (why["file_name"], why["segment_name"]) == (export.file.name, "everybody")
    assert (why["consent_basis"], why["consent_state"], why["consent_source"]) == (
        "newsletter",
        "subscribed",
        "newsletter",
    )


def test_empty_segment_still_has_its_header(shop: Shop) -> None:
    [export] = shop.export(make_segment())

    assert (rows(export), export.row_count) == ([], 0)
    assert content(export.file).startswith(b"segment,campaign_code,channel_code,account_key,email")


def test_who_is_in_a_file_stands_beside_it_as_keyed_hashes_line_by_line(shop: Shop, tmp_path: Path) -> None:
    for number, email in enumerate(["b@example.com", "A@example.com"]):
        add_person(shop.engine, number, email)

    [export] = shop.export(make_segment())

    people = (tmp_path / "exports" / "everybody" / f"{STEM}.people").read_text().split()
    assert people == [KEYS.email_hash("b@example.com"), KEYS.email_hash("a@example.com")]
    assert not [path for path in export.paths if path.name.endswith(".people")]


def test_large_file_is_split_and_every_part_has_its_header(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    from include.segments.profiles.registry import PROFILES

    small = dataclasses.replace(PROFILES["hubspot"], max_rows=2, max_bytes=100_000)
    monkeypatch.setitem(PROFILES, "hubspot", small)
    for number in range(5):
        add_person(shop.engine, number, f"{number}@example.com")

    [export] = shop.export(make_segment(profiles=["hubspot"]))

    assert [(file.part_number, file.row_count) for file in export.files] == [(1, 2), (2, 2), (3, 1)]
    assert [file.name.removeprefix("everybody-hubspot-main-20261122T060000Z") for file in export.files] == [
        ".csv",
        "-part2.csv",
        "-part3.csv",
    ]
    assert emails(export) == [f"{number}@example.com" for number in range(5)]
    change(shop.engine, "delete from crm.newsletter_subscribers where newsletter_subscriber_key = 'main:4'")
    [second] = shop.export(make_segment(profiles=["hubspot"]))
    assert (emails(second, "added"), emails(second, "removed")) == ([], ["4@example.com"])


def test_first_export_has_nothing_to_be_told_apart_from(shop: Shop) -> None:
    add_person(shop.engine, 1, "a@example.com")

    [export] = shop.export(make_segment())

    assert ([file.kind for file in export.files], manifest(export)["since"]) == (["full"], None)


def test_added_holds_new_and_changed_rows_and_removed_who_is_gone(shop: Shop) -> None:
    segment = make_segment(profiles=["klaviyo"])
    for number in range(4):
        add_person(shop.engine, number, f"{number}@example.com", first_name="Old")
    [first] = shop.export(segment)
    change(shop.engine, "update crm.customers set first_name = 'New' where customer_key = 'main:1'")
    change(shop.engine, "update crm.customers set is_guest = true where customer_key = 'main:2'")
    change(
        shop.engine,
        "update crm.newsletter_subscribers set status = 'unsubscribed' where newsletter_subscriber_key = 'main:3'",
    )
    add_person(shop.engine, 9, "9@example.com")

    [second] = shop.export(segment)

    assert emails(second, "added") == ["1@example.com", "9@example.com"]
    assert rows(second, "removed") == [{"Email": "2@example.com"}, {"Email": "3@example.com"}]
    assert rows(second, "suppression") == [{"Email": "3@example.com"}]
    assert manifest(second)["since"] == first.file.name
    kept = rows_of(
        shop.engine, "select added_count, removed_count from marketing.exports order by exported_at"
    )
    assert kept[1] == {"added_count": 2, "removed_count": 2}


def test_erased_person_is_named_in_no_new_file_and_the_old_one_is_replaced(shop: Shop) -> None:
    segment = make_segment(profiles=["klaviyo"])
    add_person(shop.engine, 1, "gone@example.com")
    add_person(shop.engine, 2, "stays@example.com")
    shop.export(segment)
    change(
        shop.engine,
        "insert into ops.erasures (email_hash, erased_at) values (:hash, now())",
        hash=KEYS.email_hash("gone@example.com"),
    )
    change(
        shop.engine,
        "update crm.newsletter_subscribers set email_normalised = null where status is not null "
        "and newsletter_subscriber_key = 'main:1'",
    )
    change(
        shop.engine,
        "update crm.customers set email = null, email_normalised = null where customer_key = 'main:1'",
    )

    [second] = shop.export(segment)

    assert second.is_new
    assert [file.kind for file in second.files] == ["full"]
    assert emails(second) == ["stays@example.com"]


def test_difference_is_told_to_what_was_delivered_last(shop: Shop) -> None:
    segment = make_segment(destinations=["export_root", "shop_sftp"])
    add_person(shop.engine, 1, "1@example.com")
    [first] = shop.export(segment)
    note_delivered(shop.engine, first.export_id, NOW)
    for number in (2, 3):
        add_person(shop.engine, number, f"{number}@example.com")
        [export] = shop.export(segment)

    assert (first.delivered_at, export.delivered_at) == (None, None)
    assert emails(export, "added") == ["2@example.com", "3@example.com"]
    assert manifest(export)["since"] == first.file.name
    [again] = shop.export(segment)
    assert (again.is_new, again.delivered_at, again.file) == (False, None, export.file)


def test_whoever_came_with_a_file_that_only_some_have_is_removed_from_the_next(shop: Shop) -> None:
    """The export folder has every file at once, and so may any destination but one."""
    segment = make_segment(destinations=["export_root", "shop_sftp"], profiles=["klaviyo"])
    add_person(shop.engine, 1, "1@example.com", first_name="Old")
    [first] = shop.export(segment)
    note_delivered(shop.engine, first.export_id, NOW)
    add_person(shop.engine, 2, "2@example.com")
    change(shop.engine, "update crm.customers set first_name = 'New' where customer_key = 'main:1'")
    shop.export(segment)
    change(shop.engine, "update crm.customers set is_guest = true where customer_key = 'main:2'")
    change(shop.engine, "update crm.customers set first_name = 'Old' where customer_key = 'main:1'")

    [third] = shop.export(segment)

    assert rows(third, "removed") == [{"Email": "2@example.com"}]
    assert emails(third, "added") == ["1@example.com"]  # as it was delivered, but not as some have it
    add_person(shop.engine, 3, "3@example.com")
    [fourth] = shop.export(segment)
    assert rows(fourth, "removed") == [{"Email": "2@example.com"}]
    note_delivered(shop.engine, fourth.export_id, NOW)
    add_person(shop.engine, 4, "4@example.com")
    [fifth] = shop.export(segment)
    assert (emails(fifth, "added"), rows(fifth, "removed")) == (["4@example.com"], [])


def test_who_has_the_first_file_before_all_others_do_is_told_whom_to_remove(shop: Shop) -> None:
    segment = make_segment(destinations=["export_root", "shop_sftp"], profiles=["klaviyo"])
    add_person(shop.engine, 1, "1@example.com")
    shop.export(segment)
    change(shop.engine, "update crm.customers set is_guest = true")
    add_person(shop.engine, 2, "2@example.com")

    [second] = shop.export(segment)

    assert (emails(second), rows(second, "removed")) == (["2@example.com"], [{"Email": "1@example.com"}])
    assert (manifest(second)["since"], rows(second, "added")) == (None, [])


def test_removal_is_told_though_the_delivered_file_was_deleted_as_old(shop: Shop) -> None:
    segment = make_segment(destinations=["export_root", "shop_sftp"], profiles=["klaviyo"], keep_files=1)
    add_person(shop.engine, 1, "1@example.com")
    add_person(shop.engine, 2, "2@example.com")
    [first] = shop.export(segment)
    note_delivered(shop.engine, first.export_id, NOW)
    add_person(shop.engine, 3, "3@example.com")
    shop.export(segment)
    assert not first.file.exists()
    change(shop.engine, "update crm.customers set is_guest = true where customer_key in ('main:2', 'main:3')")

    [third] = shop.export(segment)

    assert manifest(third)["since"] == first.file.name
    assert rows(third, "removed") == [{"Email": "2@example.com"}, {"Email": "3@example.com"}]


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_where_the_last_file_is_not_as_it_was_the_list_is_to_be_replaced_by_everybody(
    shop: Shop, harm: str
) -> None:
    segment = make_segment(destinations=["export_root", "shop_sftp"])
    add_person(shop.engine, 1, "1@example.com")
    [first] = shop.export(segment)
    note_delivered(shop.engine, first.export_id, NOW)
    file = Path(str(first.file))
    file.write_text("saved by a spreadsheet") if harm == "changed" else file.unlink()
    add_person(shop.engine, 2, "2@example.com")

    [second] = shop.export(segment)

    told = manifest(second)
    assert ([file.kind for file in second.files], told["since"], told["replace_list"]) == (
        ["full"],
        None,
        True,
    )
    assert told["warnings"][0].startswith("Replace the list by this file")
    add_person(shop.engine, 3, "3@example.com")
    [third] = shop.export(segment)
    assert manifest(third)["replace_list"]  # nobody is sure to have replaced it
    note_delivered(shop.engine, third.export_id, NOW)
    add_person(shop.engine, 4, "4@example.com")
    [fourth] = shop.export(segment)
    assert (manifest(fourth)["replace_list"], manifest(fourth)["since"]) == (False, third.file.name)


def test_files_of_before_channels_were_kept_apart_are_to_be_replaced(shop: Shop) -> None:
    add_person(shop.engine, 1, "1@example.com")
    shop.export(make_segment())
    change(shop.engine, "update marketing.exports set channel_code = null")

    [export] = shop.export(make_segment())

    assert (export.is_new, manifest(export)["replace_list"]) == (True, True)


def test_another_column_makes_every_row_a_new_one(shop: Shop) -> None:
    add_person(shop.engine, 1, "1@example.com")
    shop.export(make_segment(personal_columns=["email", "first_name"], profiles=["klaviyo"]))

    [second] = shop.export(make_segment(personal_columns=["email", "last_name"], profiles=["klaviyo"]))

    assert emails(second, "added") == ["1@example.com"]


def test_a_file_is_known_to_the_warehouse_before_it_appears(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody could say who is in what a killed run left; and nobody is told of such files."""
    segment = make_segment(profiles=["klaviyo"])
    add_person(shop.engine, 1, "1@example.com")
    [first] = shop.export(segment)
    add_person(shop.engine, 2, "2@example.com")
    with monkeypatch.context() as patched:
        patched.setattr("include.segments.export.note_published", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shop.export(segment)

    known = rows_of(shop.engine, "select file_name, published_at from marketing.exports order by export_id")
    assert {row["file_name"] for row in known} >= {
        path.name for path in Path(str(first.folder)).iterdir() if path.name.endswith("Z.csv")
    }
    assert known[1]["published_at"] is None
    [third] = shop.export(segment)
    assert (third.is_new, emails(third, "added"), manifest(third)["since"]) == (
        True,
        ["2@example.com"],
        first.file.name,
    )


def test_what_must_not_be_imported_by_accident_lies_in_folders_of_its_own(shop: Shop) -> None:
    segment = make_segment(profiles=["klaviyo"])
    add_person(shop.engine, 1, "1@example.com")
    add_person(shop.engine, 2, "2@example.com")
    shop.export(segment)
    change(
        shop.engine,
        "update crm.newsletter_subscribers set status = 'unsubscribed'"
        " where newsletter_subscriber_key = 'main:1'",
    )

    [second] = shop.export(segment)

    stem = second.file.name.removesuffix(".csv")
    assert {file.kind: file.name for file in second.files} == {
        "full": f"{stem}.csv",
        "removed": f"removed/{stem}-removed.csv",
        "suppression": f"suppression/{stem}-suppression.csv",
    }
    for kind in ("removed", "suppression"):
        people = Path(str(second.folder)) / kind / f"{stem}-{kind}.people"
        assert people.read_text().split() == [KEYS.email_hash("1@example.com")]


def test_suppression_file_reaches_the_platform_though_the_members_are_the_same(shop: Shop) -> None:
    segment = make_segment(profiles=["mailchimp", "meta_custom_audience"])
    add_person(shop.engine, 1, "a@example.com")
    shop.export(segment)
    add_person(shop.engine, 2, "no.member@example.com", "unsubscribed", is_guest=True)

    mailchimp, meta = shop.export(segment)

    assert rows(mailchimp, "suppression") == [{"Email Address": "no.member@example.com"}]
    assert (mailchimp.is_new, meta.is_new) == (True, False)
    assert manifest(meta)["warnings"] == ["Meta Custom Audience works with lists of 100 people or more."]


def test_newsletter_list_is_looked_through_in_batches_however_long_it_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("include.segments.companion._AT_A_TIME", 2)
    for number in range(5):
        add_person(shop.engine, number, f"{number}@example.com", is_guest=True)
    asked: list[int] = []

    def suppressed(connection: Any, hashes: Any, channel: str, **of: Any) -> set[str]:
        asked.append(len(hashes))
        return set(hashes)

    segment = make_segment(profiles=["klaviyo"])
    refresh_segment(shop.engine, segment, now=NOW)
    exporter = Exporter(engine=shop.engine, root=shop.root, keys=KEYS, suppressed=suppressed)
    [export] = exporter.export(segment, now=NOW)

    assert asked == [2, 2, 1]
    assert len(rows(export, "suppression")) == 5


def test_each_shop_has_files_of_its_own_by_what_was_said_to_it(shop: Shop) -> None:
    """Consent is given to a shop: who said no in one must not be written to by it, whatever another may do."""
    add_rows(
        shop.engine, {"ops.channels": [{"channel_code": "uk"}, {"channel_code": "off", "is_active": False}]}
    )
    for channel, status in (("main", "subscribed"), ("uk", "unsubscribed"), ("off", "subscribed")):
        add_person(shop.engine, 1, "a@example.com", status, channel=channel)
        add_person(shop.engine, 2, "b@example.com", channel=channel)

    main, uk = shop.export(make_segment(profiles=["klaviyo"]))

    assert (main.file.name, uk.file.name) == (
        "everybody-klaviyo-main-20261122T060000Z.csv",
        "everybody-klaviyo-uk-20261122T060000Z.csv",
    )
    assert (emails(main), rows(main, "suppression")) == (["a@example.com", "b@example.com"], [])
    assert (emails(uk), rows(uk, "suppression")) == (["b@example.com"], [{"Email": "a@example.com"}])
    assert (manifest(uk)["channel"], manifest(uk)["counts"]["members"]) == ("uk", 2)
    [only] = shop.export(make_segment(profiles=["klaviyo"], channels=["uk"]))
    assert only.channel_code == "uk"


def test_unexpected_size_is_held_until_a_person_approves(shop: Shop, tmp_path: Path) -> None:
    segment = make_segment(expected_size={"minimum": 1, "maximum": 9})

    with pytest.raises(UnexpectedSize, match="has 0 members where 1 to 9 are expected") as held:
        shop.export(segment)

    assert held.value.sizes == (Size(what="members", count=0, minimum=1, maximum=9),)
    assert not (tmp_path / "exports").exists()
    [export] = shop.export(segment, may_go=True)
    assert export.is_new


def test_profile_that_cannot_be_made_leaves_no_files_of_the_others(shop: Shop, tmp_path: Path) -> None:
    segment = make_segment(personal_columns=["first_name"], profiles=["generic_csv", "klaviyo"])

    with pytest.raises(ConfigError, match="profile klaviyo, which needs email"):
        shop.export(segment)

    assert not (tmp_path / "exports").exists()


def test_segment_that_was_never_refreshed_is_not_exported(shop: Shop, tmp_path: Path) -> None:
    exporter = Exporter(engine=shop.engine, root=tmp_path, keys=KEYS)

    with pytest.raises(ConfigError, match="refresh it first"):
        exporter.export(make_segment(), now=NOW)


def test_interrupted_export_publishes_nothing(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "exports" / "everybody"
    folder.mkdir(parents=True)
    (folder / f"{STEM}.manifest.json").mkdir()  # what the last step cannot replace

    with pytest.raises(ConfigError, match="cannot be written"):
        shop.export(make_segment())

    assert not list(folder.glob(".*"))
    assert rows_of(shop.engine, "select from marketing.exports where published_at is not null") == []


def test_unwritable_root_is_named_with_the_mend(shop: Shop, tmp_path: Path) -> None:
    blocked = tmp_path / "a_file"
    blocked.write_text("")
    shop.root = blocked

    with pytest.raises(ConfigError, match="set CRM_EXPORT_URL to another place"):
        shop.export(make_segment())


def test_object_store_gets_the_same_bytes(shop: Shop, tmp_path: Path) -> None:
    upath = pytest.importorskip("upath")
    segment = make_segment()
    add_person(shop.engine, 1, "a@example.com")
    [local] = shop.export(segment)
    change(shop.engine, "delete from marketing.exports")
    stored_root: Any = upath.UPath("memory://bucket/exports")
    shop.root, shop.at = stored_root, NOW

    [stored] = shop.export(segment)

    assert content(stored.file) == content(local.file)
    assert sorted(path.name for path in (stored_root / "everybody").iterdir()) == names(tmp_path / "exports")
    add_person(shop.engine, 2, "b@example.com")
    [second] = shop.export(segment)
    assert read(second.folder / f"everybody-generic_csv-main-{NOW + QUARTER:%Y%m%dT%H%M%SZ}-added.csv")
