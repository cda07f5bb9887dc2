"""### Customer reports

Brings the report tables of the area customers up to date after the sales reports they are made of: a task and a table
`report.<name>` each. A report follows what changed, so a small change costs little; scores that change as days go by
are found by the calendar, for which it runs four times a day whatever arrived. Its own checks run after every
refresh, and one that must not fail keeps the old contents when it does. A report that finds nothing new is skipped.

To add a report, add a folder to `sql/reports/` with `area: customers`; this DAG finds it. `report.yml` in it says what
each column means; the thresholds of RFM scores are in the channel's file (`rfm.categories`), their labels in
`sql/shared/rfm_labels.sql`.

**When it fails**, the red task says in one sentence what to do; reports that do not read its table are up to date all
the same. `ops.refreshes` shows when each was refreshed, `report.complete_until` up to when its data is complete.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.report import refresh_area


@dag(
    schedule=defaults.at_or_when("50 */6 * * *", defaults.any_asset_feeding("customers")),
    doc_md=__doc__,
    params=defaults.refresh_params("report"),
    tags=["report"],
    **defaults.COMMON,
)
def report_customers() -> None:
    refresh_area("customers")


report_customers()
