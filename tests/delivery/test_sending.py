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
from tests.delivery.test_delivering import Shelf
from tests.suppressions.addresses import DAY, NOW, rows

CURRENT = [f"{name}.csv" for name in ("old", "new", "plain", "klaviyo", "gone", "hers", "later")]


def segment(*destinations: str, profiles: tuple[str, ...] = ("generic_csv",)) -> Any:
    contract = SimpleNamespace(destinations=("export_root", *destinations), profiles=profiles)
    return SimpleNamespace(name="champions", contract=contract)


def exported(engine: Engine, root: Path, name: str, *, days: int = 0, profile: str = "generic_csv") -> None:
    """An export of two files that is not delivered yet."""
    folder = root / "champions"
    folder.mkdir(exist_ok=True)
    files = [(f"{name}.csv", "full"), (f"{name}-added.csv", "added")]
    for file, _ in files:
        (folder / file).write_text(f"email\n{file}@example.com\n")
    (folder / f"{name}.manifest.json").write_text("{}")
    with engine.begin() as connection:
        number = connection.execute(
            text(
                "insert into marketing.exports (segment_name, file_name, profile, row_count, byte_count, sha256,"
                " definition_hash, manifest_json, exported_at, checked_at)"
                " values ('champions', :file, :profile, 1, 1, 'x', 'x', '{}', :at, :at) returning export_id"
            ),
            {"file": f"{name}.csv", "profile": profile, "at": NOW + days * DAY},
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
