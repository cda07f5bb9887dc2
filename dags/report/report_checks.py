"""### Checks across reports

Holds the reports against each other after they were refreshed: what days add up to, months, customers and cohorts must
add up to as well, per currency. The checks are the files of `sql/checks/`, each with the reports it reads; a file waits
while one of them has not followed everything yet.

To add a check, add a file; this DAG finds it.

**When it fails**, two reports tell different numbers: the red task says which sums differ, and `ops.refresh_checks`
where table_name = 'checks.<file>' shows the first rows. Run the DAG of the report that is wrong with *Everything anew*;
if they still differ, its query is at fault.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.report import check_sums


@dag(
    schedule=defaults.at_or_when("55 * * * *", defaults.any_report_checked()),
    doc_md=__doc__,
    params=defaults.check_params(),
    tags=["report"],
    **defaults.COMMON,
)
def report_checks() -> None:
    check_sums()


report_checks()
