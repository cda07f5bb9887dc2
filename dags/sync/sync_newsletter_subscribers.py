"""### Newsletter subscribers

Reads the subscribers that changed in each channel's store, checks them, and merges them into
`crm.newsletter_subscribers`; superseded states are kept in `crm.newsletter_subscribers_history`. Of Magento 1 only the
Oro bridge lists them (else `plan` says so), of Magento 2 the Klaviyo extension lists guests, which get ids below zero.

**Windows.** The first runs load by subscriber id, highest first; later runs read whose state changed since the
frontier, less an overlap of ten minutes. A third of all subscribers have no date of their last change: a change that
sets none arrives with the weekly `maintain_sweep`. Customers that the warehouse lacks are fetched by id at once.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every window with its counts and
error, `ops.quarantine` the records that wait and why. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.parents import fetch_parents
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="10,40 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "newsletter_subscribers"],
    **defaults.SYNC,
)
def sync_newsletter_subscribers() -> None:
    loaded = load.expand(batch=plan("newsletter_subscribers"))
    fetched = fetch_parents.override(outlets=defaults.assets_of_parents("newsletter_subscribers"))(
        "newsletter_subscribers"
    )
    published = publish.override(outlets=defaults.assets_of("newsletter_subscribers"))(
        "newsletter_subscribers"
    )
    loaded >> fetched >> [published, verdict("newsletter_subscribers")]


sync_newsletter_subscribers()
