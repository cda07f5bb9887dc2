"""### Websites, store views and customer groups

Reads these small dictionaries whole from each channel's store and merges them into `crm.websites`, `crm.stores` and
`crm.customer_groups`. What the store no longer lists is marked deleted, never removed. Without the bridge, websites are
derived from the stores: their names are the names of their stores, joined.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every run with its counts and
error. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="5 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "stores"],
    **defaults.SYNC,
)
def sync_stores() -> None:
    loaded = load.expand(batch=plan("stores"))
    loaded >> [publish.override(outlets=defaults.assets_of("stores"))("stores"), verdict("stores")]


sync_stores()
