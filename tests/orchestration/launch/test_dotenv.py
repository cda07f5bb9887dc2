from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from include.errors import ConfigError
from include.orchestration.launch.dotenv import load_dotenv, read_dotenv
from include.retention.limits import Limits
from include.settings import PROJECT_ROOT


def write(folder: Path, text: str) -> Path:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_means_no_variables(tmp_path: Path) -> None:
    assert read_dotenv(tmp_path / ".env") == {}


def test_one_pair_of_quotes_is_taken_off_and_nothing_is_expanded(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '\n# remark\nA=1\nexport B = two words\nC=\'{"login":"a"}\'\nD="it\'s $HOME #1"\nE=\nF=\'\n',
    )
    assert read_dotenv(path) == {
        "A": "1",
        "B": "two words",
        "C": '{"login":"a"}',
        "D": "it's $HOME #1",
        "E": "",
        "F": "'",
    }


def test_the_real_environment_wins(tmp_path: Path) -> None:
    environ = {"A": "real"}
    load_dotenv(write(tmp_path, "A=file\nB=file\n"), environ)
    assert environ == {"A": "real", "B": "file"}


def test_a_line_that_is_no_assignment_is_named_without_its_text(tmp_path: Path) -> None:
    path = write(tmp_path, "A=1\nsecret-without-key\n")
    with pytest.raises(ConfigError) as caught:
        read_dotenv(path)
    assert "line 2" in caught.value.summary
    assert "secret" not in caught.value.summary


def test_the_example_is_readable_once_its_lines_are_switched_on(tmp_path: Path) -> None:
    lines = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    switched_on = [line.removeprefix("#") for line in lines if line.startswith(("#CRM_", "#AIRFLOW_"))]
    variables = read_dotenv(write(tmp_path, "\n".join(switched_on)))
    assert len(variables) == len(switched_on)
    assert {"CRM_DATA_DIR", "CRM_CHANNELS_DIR", "CRM_STAGING_URL", "CRM_EXPORT_URL"} <= variables.keys()
    assert all(" #" not in value for value in variables.values()), "a remark became part of a value"


def test_the_example_names_every_variable_there_is() -> None:
    """And no other: a name that nothing reads would be a setting without effect."""
    variable = re.compile(r"\bCRM_[A-Z_]+[A-Z]\b")
    sources = [path for folder in ("include", "dags") for path in (PROJECT_ROOT / folder).rglob("*.py")]
    read = {name for path in sources for name in variable.findall(path.read_text("utf-8"))}
    # These are put together from the names of `include.retention.limits.Limits`.
    read |= {f"CRM_KEEP_{field.name.upper()}_DAYS" for field in fields(Limits)}
    example = (PROJECT_ROOT / ".env.example").read_text("utf-8")
    assert set(variable.findall(example)) == read
