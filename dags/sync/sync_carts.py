"""### Carts, with lines and addresses

Reads the carts that changed in each channel's store, checks them, and merges them into `crm.carts`, `crm.cart_items`
and `crm.cart_addresses`. Orders that are here already set their cart purchased; later ones do it when they arrive. Only
the Oro bridge lists carts: for a store without it, `plan` says so and nothing is read, unless the channel file asks to
have them looked for one by one (`cart_probe`).

**Windows.** The first runs load by cart id, highest first; later runs read what changed since the frontier, less an
overlap of ten minutes. One cart that breaks the store's answer waits in quarantine, the others of its page load.

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
    tags=["sync", "carts"],
    **defaults.SYNC,
)
def sync_carts() -> None:
    loaded = load.expand(batch=plan("carts"))
    fetched = fetch_parents.override(outlets=defaults.assets_of_parents("carts"))("carts")
    published = publish.override(outlets=defaults.assets_of("carts"))("carts")
    loaded >> fetched >> [published, verdict("carts")]


sync_carts()
