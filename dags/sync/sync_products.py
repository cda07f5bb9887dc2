"""### Products, with their categories and websites

Reads the products that changed in each channel's store, checks them, and merges them into `crm.products`,
`crm.product_categories` and `crm.product_websites`. Each product costs a call of its own, since the list lacks most of
it. Names and prices are the shop's defaults, not those of a single store view.

**Windows.** The first runs load by product id, highest first; later runs read what changed since the frontier, less an
overlap of ten minutes. Assigning a product to a category on the category's own page moves no date of the product: that
arrives with its next change, or with the weekly sweep.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every window with its counts and
error, `ops.quarantine` the records that wait and why. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="40 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "products"],
    **defaults.SYNC,
)
def sync_products() -> None:
    loaded = load.expand(batch=plan("products"))
    loaded >> [publish.override(outlets=defaults.assets_of("products"))("products"), verdict("products")]


sync_products()
