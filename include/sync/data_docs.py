"""Data Docs: a page per channel and entity with the checks of its latest run, and an index of all of them.

Pages are made of the ledger (ops.validation_results) and the declared checks, never of what a worker has in memory:
any worker can rebuild them, and what the ledger does not hold, which is every value, cannot get out. Great
Expectations renders the checks. The page around them is ours: its own loads scripts, styles and a logo from other
hosts, shows less without scripts, and does not escape what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from include.entities.model import Entity, Expectation, Table
from include.private_storage import make_private_folder
from include.sync.data_docs_ledger import SHOWN_KEYS, CheckSum, RunSum, checks_of, latest_runs, run_of
from include.sync.expectations import expectations_of
from include.sync.great_expectations_import import quieten
from include.sync.staging import FolderPath, writing

INDEX = "index.html"
TEMPLATES = Path(__file__).parent / "data_docs_templates"
COLUMNS = ("If it fails", "Rows looked at", "Failed", "Rule", f"Keys of failed rows, at most {SHOWN_KEYS}")

Checks = Mapping[tuple[str, str], CheckSum]


def write_data_docs(
    engine: Engine, root: FolderPath, *, channel_code: str, entity: Entity, run_id: str | None, now: datetime
) -> FolderPath | None:
    """Rebuild the page of one channel's entity, and the index.

    Costs about a tenth of a second where Great Expectations is imported, as it is after a batch's checks, and its
    import of several seconds elsewhere; nothing when the run has checked nothing.

    Args:
        engine: the warehouse.
        root: folder of the pages.
        channel_code: the channel.
        entity: its tables' checks; results of rules that it does not declare any more are left out.
        run_id: the run to show; None: the latest that checked anything.
        now: when the pages are made, for their foot.

    Returns:
        The page; None where the run has checked nothing, and the pages stay as they are.

    Raises:
        ConfigError: the folder cannot be written.
        TransientError: its storage does not answer.
    """
    with engine.connect() as connection:
        if run_of(connection, channel_code, entity.name, run_id) is None:
            return None
    view = _view()
    with engine.begin() as connection:
        # Parallel batches write the same pages: who reads the ledger last must also write last.
        connection.execute(text("select pg_advisory_xact_lock(hashtextextended('data_docs', 0))"))
        run = run_of(connection, channel_code, entity.name, run_id)
        if run is None:
            return None
        page = _page(view, entity, run, checks_of(connection, run), now)
        with writing("Data Docs", "CRM_DATA_DOCS_URL"):
            path = _write(root / channel_code, f"{entity.name}.html", page)
            _write(root, INDEX, _index(view, root, latest_runs(connection), now))
    return path


def _view() -> Any:
    """Great Expectations' view with our templates beside its own."""
    quieten()
    from great_expectations.render.view.view import DefaultJinjaPageView

    return DefaultJinjaPageView(custom_views_directory=str(TEMPLATES))


def _page(view: Any, entity: Entity, run: RunSum, checks: Checks, now: datetime) -> str:
    from great_expectations.render.components import RenderedDocumentContent

    found = ((table, list(_found(entity, table, checks))) for table in entity.tables)
    sections = [_section(table, some) for table, some in found if some]
    document = RenderedDocumentContent(sections=sections, page_title=f"{run.channel_name}: {entity.title}")
    return str(view.render(document, template="data_docs_page.html", run=run, written_at=now))


def _found(entity: Entity, table: Table, checks: Checks) -> Iterator[tuple[Expectation, CheckSum]]:
    """A table's checks in the order of their declaration, those that ran."""
    for declared in expectations_of(entity, table):
        check = checks.get((table.name, declared.rule))
        if check is not None:
            yield declared, check


def _section(table: Table, checks: list[tuple[Expectation, CheckSum]]) -> Any:
    """A table's checks as Great Expectations shows results, with our columns; what failed comes first."""
    from great_expectations.render.components import RenderedHeaderContent, RenderedSectionContent
    from great_expectations.render.renderer.content_block import (
        validation_results_table_content_block as results_table,
    )

    ordered = sorted(checks, key=lambda check: not check[1].failed)
    block: Any = results_table.ValidationResultsTableContentBlockRenderer.render(
        [_result(*check) for check in ordered]
    )
    block.header_row = [*block.header_row, *COLUMNS]
    block.table = [[*row, *_cells(check)] for row, (_, check) in zip(block.table, ordered, strict=True)]
    header = RenderedHeaderContent(header=escape(table.name), subheader=escape(table.grain))
    return RenderedSectionContent(section_name=escape(table.name), content_blocks=[header, block])


def _result(declared: Expectation, check: CheckSum) -> Any:
    """The result that Great Expectations would have given for all windows at once, without any value."""
    import great_expectations.expectations as gxe
    from great_expectations.core import ExpectationValidationResult

    # Escaped here: Great Expectations takes a description for markup.
    expectation = getattr(gxe, declared.type)(**declared.arguments, description=escape(declared.meaning))
    return ExpectationValidationResult(
        success=not check.failed,
        expectation_config=expectation.configuration,
        # The share is all it needs; with counts it would repeat our columns in a sentence about "unexpected values".
        result={"unexpected_percent": 100 * check.failed / max(check.evaluated, 1)},
        exception_info={"raised_exception": False, "exception_message": None, "exception_traceback": None},
    )


def _cells(check: CheckSum) -> Iterator[str]:
    """Our columns. Keys hold ids as the store sent them, and Great Expectations would not escape them."""
    yield escape(check.severity.value)
    yield f"{check.evaluated:,}"
    yield f"{check.failed:,}"
    yield f"<code>{escape(check.rule)}</code>"
    yield " ".join(f"<code>{escape(key)}</code>" for key in check.failed_keys)


def _index(view: Any, root: FolderPath, runs: Iterable[RunSum], now: datetime) -> str:
    """All channels and entities; without a link where the page was written to another folder."""
    listed = [(run, (root / run.channel_code / f"{run.entity}.html").exists()) for run in runs]
    return str(view.env.get_template("data_docs_index.html").render(runs=listed, written_at=now))


def _write(folder: FolderPath, name: str, html: str) -> FolderPath:
    make_private_folder(folder)
    path = folder / name
    with path.open("wb") as file:
        file.write(html.encode())
    return path
