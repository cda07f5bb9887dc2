from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.delivery.delivering import Delivered
from include.delivery.sending import Sender
from include.delivery.whereabouts import delivered_files
from include.errors import ConfigError, TransientError
from include.suppressions.suppressing import OptOut, suppress
from tests.delivery.test_delivering import Shelf
from tests.suppressions.addresses import DAY, KEYS, NOW, rows

CURRENT = [f"{name}.csv" for name in ("old", "new", "plain", "klaviyo", "gone", "hers", "later")]


def segment(
    *destinations: str,
    profiles: tuple[str, ...] = ("generic_csv",),
    is_exported: bool = True,
    definition: str = "x",
) -> Any:
    contract = SimpleNamespace(
        destinations=("export_root", *destinations), profiles=profiles, is_exported=is_exported
    )
    return SimpleNamespace(name="champions", contract=contract, table=SimpleNamespace(basis_hash=definition))


def exported(
    engine: Engine,
    root: Path,
    name: str,
    *,
    days: int = 0,
    profile: str = "generic_csv",
    channel: str = "main",
    people: str = "",
    suppressed: str | None = None,
) -> None:
    """An export of two files, or three, that is not delivered yet."""
    folder = root / "champions"
    (folder / "suppression").mkdir(exist_ok=True, parents=True)
    files = [(f"{name}.csv", "full"), (f"{name}-added.csv", "added")]
    if suppressed is not None:
        files.append((f"suppression/{name}-suppression.csv", "suppression"))
        (folder / "suppression" / f"{name}-suppression.people").write_text(suppressed)
    for file, _ in files:
        (folder / file).write_text(f"email\n{file}@example.com\n")
    (folder / f"{name}.manifest.json").write_text("{}")
    (folder / f"{name}.people").write_text(people)
    with engine.begin() as connection:
        number = connection.execute(
            text(
                "insert into marketing.exports (segment_name, file_name, profile, row_count, byte_count, sha256,"
                " definition_hash, manifest_json, exported_at, checked_at, published_at, channel_code)"
                " values ('champions', :file, :profile, 1, 1, 'x', 'x', '{}', :at, :at, :at, :channel)"
                " returning export_id"
            ),
            {"file": f"{name}.csv", "profile": profile, "at": NOW + days * DAY, "channel": channel},
        ).scalar_one()
        for file, kind in files:
            connection.execute(
                text(
                    "insert into marketing.export_files"
                    " (export_id, file_name, kind, part_number, row_count, byte_count, sha256)"
                    " values (:number, :file, :kind, 1, 1, 1, 'x')"
                ),
                {"number": number, "file": file, "kind": kind},
            )


def sender(engine: Engine, root: Path, **places: Any) -> Sender:
    def open_place(name: str) -> Any:
        if isinstance(places[name], Exception):
            raise places[name]
        return places[name]

    return Sender(engine=engine, root=root, open_place=open_place, clock=lambda: NOW)


def undelivered(engine: Engine) -> list[str]:
    statement = "select file_name from marketing.exports where delivered_at is null order by 1"
    return [row[0] for row in rows(engine, statement)]


def test_the_newest_export_goes_everywhere_and_counts_as_delivered(database: Engine, tmp_path: Path) -> None:
    exported(database, tmp_path, "old")
    exported(database, tmp_path, "new", days=1)
    tool, other = Shelf(), Shelf()
    sent = sender(database, tmp_path, tool=tool, other=other).send(segment("tool", "other"), CURRENT)
    assert tool.got == other.got == ["new.csv", "new-added.csv", "new.manifest.json"]
    assert sent["tool"].file_count == 3
    assert undelivered(database) == ["old.csv"]
    assert sender(database, tmp_path).send(segment("tool", "other"), CURRENT) == {}


def test_each_profile_has_its_files(database: Engine, tmp_path: Path) -> None:
    exported(database, tmp_path, "plain")
    exported(database, tmp_path, "klaviyo", profile="klaviyo")
    exported(database, tmp_path, "gone", profile="hubspot")
    tool = Shelf()
    sender(database, tmp_path, tool=tool).send(segment("tool", profiles=("generic_csv", "klaviyo")), CURRENT)
    assert [name for name in tool.got if name.endswith("json")] == [
        "plain.manifest.json",
        "klaviyo.manifest.json",
    ]


def test_one_destination_that_fails_keeps_nothing_from_the_others_and_is_tried_again(
    database: Engine, tmp_path: Path
) -> None:
    exported(database, tmp_path, "new")
    broken, tool = Shelf(breaks_at="new-added.csv"), Shelf()
    with pytest.raises(TransientError):
        sender(database, tmp_path, broken=broken, tool=tool).send(segment("broken", "tool"), CURRENT)
    assert (len(tool.got), undelivered(database)) == (3, ["new.csv"])
    mended, unused = Shelf(), Shelf()
    sent = sender(database, tmp_path, broken=mended, tool=unused).send(segment("broken", "tool"), CURRENT)
    assert (mended.got, unused.got) == (["new-added.csv", "new.manifest.json"], [])
    assert (sent["tool"], undelivered(database)) == (Delivered(file_count=0, byte_count=0), [])


