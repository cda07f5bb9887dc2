"""### Countries and regions

Reads the countries of each channel's store and their regions (states, provinces, cantons), whole, and merges them into
`crm.countries` and `crm.regions`. With the Oro bridge from 1.2.14 on that takes two calls, without it one per country;
a store that answers neither gives the countries alone, and the window says so (`ops.windows.remarks`).
`crm.address_regions` tells which of them the addresses of customers, orders and carts name.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every window with its counts and
error, `ops.quarantine` the records that wait and why. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="40 2 * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "regions"],
    **defaults.SYNC,
)
def sync_regions() -> None:
    loaded = load.expand(batch=plan("regions"))
    published = publish.override(outlets=defaults.assets_of("regions"))
    loaded >> [published("regions"), verdict("regions")]


sync_regions()
