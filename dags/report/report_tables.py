"""### Report tables

Brings every report of `sql/reports/` up to date after new data arrived: a table `report.<name>` each. A report follows
what changed in the warehouse, so a small change costs little; its own checks run after every refresh, and one that must
not fail keeps the old contents when it does.

To add a report, add a folder; this DAG finds it. `report.yml` in the folder says what each column means.

**When it fails**, the red task says in one sentence what to do; the other reports are up to date all the same.
`ops.refreshes` shows when each was refreshed and up to when its data is complete.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.report import check_reports, list_reports, report


@dag(
    schedule=defaults.any_asset_of("orders", "customers", "stores"),
    doc_md=__doc__,
    params=defaults.refresh_params("report"),
    tags=["report"],
    **defaults.COMMON,
)
def report_tables() -> None:
    check_reports()
    report.expand(name=list_reports())


report_tables()
