"""Reading channel files: each bad one is one sentence, and never breaks the others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.channels.loading import Refusal, get_channel, load_channels
from include.channels.model import Channel
from include.channels.parts import Settings
from include.errors import ConfigError

CHANNELS = Path(__file__).parents[2] / "include" / "channels"
GOOD = """\
code: {code}
name: Shop
kind: magento1
connection_id: magento_{code}
timezone: Europe/Berlin
reporting_currency: EUR
"""


def write(folder: Path, file: str, text: str | None = None, **settings: Any) -> None:
    """A channel file: the given text, or a good one for the file's stem with these settings replaced."""
    good = yaml.safe_load(GOOD.format(code=Path(file).stem)) | settings
    (folder / file).write_text(yaml.safe_dump(good) if text is None else text, encoding="utf-8")


def only_refusal(folder: Path) -> Refusal:
    """The refusal of the only bad file, beside which the good one must have been loaded."""
    write(folder, "good.yml")
    found = load_channels(folder)
    assert [channel.code for channel in found.channels] == ["good"]
    [refusal] = found.refused
    return refusal


def test_the_demo_channel_is_as_the_demo_store_needs_it() -> None:
    [demo] = load_channels(CHANNELS).channels
    assert (demo.code, demo.kind, demo.connection_id) == ("demo", "magento1", "magento_demo")
    assert (demo.timezone, demo.reporting_currency, demo.websites) == ("Europe/Berlin", "EUR", "all")
    assert load_channels(CHANNELS).refused == ()


def test_channels_come_in_the_order_of_their_codes(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", code="zz", connection_id="z")
    write(tmp_path, "b.yaml")
    assert [channel.code for channel in load_channels(tmp_path).channels] == ["b", "zz"]


def test_only_channel_files_are_looked_at(tmp_path: Path) -> None:
    write(tmp_path, ".#draft.yml", "not: [yaml")
    write(tmp_path, "notes.txt", "anything")
    (tmp_path / "older").mkdir()
    write(tmp_path / "older", "old.yml")
    found = load_channels(tmp_path)
    assert (found.channels, found.refused) == ((), ())


def test_entity_names_come_from_the_caller(tmp_path: Path) -> None:
    write(tmp_path, "us.yml", entities=["carts"])
    assert load_channels(tmp_path, ["customers", "carts"]).channels[0].entities == ("customers", "carts")
    assert load_channels(tmp_path, ["customers"]).refused[0].field == "entities"


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        ("", "the file", "is empty; write the channel's settings"),
        ("# only a comment\n", "the file", "is empty"),
        ("- code: us\n", "the file", "is not a list of settings"),
        ("just words", "the file", "is not a list of settings"),
        ("code: us\nname: [open\n", "the file", "is not valid YAML at line 3; mend that line"),
        ("code: us\n\tname: x\n", "the file", "is not valid YAML at line 2"),
        ("code: us\nname: a\ncode: uk\n", "code", "is given twice, at lines 1 and 3; keep one"),
        ("limits:\n  page_size: 1\n  page_size: 2\n", "page_size", "is given twice, at lines 2 and 3"),
        ("1: us\n", "the file", "has a setting at line 1 whose name is not text"),
        ("schedules: {yes: 1h}\n", "the file", "has a setting at line 1 whose name is not text"),
        ("[1]: us\n", "the file", "has a setting at line 1 whose name is not text"),
        ("code: !!bool maybe\n", "the file", "is not valid YAML"),
        ("code: !!timestamp never\n", "the file", "is not valid YAML"),
        ("code: !!python/object/apply:os.getcwd []\n", "the file", "is not valid YAML at line 1"),
        ("code: \x07\n", "the file", "is not valid YAML"),
        ("a: " + "[" * 20_000, "the file", "is not valid YAML"),
        ("code: *nowhere\n", "the file", "is not valid YAML at line 1"),
        ("--- {a: 1}\n--- {b: 2}\n", "the file", "is not valid YAML at line 2"),
        (
            GOOD.format(code="bad") + "sync_start_date: 2020-13-45\n",
            "sync_start_date",
            "write year-month-day",
        ),
        (
            GOOD.format(code="bad") + "time_zone: UTC\n",
            "time_zone",
            "is not a known setting; write timezone.",
        ),
        (GOOD.format(code="bad").replace("timezone", "timezon"), "timezon", "write timezone (1 more to mend"),
        (GOOD.format(code="bad") + "websites: &w [*w]\n", "websites", "is not the id of a website"),
        (GOOD.format(code="Bad"), "code", "write for example code: us."),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence(
    tmp_path: Path, text: str, field: str, sentence: str
) -> None:
    write(tmp_path, "bad.yml", text)
    refusal = only_refusal(tmp_path)
    assert (refusal.file, refusal.field) == ("bad.yml", field)
    assert refusal.sentence.startswith(f"Channel file bad.yml is refused: {field} ")
    assert sentence in refusal.sentence
    assert refusal.sentence.endswith(".")
    assert "\n" not in refusal.sentence


def test_further_problems_of_a_file_are_counted(tmp_path: Path) -> None:
    write(tmp_path, "bad.yml", timezone="Berlin", reporting_currency="euro", limits={"page_size": 0})
    refusal = only_refusal(tmp_path)
    assert (refusal.field, refusal.further) == ("timezone", 2)
    assert refusal.sentence.endswith("(2 more to mend in this file).")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_bytes("name: Süd".encode("latin-1"))
    assert "is not UTF-8 text; save it" in only_refusal(tmp_path).sentence


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "us.yml").write_bytes(b"\xef\xbb\xbf" + GOOD.format(code="us").encode())
    assert load_channels(tmp_path).channels[0].code == "us"


