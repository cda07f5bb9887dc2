"""The data dictionary says everything there is, and is never stale."""

from __future__ import annotations

import re

from include.dictionary.document import DICTIONARY, document
from include.entities import catalogue
from include.reports.loading import load_reports
from include.segments.loading import load_segments
from include.warehouse.definitions import load_definitions
from include.warehouse.everything import metadata


def test_file_is_what_make_dictionary_would_write() -> None:
    stale = "sql/DATA_DICTIONARY.md is stale: run `make dictionary` and commit it."
    assert DICTIONARY.read_text("utf-8") == document(), stale


def test_every_table_view_report_and_segment_has_its_place() -> None:
    headings = set(re.findall(r"^### (\S+)$", document(), re.MULTILINE))
    wanted = {f"{table.schema}.{table.name}" for table in metadata.tables.values()}
    wanted |= {definition.qualified for definition in load_definitions()}
    wanted |= {f"report.{name}" for name in load_reports().reports}
    wanted |= {f"marketing.{name}" for name in load_segments().segments}
    assert not wanted - headings


def test_entity_that_a_stock_store_cannot_deliver_is_said_to_be_unavailable() -> None:
    row = next(line for line in document().splitlines() if line.startswith("| `newsletter_subscribers` |"))
    assert "not available" in row


def test_no_column_goes_without_a_meaning() -> None:
    columns = [line for line in document().splitlines() if re.match(r"\| `\w+` \| ", line)]
    assert columns
    assert not [line for line in columns if re.match(r"\| `\w+` \| [^|]* \|  ?\|", line)]


def test_every_entity_says_how_it_is_read() -> None:
    rows = [line for line in document().splitlines() if re.match(r"\| `\w+` \| `", line)]
    assert len(rows) == len(catalogue.ENTITIES)
