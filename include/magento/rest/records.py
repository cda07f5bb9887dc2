"""JSON of a Magento 2 store to records of text, as every door gives them.

Numbers keep the digits the store sent: a float would turn 111.49 into something near it. What a newcomer would get
wrong: an absent key, null and a blank text are one and the same, since Magento leaves out what is null in one version
and sends it in another.
"""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from include.magento.door import Record
from include.magento.passing import Passing
from include.magento.withheld import withheld

_REPEATED = {"parent_item": None, "shipping_assignments": "items"}
"""What says again what the record holds already: a line's parent in full, and all lines under the shipping."""
_TOLD_ONLY = frozenset({"confirmation"})
"""Whoever has such a text can confirm somebody's account: it is told that there is one."""
_ORDINARY: set[str] = set()
"""Names met so far that are neither withheld, nor repeated, nor told only: a page has a hundred thousand fields."""
_NUL = rb"\u0000"
_NUL_OR_TEXT = re.compile(rb"\\+u0000")
"""Behind an even number of backslashes it is no character: each pair is a backslash of the text."""
_DECODER = msgspec.json.Decoder(float_hook=str)


def parsed(body: bytes) -> Any:
    """The answer, its numbers as text; Passing where it is cut off."""
    try:
        return json.loads(_without_nul(body), parse_int=str, parse_float=str, parse_constant=str)
    except ValueError:
        raise Passing("broke off in the middle of an answer") from None


def parsed_page(body: bytes) -> Any:
    """The same in half the time, but for whole numbers, which stay numbers until `record_of` writes their digits."""
    try:
        return _DECODER.decode(_without_nul(body))
    except ValueError:  # it is stricter than Python about half characters and NaN, and so are few stores
        return parsed(body)


def as_written(body: bytes) -> Any:
    """The answer with its numbers as numbers, to be sent back; Passing where it is cut off."""
    try:
        return json.loads(body)
    except ValueError:
        raise Passing("broke off in the middle of an answer") from None


def record_of(answer: object) -> Record:
    """One object as a record, without secrets and repetitions; anything else has nothing in it.

    The object itself becomes the record: copying the values of a page takes as long as looking at them.
    """
    if not isinstance(answer, dict):
        return {}
    for name in _tidied(answer):
        _settle(answer, name)
    return answer


def _tidied(record: dict[str, Any]) -> list[str]:
    """Make each value what records hold, but those of the names that are given back.

    This runs thirty thousand times a page, so the two kinds of which there are most are asked for first, without a
    call: with one it takes twice as long.
    """
    special = []
    for name, value in record.items():
        kind = type(value)
        if name not in _ORDINARY and _is_special(name):
            special.append(name)
        elif kind is str:
            if not value.strip():
                record[name] = None
        elif kind is int:
            record[name] = str(value)
        elif value is not None:
            record[name] = _value(value)
    return special


def _is_special(name: str) -> bool:
    """Whether something is to be done about a name; remembered where not."""
    if name in _REPEATED or name in _TOLD_ONLY or withheld[name]:
        return True
    _ORDINARY.add(name)
    return False


def _settle(record: Record, name: str) -> None:
    """Take out what is withheld or said elsewhere; leave what may be told of it."""
    value = record.pop(name)
    if name in _TOLD_ONLY:
        found = _value(value)
        record[name] = "1" if found else found
    elif (repeated := _REPEATED.get(name)) and isinstance(value, list):
        record[name] = [_without(entry, repeated) for entry in value]


def _without(entry: object, name: str) -> Record:
    return record_of({k: v for k, v in entry.items() if k != name}) if isinstance(entry, dict) else {}


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return [_entry(entry) for entry in value if not _is_secret(entry)]
    return record_of(value) if isinstance(value, dict) else None


def _entry(entry: Any) -> Any:
    """Records stay records and texts texts, blank ones too: their place may mean something."""
    if isinstance(entry, dict):
        return record_of(entry)
    return entry if isinstance(entry, str) else str(_value(entry) or "")


def _without_nul(body: bytes) -> bytes:
    """Without the one character that PostgreSQL cannot hold; MySQL can, so that one name would stop a whole window."""
    return _NUL_OR_TEXT.sub(_unless_text, body) if _NUL in body else body


def _unless_text(found: re.Match[bytes]) -> bytes:
    backslashes = len(found[0]) - len(_NUL) + 1
    return found[0][: -len(_NUL)] if backslashes % 2 else found[0]


def _is_secret(entry: Any) -> bool:
    """Whether this is an attribute by name and value that nobody may hold."""
    code = entry.get("attribute_code") if isinstance(entry, dict) else None
    return isinstance(code, str) and withheld[code]
