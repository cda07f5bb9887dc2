"""### Invoices, with lines and comments

Reads the invoices that changed in each channel's store, checks them, and merges them into `crm.invoices`,
`crm.invoice_items` and `crm.invoice_comments`. Each invoice costs a call of its own, since the list has headers only; a
store that does not answer that call gives the headers, and the window says so (`ops.windows.remarks`).

**Windows.** The first runs load by invoice id, highest first; later runs read what changed since the frontier, less an
overlap of ten minutes. A comment moves no date of its invoice, so the invoices of the last 30 days are read again once
a day. An invoice's order that the warehouse lacks is fetched by id in the same run, with its customer.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every window with its counts and
error, `ops.quarantine` the records that wait and why. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.parents import fetch_parents
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="25 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "invoices"],
    **defaults.SYNC,
)
def sync_invoices() -> None:
    loaded = load.expand(batch=plan("invoices"))
    fetched = fetch_parents.override(outlets=defaults.assets_of_parents("invoices"))("invoices")
    published = publish.override(outlets=defaults.assets_of("invoices"))("invoices")
    loaded >> fetched >> [published, verdict("invoices")]


sync_invoices()
