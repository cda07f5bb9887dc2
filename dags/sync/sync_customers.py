"""### Registered customers and their address books

Reads what changed in each channel's store, checks it, and merges it into `crm.customers` and `crm.customer_addresses`.
Guests are no concern of this DAG: they are made of their orders by `sync_orders`.

**Windows.** The first runs load by customer id, highest first; later runs read what changed since the frontier, less an
overlap of ten minutes. Magento does not touch a customer when only an address changes: such edits arrive with the
customer's next change, or with the weekly `maintain_sweep`, which also marks deleted customers.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every window with its counts and
error, `ops.quarantine` the records that wait and why. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="*/30 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "customers"],
    **defaults.SYNC,
)
def sync_customers() -> None:
    loaded = load.expand(batch=plan("customers"))
    loaded >> [publish.override(outlets=defaults.assets_of("customers"))("customers"), verdict("customers")]


sync_customers()
