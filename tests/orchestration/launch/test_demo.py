from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import sqlalchemy

from include.entities.catalogue import ENTITY_NAMES
from include.reports.areas import AREAS, inputs_of_area
from include.warehouse.engine import open_engine
from include.warehouse.server import EmbeddedServer
from tests.journeys.installation import Installation


@pytest.mark.slow(75)
def test_the_demo_shows_what_it_loaded_and_where_the_file_is(
    warehouse_url: sqlalchemy.URL,
    airflow_database: None,
    airflow_variables: Mapping[str, str],
    open_folder: Path,
    new_server: Callable[..., EmbeddedServer],
) -> None:
    made = Installation(folder=open_folder, engine=open_engine(warehouse_url), variables=airflow_variables)
    made.prepare()
    new_server(open_folder / "data" / "postgres")  # the demo starts it, the fixture removes it
    ended = made.run(command=(sys.executable, "-m", "include.orchestration.launch.demo"))
    assert ended.status == 0, ended.screen
    # Simulated orders have no place in the warehouse that the environment names.
    assert made.rows("select count(*) from crm.orders") == [(0,)]
    made.engine.dispose()
    reports = [f"report_{area}" for area in AREAS if inputs_of_area(area)]
    words = [*(f"sync_{name}" for name in ENTITY_NAMES), *reports, "report_checks", "segment_files"]
    assert [line.split()[:2] for line in ended.screen.splitlines() if " s" in line[-2:]] == [
        [w, "done"] for w in words
    ]
    for part in ("crm.orders", "1,200", "Quarantined", "report.daily_sales: the last days", "What next"):
        assert part in ended.screen
    for part in ("crm.accounts", "Reports: make report NAME=", "sales_orders"):
        assert part in ended.screen
    assert (made.exports / "repeat_customers" / "latest.json").is_file()
    for part in ("Segments: make segment NAME=", "repeat_customers", "Champions"):
        assert part in ended.screen
    [shown] = re.findall(r"^Segment file (.+\.csv) with \d+ rows", ended.screen, re.MULTILINE)
    file = Path(shown)
    assert file.is_relative_to(made.exports)
    assert "".join(file.read_text().splitlines(keepends=True)[:3]) in ended.screen
    assert max(map(len, ended.screen.splitlines())) < 250
