"""The optional file `.env` of a checkout: KEY=VALUE lines that stand in for exported variables.

It is read by the start commands only, never by `include` itself or by tests, and a variable that the real environment
already holds is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from include.errors import ConfigError

_LINE = re.compile(r"(?:export\s+)?(?P<key>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)")


def load_dotenv(path: Path, environ: MutableMapping[str, str]) -> None:
    """Add the variables of the file to `environ`, if there is such a file.

    Raises:
        ConfigError: the file cannot be read, or a line is not KEY=VALUE. Values are not quoted in the message.
    """
    for key, value in read_dotenv(path).items():
        environ.setdefault(key, value)


def read_dotenv(path: Path) -> Mapping[str, str]:
    """Variables of a file; empty if it does not exist. One pair of quotes around a value is taken off, no more."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read; make it a UTF-8 text file that you may read.") from error
    numbered = enumerate((line.strip() for line in text.splitlines()), start=1)
    return dict(
        _assignment(path, number, line) for number, line in numbered if line and not line.startswith("#")
    )


def _assignment(path: Path, number: int, line: str) -> tuple[str, str]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ConfigError(f"{path}, line {number} is not KEY=VALUE; write it so, or put # before it.")
    value = match["value"].strip()
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
    return match["key"], value[1:-1] if quoted else value
