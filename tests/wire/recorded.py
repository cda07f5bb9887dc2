"""Reads the recorded rows and the truth tables with nothing of the product's: what the tests expect comes from here.

A newcomer would get one thing wrong: text is not stripped. Only a value that is blank altogether counts as missing
(Magento writes a line break into every empty element); leading blanks and line ends of all others are data.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from lxml import etree

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
Row = Mapping[str, str | None]


@cache
def recorded_rows(store: Path, method: str) -> tuple[tuple[str, etree._Element], ...]:
    """Every row one method gave, with the key it was asked by (blank for lists)."""
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False)
    return tuple(
        (row.get("key", ""), row[0]) for row in etree.parse(store / f"{method}.xml", parser).getroot()
    )


def by_id(store: Path, method: str, field: str) -> dict[str, etree._Element]:
    """The rows of a list by their id."""
    return {value: row for _, row in recorded_rows(store, method) if (value := text_at(row, field))}


def text_at(element: etree._Element | None, path: str) -> str | None:
    """The text at a path as it was sent; None when absent, nil or blank."""
    found = None if element is None else element.find(path)
    if found is None or found.get(_NIL) == "true" or not (found.text or "").strip():
        return None
    return found.text


def first_text(path: str, *elements: etree._Element | None) -> str | None:
    """The first of these elements that has something at the path."""
    return next((value for e in elements if (value := text_at(e, path)) is not None), None)


def items(element: etree._Element | None, path: str) -> list[etree._Element]:
    """The elements of a list inside a row, in the order of the wire."""
    return [] if element is None else element.findall(f"{path}/item")


def scalar_names(element: etree._Element) -> Iterator[str]:
    """Names of the fields of a row that hold a value, children left out."""
    return (child.tag for child in element if not len(child) and (child.text or "").strip())


@cache
def truth(folder: Path, name: str) -> tuple[Row, ...]:
    """A table of the shop's database."""
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple({k: None if v == "NULL" else v for k, v in row.items()} for row in rows)
