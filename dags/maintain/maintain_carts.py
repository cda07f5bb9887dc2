"""### Open carts that are gone from the store

Asks each channel's store for the carts that are open in the warehouse, by id, 200 in a call. Those that are gone are
marked deleted (`deleted_at`) with their lines and addresses, which makes them expired; a status that the CRM side set
is closed as well. A cart that an order came of stays purchased. Only the Oro bridge lists carts: without it a channel
is skipped, with the reason.

**When it fails** with the question whether so many carts are gone indeed, look into the store: if they are, run this
DAG again with the channel and *Allow deletions*. Nothing was marked until then. Any other red task says in one sentence
what to do; running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.sync import publish
from include.orchestration.upkeep import expire, list_targets, verdict


@dag(
    schedule="0 3 * * *",
    doc_md=__doc__,
    params=defaults.expiry_params(),
    tags=["maintain", "carts"],
    **defaults.COMMON,
)
def maintain_carts() -> None:
    expired = expire.expand(target=list_targets("carts"))
    expired >> [publish.override(outlets=defaults.assets_of("carts"))("carts"), verdict()]


maintain_carts()
