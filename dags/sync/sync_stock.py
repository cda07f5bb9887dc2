"""### Stock of every product

Counts every product of each channel's store, two calls for five hundred of them, and merges the counts into
`crm.stock_items`. Magento does not touch a product when it is sold, so there is no asking for changes; rows whose count
stayed the same are not written. Products that are gone from the store are marked deleted, never removed.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every run with its counts and
error. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="50 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "stock"],
    **defaults.SYNC,
)
def sync_stock() -> None:
    loaded = load.expand(batch=plan("stock"))
    loaded >> [publish.override(outlets=defaults.assets_of("stock"))("stock"), verdict("stock")]


sync_stock()
