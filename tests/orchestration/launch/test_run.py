from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.errors import ConfigError
from include.orchestration.launch.run import Step, check_channels, main, told
from include.settings import Settings

GOOD = {
    "name": "A shop",
    "kind": "magento1",
    "timezone": "Europe/Berlin",
    "reporting_currency": "EUR",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"CRM_DATA_DIR": str(tmp_path), "CRM_CHANNELS_DIR": str(tmp_path)})


def add(settings: Settings, code: str, **changes: Any) -> None:
    text = yaml.safe_dump(GOOD | {"code": code, "connection_id": code} | changes)
    (settings.channels_dir / f"{code}.yml").write_text(text)


def step(*sentences: str, is_success: bool = False) -> Step:
    return Step(dag_id="sync_orders", is_success=is_success, sentences=sentences, seconds=1.25)


def screen_of(*steps: Step, heard: set[str] | None = None) -> list[str]:
    screen, known = io.StringIO(), heard if heard is not None else set()
    for one in steps:
        told(one, screen, known)
    return screen.getvalue().splitlines()


def test_a_step_is_one_line_and_a_failed_one_says_why() -> None:
    lines = screen_of(
        step(is_success=True), step("The key is wrong: correct it.", "The store is down: run again.")
    )
    assert [line.split() for line in lines[:2]] == [
        ["sync_orders", "done", "1.2", "s"],
        ["sync_orders", "FAILED", "1.2", "s"],
    ]
    assert lines[2:] == ["  The key is wrong: correct it.", "  The store is down: run again."]


def test_a_reason_is_told_once_for_all_dags() -> None:
    heard = {"Channel file a.yml is refused."}
    lines = screen_of(step("Channel file a.yml is refused.", "New."), step("New."), heard=heard)
    assert [line for line in lines if line.startswith("  ")] == ["  New.", "  For the reason above."]


def test_a_failure_without_a_sentence_points_to_the_log() -> None:
    assert screen_of(step())[1] == "  An unexpected error: see the log."


def test_a_successful_step_keeps_its_sentences_to_itself() -> None:
    assert len(screen_of(step("A try that was mended.", is_success=True))) == 1


def test_refused_files_are_told_before_the_others_run(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    add(settings, "good")
    add(settings, "broken", timezone="Berlin")
    heard = check_channels(settings, None)
    (sentence,) = heard
    assert capsys.readouterr().err == f"{sentence}\n"
    assert sentence.startswith("Channel file broken.yml is refused: timezone")


def test_refused_files_of_others_do_not_concern_who_asks_for_one(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    add(settings, "good")
    add(settings, "broken", timezone="Berlin")
    assert check_channels(settings, "good") == set()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("channel", "entity", "sentence"),
    [
        ("nope", None, "There is no channel 'nope'; known are good, narrow"),
        ("broken", None, "Channel file broken.yml is refused"),
        (
            "closed",
            None,
            "Channel closed is not active, so nothing is read from its store: write `active: true`",
        ),
        (
            "narrow",
            "orders",
            "Channel narrow does not sync orders: add it to `entities` in its file",
        ),
    ],
)
def test_a_channel_that_cannot_run_is_one_sentence(
    settings: Settings, channel: str, entity: str | None, sentence: str
) -> None:
    add(settings, "good")
    add(settings, "broken", timezone="Berlin")
    add(settings, "narrow", entities=["customers"])
    if channel == "closed":
        add(settings, "closed", active=False)
    with pytest.raises(ConfigError) as caught:
        check_channels(settings, channel, entity)
    assert str(caught.value).startswith(sentence)


def test_a_folder_without_active_channels_runs_nothing(settings: Settings) -> None:
    add(settings, "closed", active=False)
    with pytest.raises(ConfigError, match="There is no channel to run: put the file of an active channel"):
        check_channels(settings, None)


@pytest.mark.parametrize("narrowed", [[], ["--channel", "us"], ["--entity", "orders"]])
def test_single_records_are_those_of_one_entity_of_one_channel(
    narrowed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--ids", "5", *narrowed]) == 1
    assert "give CHANNEL= and ENTITY= as well" in capsys.readouterr().err
