"""### Orders, with lines, addresses, payment and every entry of their status history

Reads what changed in each channel's store, checks it, and merges it into `crm.orders`, `crm.order_items`,
`crm.order_addresses`, `crm.order_payments` and `crm.order_comments`. Guests become rows of `crm.customers`.

**Windows.** The first runs load by order id, highest first; later runs read what changed since the frontier, less an
overlap of ten minutes. Each window is committed whole or not at all, and a run goes on where the last one stopped.
Customers that new orders refer to and the warehouse lacks are fetched by id in the same run. Deleting a customer moves
no date of its orders, so once a day those of the last 30 days are read again, at most 5,000.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every window with its counts and
error, `ops.quarantine` the records that wait and why. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.parents import fetch_parents
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="*/15 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "orders"],
    **defaults.SYNC,
)
def sync_orders() -> None:
    loaded = load.expand(batch=plan("orders"))
    fetched = fetch_parents.override(outlets=defaults.assets_of_parents("orders"))("orders")
    published = publish.override(outlets=defaults.assets_of("orders"))("orders")
    loaded >> fetched >> [published, verdict("orders")]


sync_orders()