def test_a_folder_or_dangling_link_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "link.yml").symlink_to(tmp_path / "nowhere")
    write(tmp_path, "good.yml")
    found = load_channels(tmp_path)
    assert [refusal.file for refusal in found.refused] == ["folder.yml", "link.yml"]
    assert all("cannot be read" in refusal.sentence for refusal in found.refused)
    assert len(found.channels) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "bad.yml")
    (tmp_path / "bad.yml").chmod(0)
    assert "cannot be read (permission denied)" in only_refusal(tmp_path).sentence


def test_secrets_in_a_file_are_not_repeated(tmp_path: Path) -> None:
    write(tmp_path, "bad.yml", api_key="hunter2")
    refusal = only_refusal(tmp_path)
    assert "Airflow connection" in refusal.mend
    assert "hunter2" not in f"{refusal.sentence}{refusal!r}"


def test_of_two_files_with_one_code_the_one_named_after_it_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "us.yml")
    write(tmp_path, "copy_of_us.yml", code="us")
    found = load_channels(tmp_path)
    assert [channel.name for channel in found.channels] == ["Shop"]
    [refusal] = found.refused
    assert (refusal.file, refusal.field) == ("copy_of_us.yml", "code")
    assert "is already used by us.yml; give this channel a code of its own" in refusal.sentence


@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        ("all", "all", True),
        ([1, 2], [2, 3], True),
        ([1], [2], False),
        ("all", [1], False),
    ],
)
def test_a_website_of_a_connection_belongs_to_one_channel(
    tmp_path: Path, first: Any, second: Any, is_refused: bool
) -> None:
    write(tmp_path, "a.yml", connection_id="shop", websites=first)
    write(tmp_path, "b.yml", connection_id="shop", websites=second)
    found = load_channels(tmp_path)
    assert [(refusal.file, refusal.field) for refusal in found.refused] == [
        ("b.yml", "websites")
    ] * is_refused
    assert len(found.channels) == 2 - is_refused


def test_the_same_websites_of_two_connections_are_two_channels(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", websites=[1])
    write(tmp_path, "b.yml", websites=[1])
    assert len(load_channels(tmp_path).channels) == 2


def test_a_missing_folder_is_an_error_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="CRM_CHANNELS_DIR"):
        load_channels(tmp_path / "nowhere")


def test_get_channel_finds_it_by_code(tmp_path: Path) -> None:
    write(tmp_path, "us.yml")
    assert get_channel(tmp_path, "us").connection_id == "magento_us"


def test_get_channel_of_a_refused_file_says_why(tmp_path: Path) -> None:
    write(tmp_path, "us.yml", timezone="Mars")
    write(tmp_path, "broken.yml", "[")
    with pytest.raises(ConfigError, match=r"Channel file us\.yml is refused: timezone"):
        get_channel(tmp_path, "us")
    with pytest.raises(ConfigError, match=r"Channel file broken\.yml is refused"):
        get_channel(tmp_path, "broken")


def test_get_channel_suggests_the_nearest_code(tmp_path: Path) -> None:
    write(tmp_path, "germany.yml")
    with pytest.raises(ConfigError, match="did you mean germany"):
        get_channel(tmp_path, "germny")
    with pytest.raises(ConfigError, match="known are germany"):
        get_channel(tmp_path, "xx")


def test_the_example_of_the_readme_is_a_good_channel(tmp_path: Path) -> None:
    readme = (CHANNELS / "README.md").read_text()
    write(tmp_path, "us.yml", readme.split("```yaml\n")[1].split("```")[0])
    assert load_channels(tmp_path).refused == ()


def test_the_readme_explains_exactly_the_settings_there_are() -> None:
    rows = [
        line.split("|") for line in (CHANNELS / "README.md").read_text().splitlines() if line[:3] == "| `"
    ]
    defaults = {row[1].strip(" `"): row[2].strip(" `") for row in rows}
    assert defaults == dict(_settings(Channel))


def _settings(model: type[Settings], prefix: str = "") -> list[tuple[str, str]]:
    """Name and default of every setting, groups taken apart, in the words of the README."""
    found: list[tuple[str, str]] = []
    for name, field in model.model_fields.items():
        groups = [
            part for part in (field.annotation, *getattr(field.annotation, "__args__", ())) if _is_group(part)
        ]
        if not groups or field.default is None:
            found.append((prefix + name, _in_words(name, field)))
        if groups:
            found += _settings(groups[0], f"{prefix}{name}.")
    return found


def _is_group(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, Settings)


def _in_words(name: str, field: Any) -> str:
    if field.is_required():
        return "required"
    value = "all" if name == "entities" else field.get_default(call_default_factory=True)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