def test_a_connection_that_is_missing_is_said_after_the_others_were_served(
    database: Engine, tmp_path: Path
) -> None:
    exported(database, tmp_path, "new")
    tool = Shelf()
    missing = ConfigError("The connection nowhere does not exist.")
    with pytest.raises(ConfigError, match="nowhere does not exist"):
        sender(database, tmp_path, nowhere=missing, tool=tool).send(segment("nowhere", "tool"), CURRENT)
    assert len(tool.got) == 3


def test_after_an_erasure_it_is_known_who_has_the_files(database: Engine, tmp_path: Path) -> None:
    exported(database, tmp_path, "hers")
    sender(database, tmp_path, tool=Shelf(), other=Shelf()).send(segment("tool", "other"), CURRENT)
    exported(database, tmp_path, "later", days=1)
    sender(database, tmp_path, tool=Shelf()).send(segment("tool"), CURRENT)
    with database.connect() as connection:
        found = delivered_files(connection, ["hers.csv"])
    assert found == [(to, name) for to in ("other", "tool") for name in ("hers-added.csv", "hers.csv")]


def test_an_export_that_was_not_found_true_just_now_stays_where_it_is(
    database: Engine, tmp_path: Path
) -> None:
    exported(database, tmp_path, "held")
    tool = Shelf()
    assert sender(database, tmp_path, tool=tool).send(segment("tool"), []) == {}
    assert tool.got == []
    assert undelivered(database) == ["held.csv"]


def test_each_shop_has_its_files(database: Engine, tmp_path: Path) -> None:
    exported(database, tmp_path, "plain")
    exported(database, tmp_path, "new", channel="uk")
    tool = Shelf()
    sender(database, tmp_path, tool=tool).send(segment("tool"), CURRENT)
    assert [name for name in tool.got if name.endswith("json")] == [
        "plain.manifest.json",
        "new.manifest.json",
    ]


def test_who_must_not_be_written_to_goes_first(database: Engine, tmp_path: Path) -> None:
    exported(database, tmp_path, "new", suppressed="")
    tool = Shelf()
    sender(database, tmp_path, tool=tool).send(segment("tool"), CURRENT)
    assert tool.got == ["suppression/new-suppression.csv", "new.csv", "new-added.csv", "new.manifest.json"]


@pytest.mark.parametrize("changed", [{"is_exported": False}, {"definition": "another"}])
def test_what_the_segment_does_not_say_any_more_is_not_sent(
    database: Engine, tmp_path: Path, changed: dict[str, Any]
) -> None:
    exported(database, tmp_path, "new")
    tool = Shelf()
    assert sender(database, tmp_path, tool=tool).send(segment("tool", **changed), CURRENT) == {}
    assert (tool.got, undelivered(database)) == ([], ["new.csv"])


HERS = KEYS.email_hash("ada@example.com")


def say_no(engine: Engine, *, scope: str = "main") -> None:
    with engine.begin() as connection:
        suppress(connection, [OptOut(HERS, "complained", NOW)], source="person", now=NOW, scope=scope)


@pytest.mark.parametrize(("scope", "goes"), [("main", False), ("*", False), ("uk", True)])
def test_files_with_somebody_who_said_no_since_they_were_written_are_not_sent(
    database: Engine, tmp_path: Path, scope: str, goes: bool
) -> None:
    others = "".join(f"{KEYS.email_hash(f'{n}@example.com')}\n" for n in range(5))
    exported(database, tmp_path, "new", people=f"{others}{HERS}\n")
    exported(database, tmp_path, "plain", channel="uk", people=others)
    say_no(database, scope=scope)
    tool = Shelf()
    sender(database, tmp_path, tool=tool).send(segment("tool"), CURRENT)
    assert ("new.csv" in tool.got, "plain.csv" in tool.got) == (goes, True)


@pytest.mark.parametrize(("erased", "goes"), [(False, True), (True, False)])
def test_a_file_may_say_who_is_suppressed_but_not_who_is_erased(
    database: Engine, tmp_path: Path, erased: bool, goes: bool
) -> None:
    exported(database, tmp_path, "new", suppressed=f"{HERS}\n")
    say_no(database)
    if erased:
        with database.begin() as connection:
            connection.execute(text("insert into ops.erasures (email_hash) values (:hers)"), {"hers": HERS})
    tool = Shelf()
    sender(database, tmp_path, tool=tool).send(segment("tool"), CURRENT)
    assert bool(tool.got) == goes


def test_files_of_which_nobody_knows_who_is_in_them_are_not_sent(database: Engine, tmp_path: Path) -> None:
    exported(database, tmp_path, "new")
    (tmp_path / "champions" / "new.people").unlink()
    tool = Shelf()
    with pytest.raises(ConfigError, match=r"Who is in new\.csv stands nowhere any more"):
        sender(database, tmp_path, tool=tool).send(segment("tool"), CURRENT)
    assert tool.got == []
