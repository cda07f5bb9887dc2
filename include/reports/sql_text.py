"""What the SQL files of a folder look like: a query with its three header lines, checks with severity and sentence.

Parameters stand as `:name`. A query is put into the engine's own statements as a subselect, so it is one SELECT
without data-changing parts, and no semicolon but a last one.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path

from include.channels.values import nearest
from include.reports.contract_file import read_text, refuse_folder

HEADER = ("grain", "time zone", "currency")
# As SQLAlchemy's text() finds them: not a cast (::date), not a time ('12:30').
_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_SAID = re.compile(r"^-- (fail|warn): *(.+)$", re.MULTILINE)
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


class CheckSeverity(StrEnum):
    """fail: the refresh is undone; warn: it stands and is reported."""

    FAIL = "fail"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One statement that returns the rows that are wrong; none means it passes.

    Attributes:
        sentence: what is wrong when there are rows, in plain words.
    """

    severity: CheckSeverity
    sentence: str
    sql: str


def read_query(path: Path, parameters: AbstractSet[str]) -> str:
    """The query of a folder, without its last semicolon.

    Raises:
        FolderRefusedError: missing header, not one SELECT, or a parameter that the contract does not have.
    """
    sql = read_text(path)
    for number, (word, line) in enumerate(
        zip_longest(HEADER, sql.splitlines()[: len(HEADER)], fillvalue=""), 1
    ):
        if not line.startswith(f"-- {word}: "):
            raise refuse_folder(
                path, "the header is incomplete", f"begin this line with `-- {word}:` and say it", number
            )
    return _one_select(path, sql, parameters, 0)


def read_select(path: Path, parameters: AbstractSet[str]) -> str:
    """A file of one SELECT, without its last semicolon.

    Raises:
        FolderRefusedError: it is something else, or has a parameter that the contract does not have.
    """
    return _one_select(path, read_text(path), parameters, 0)


def read_checks(path: Path, parameters: AbstractSet[str]) -> tuple[Check, ...]:
    """The checks of a folder, in the order of the file.

    Raises:
        FolderRefusedError: no check in it, or text that belongs to none.
    """
    text = read_text(path)
    said = list(_SAID.finditer(text))
    before = text[: said[0].start()] if said else text
    if not said or _COMMENTS.sub("", before).strip():
        raise refuse_folder(
            path,
            "a statement has no severity",
            "put a line `-- fail: <what is wrong>` or `-- warn: ...` above each",
            1,
        )
    ends = [one.start() for one in said[1:]] + [len(text)]
    checks = tuple(
        Check(
            severity=CheckSeverity(one[1]),
            sentence=one[2].strip(),
            sql=_one_select(path, text[one.end() : end], parameters, text.count("\n", 0, one.end())),
        )
        for one, end in zip(said, ends, strict=True)
    )
    _refuse_twins(path, checks)
    return checks


def parameters_of(sql: str) -> set[str]:
    """Names of the parameters in a text, comments included: the driver does not tell them apart either."""
    return set(_PARAMETER.findall(sql))


def _one_select(path: Path, sql: str, parameters: AbstractSet[str], lines_before: int) -> str:
    bare = sql.strip().removesuffix(";").strip()
    code = _COMMENTS.sub("", bare).strip().lower()
    if not re.match(r"(select|with)\b", code):
        raise refuse_folder(path, "it is not one SELECT", "write one select, with its CTEs", lines_before + 1)
    for name in sorted(parameters_of(bare) - parameters):
        line = lines_before + sql[: sql.index(f":{name}")].count("\n") + 1
        meant = nearest(name, sorted(parameters))
        raise refuse_folder(
            path,
            f":{name} is not a parameter",
            f"write :{meant}" if meant else "add it to `parameters`",
            line,
        )
    return bare


def _refuse_twins(path: Path, checks: tuple[Check, ...]) -> None:
    sentences = [check.sentence for check in checks]
    for sentence in sentences:
        if sentences.count(sentence) > 1:
            raise refuse_folder(path, f"two checks say {sentence!r}", "let each say something of its own")
