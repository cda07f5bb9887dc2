"""### Operations reports

Brings the report tables of the area operations up to date, a task and a table `report.<name>` each: what is known about
the syncing itself. They are computed every hour, for what they say grows old by the clock: that nothing arrives is just
what they are there to tell.

To add a report, add a folder to `sql/reports/`; this DAG finds it. `report.yml` in it says what each column means.

**When it fails**, the red task says in one sentence what to do; the tables keep what they held. `ops.refreshes` shows
when each was refreshed.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.report import refresh_area


@dag(
    schedule="10 * * * *",
    doc_md=__doc__,
    params=defaults.refresh_params("report"),
    tags=["report"],
    **defaults.COMMON,
)
def report_operations() -> None:
    refresh_area("operations")


report_operations()
