"""### Cart price rules and coupons

Reads all price rules and coupons from each channel's store and merges them into `crm.price_rules` and `crm.coupons`.
What the store no longer lists is marked deleted, never removed. Magento 1 has no call for them: such channels are
skipped, and the run says so.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every run with its counts and
error. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="53 3 * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "price_rules"],
    **defaults.SYNC,
)
def sync_price_rules() -> None:
    loaded = load.expand(batch=plan("price_rules"))
    loaded >> [
        publish.override(outlets=defaults.assets_of("price_rules"))("price_rules"),
        verdict("price_rules"),
    ]


sync_price_rules()
