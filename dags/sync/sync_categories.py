"""### The category tree

Reads the whole tree from each channel's store, in one call, and merges it into `crm.categories`, each category with the
way to it from the top. What the store no longer lists is marked deleted, never removed. Which products a category holds
is in `crm.product_categories`, which comes with the products.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every run with its counts and
error. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="8 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "categories"],
    **defaults.SYNC,
)
def sync_categories() -> None:
    loaded = load.expand(batch=plan("categories"))
    loaded >> [
        publish.override(outlets=defaults.assets_of("categories"))("categories"),
        verdict("categories"),
    ]


sync_categories()
