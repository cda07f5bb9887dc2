"""### Sales reports

Brings the report tables of the area sales up to date after new data arrived: a task and a table `report.<name>` each,
after the tables it is made of. A report follows what changed, so a small change costs little; its own checks run
after every refresh, and one that must not fail keeps the old contents when it does. A report that finds nothing new
is skipped. Four times a day it runs whatever arrived, for periods and ages that end by the calendar.

To add a report, add a folder to `sql/reports/`; this DAG finds it. `report.yml` in it says what each column means.

**When it fails**, the red task says in one sentence what to do; reports that do not read its table are up to date all
the same. `ops.refreshes` shows when each was refreshed, `report.complete_until` up to when its data is complete.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.report import refresh_area


@dag(
    schedule=defaults.at_or_when("40 */6 * * *", defaults.any_asset_feeding("sales")),
    doc_md=__doc__,
    params=defaults.refresh_params("report"),
    tags=["report"],
    **defaults.COMMON,
)
def report_sales() -> None:
    refresh_area("sales")


report_sales()
