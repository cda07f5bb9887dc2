"""JSON of a Magento 2 store to records of text, as every door gives them.

Numbers keep the digits the store sent: a float would turn 111.49 into something near it. What a newcomer would get
wrong: an absent key, null and a blank text are one and the same, since Magento leaves out what is null in one version
and sends it in another.
"""

from __future__ import annotations

import json
from typing import Any

from include.magento.door import Record
from include.magento.passing import Passing
from include.magento.withheld import withheld

_REPEATED = {"parent_item": None, "shipping_assignments": "items"}
"""What says again what the record holds already: a line's parent in full, and all lines under the shipping."""
_NUL = "\x00"
_TOLD_ONLY = frozenset({"confirmation"})
"""Whoever has such a text can confirm somebody's account: it is told that there is one."""


def parsed(body: bytes) -> Any:
    """The answer, its numbers as text; Passing where it is cut off."""
    try:
        return json.loads(body, parse_int=str, parse_float=str, parse_constant=str)
    except ValueError:
        raise Passing("broke off in the middle of an answer") from None


def as_written(body: bytes) -> Any:
    """The answer with its numbers as numbers, to be sent back; Passing where it is cut off."""
    try:
        return json.loads(body)
    except ValueError:
        raise Passing("broke off in the middle of an answer") from None


def record_of(answer: object) -> Record:
    """One object as a record, without secrets and repetitions; anything else has nothing in it."""
    if not isinstance(answer, dict):
        return {}
    record: Record = {}
    for name, value in answer.items():
        if name in _REPEATED:
            if (repeated := _REPEATED[name]) and isinstance(value, list):
                record[name] = [_without(entry, repeated) for entry in value]
        elif not withheld[name]:
            found = _value(value)
            record[name] = "1" if found and name in _TOLD_ONLY else found
    return record


def _without(entry: object, name: str) -> Record:
    return record_of({k: v for k, v in entry.items() if k != name}) if isinstance(entry, dict) else {}


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return _kept(value) if value.strip() else None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return [_entry(entry) for entry in value if not _is_secret(entry)]
    return record_of(value) if isinstance(value, dict) else None


def _entry(entry: Any) -> Any:
    """Records stay records and texts texts, blank ones too: their place may mean something."""
    if isinstance(entry, dict):
        return record_of(entry)
    return _kept(entry) if isinstance(entry, str) else str(_value(entry) or "")


def _kept(text: str) -> str:
    """Without the one character that PostgreSQL cannot hold; MySQL can, so that one name would stop a whole window."""
    return text.replace(_NUL, "")


def _is_secret(entry: Any) -> bool:
    """Whether this is an attribute by name and value that nobody may hold."""
    code = entry.get("attribute_code") if isinstance(entry, dict) else None
    return isinstance(code, str) and withheld[code]
