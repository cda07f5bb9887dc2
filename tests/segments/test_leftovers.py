from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from include.reports.contract_file import Refusal
from include.segments.export import Export
from include.segments.leftovers import delete_left_over, left_over
from include.segments.loading import Segment, SegmentSet
from tests.segments.exporting import Shop, add_person, change, make_segment, manifest
from tests.sql.sample_warehouse import add_rows


@pytest.fixture
def shop(warehouse: Engine, tmp_path: Path) -> Shop:
    for channel in ("main", "uk"):
        add_rows(warehouse, {"ops.channels": [{"channel_code": channel}]})
        add_person(warehouse, 1, "a@example.com", channel=channel)
    return Shop(warehouse, tmp_path / "exports")


def files(shop: Shop) -> set[str]:
    """Channel and profile of the full files that are there."""
    found = Path(str(shop.root)) / "everybody"
    return {"-".join(path.name.split("-")[1:3]) for path in found.iterdir() if path.suffix == ".csv"}


def latest(shop: Shop) -> object:
    return json.loads((Path(str(shop.root)) / "everybody" / "latest.json").read_text())


def tidy(shop: Shop, *segments: Segment, refused: tuple[Refusal, ...] = ()) -> int:
    found = SegmentSet({segment.name: segment for segment in segments}, refused)
    rows = left_over(shop.engine, found, shop.at)
    delete_left_over(shop.engine, shop.root, rows, shop.at)
    return len(rows)


def test_what_is_still_written_stays(shop: Shop) -> None:
    shop.export(make_segment())
    assert tidy(shop, make_segment()) == 0
    assert files(shop) == {"generic_csv-main", "generic_csv-uk"}


def test_a_segment_that_is_no_more_leaves_no_files_and_names_none(shop: Shop) -> None:
    shop.export(make_segment(profiles=["klaviyo"]))
    assert tidy(shop) == 2
    assert (files(shop), latest(shop)) == (set(), {})
    assert tidy(shop) == 0


def test_a_folder_that_is_refused_keeps_its_files(shop: Shop) -> None:
    shop.export(make_segment())
    refused = Refusal(name="everybody", file="segment.yml", problem="is broken", mend="mend it")
    assert tidy(shop, refused=(refused,)) == 0


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        ({"profiles": ["klaviyo"]}, {"klaviyo-main", "klaviyo-uk"}),
        ({"channels": ["uk"], "profiles": ["generic_csv", "klaviyo"]}, {"generic_csv-uk", "klaviyo-uk"}),
        ({"consent": "never_exported"}, set()),
    ],
)
def test_profiles_and_channels_that_are_gone_and_what_must_not_leave_any_more_go(
    shop: Shop, now: dict[str, object], kept: set[str]
) -> None:
    shop.export(make_segment(profiles=["generic_csv", "klaviyo"]))
    segment = make_segment(**now)
    current: tuple[Export, ...] = shop.export(segment)
    # Readers are told of nothing else at once, whenever the files are deleted.
    told: dict[str, dict[str, object]] = {}
    for export in current:
        told.setdefault(export.channel_code, {})[export.profile] = manifest(export)
    assert latest(shop) == told
    tidy(shop, segment)
    assert (files(shop), latest(shop)) == (kept, told)


def test_a_channel_that_is_not_active_any_more_leaves_no_files(shop: Shop) -> None:
    shop.export(make_segment())
    change(shop.engine, "update ops.channels set is_active = false where channel_code = 'uk'")
    tidy(shop, make_segment())
    assert files(shop) == {"generic_csv-main"}


def test_files_of_before_channels_were_kept_apart_go(shop: Shop) -> None:
    shop.export(make_segment())
    change(shop.engine, "update marketing.exports set channel_code = null where channel_code = 'uk'")
    tidy(shop, make_segment())
    assert files(shop) == {"generic_csv-main"}


def test_what_a_killed_run_left_goes_when_it_cannot_be_running_any_more(shop: Shop) -> None:
    shop.export(make_segment())
    change(shop.engine, "update marketing.exports set published_at = null where channel_code = 'uk'")
    assert tidy(shop, make_segment()) == 0
    shop.at += timedelta(days=2)
    assert tidy(shop, make_segment()) == 1
    assert files(shop) == {"generic_csv-main"}
