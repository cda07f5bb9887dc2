"""### Credit memos, with lines and comments

Reads the credit memos that changed in each channel's store, checks them, and merges them into `crm.credit_memos`,
`crm.credit_memo_items` and `crm.credit_memo_comments`. Each memo costs a call of its own, since no list has lines.

**Windows.** The first runs load by memo id, highest first; later runs read what changed since the frontier, less an
overlap of ten minutes. A comment added to a memo moves no date of it, so once a day the memos of the last 30 days are
read again, at most 5,000. A memo's order that the warehouse lacks is fetched by id in the same run, with its customer.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every window with its counts and
error, `ops.quarantine` the records that wait and why. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.parents import fetch_parents
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="20 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "credit_memos"],
    **defaults.SYNC,
)
def sync_credit_memos() -> None:
    loaded = load.expand(batch=plan("credit_memos"))
    fetched = fetch_parents.override(outlets=defaults.assets_of_parents("credit_memos"))("credit_memos")
    published = publish.override(outlets=defaults.assets_of("credit_memos"))("credit_memos")
    loaded >> fetched >> [published, verdict("credit_memos")]


sync_credit_memos()
