"""Reads one channel file as plain YAML, and says in words why it could not.

PyYAML's safe loader with two differences: a key given twice is refused (PyYAML keeps the last one in
silence), and dates stay text, so that an impossible one is reported with the name of its field.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from include.channels.problems import Problem

WHOLE_FILE = "the file"
_KEY_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge")


class UnreadableFileError(Exception):
    """The file holds no mapping of settings; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.field} {problem.problem}; {problem.mend}.")
        self.problem = problem


class _WrongKeyError(yaml.constructor.ConstructorError):
    def __init__(self, problem: Problem) -> None:
        super().__init__(None, None, problem.problem, None)
        self.found = problem


class _Loader(yaml.SafeLoader):
    """The safe loader without dates, which refuses a key that is given twice or is not text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.tag not in _KEY_TAGS:
                raise _WrongKeyError(_not_text(line))
            if key.value in lines:
                raise _WrongKeyError(_twice(key.value, lines[key.value], line))
            lines[key.value] = line
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_settings(path: Path) -> dict[str, Any]:
    """The settings that a channel file holds, as they are written.

    Raises:
        UnreadableFileError: the file cannot be opened, is not YAML, is empty, or is no mapping.
    """
    settings = _parse(_text_of(path))
    if settings is None:
        raise _unreadable("is empty", "write the channel's settings, or delete the file")
    if not isinstance(settings, dict):
        raise _unreadable("is not a list of settings", "write each as a line like `code: us`")
    return settings


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("is not UTF-8 text", "save it with the encoding UTF-8") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise _unreadable(
            f"cannot be read ({reason})", "make it a file that Airflow's user may read"
        ) from None


def _parse(text: str) -> Any:
    try:
        return _Loader(text).get_single_data()
    except _WrongKeyError as error:
        raise UnreadableFileError(error.found) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}" if mark else ""
        raise _unreadable(
            f"is not valid YAML{where}", "mend that line: colons, quotes and indentation"
        ) from None
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        # What PyYAML lets through for an explicit tag on a value that does not fit, or nesting without end.
        raise _unreadable("is not valid YAML", "compare it with README.md beside the channel files") from None


def _twice(key: str, first: int, second: int) -> Problem:
    return Problem(
        field=key, problem=f"is given twice, at lines {first} and {second}", mend="keep one of the two"
    )


def _not_text(line: int) -> Problem:
    return Problem(
        field=WHOLE_FILE,
        problem=f"has a setting at line {line} whose name is not text",
        mend="write a known name, in quotes if it is a number or yes, no, on, off",
    )


def _unreadable(problem: str, mend: str) -> UnreadableFileError:
    return UnreadableFileError(Problem(field=WHOLE_FILE, problem=problem, mend=mend))
