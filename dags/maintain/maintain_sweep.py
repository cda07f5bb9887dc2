"""### Weekly sweep: what no date tells

Compares every id that each channel's store lists with the warehouse. Records gone from the store are marked deleted
(`deleted_at`) with their children and stay in the tables; one that comes back is unmarked. What the warehouse lacks,
what has no date of change, and what shows another date or another customer in the list is read again by id. Customers
and products are read whole: an edited address, or another category, moves no date of theirs. The list costs a call per
500 ids, reading a page of the bridge per 100 records (products, and without the bridge: a call per record).

**When it fails** with the question whether so many records are gone indeed, look into the store: if they are, run this
DAG again with the channel, the entity and *Allow deletions*. Nothing was marked until then; all else was done. A store
that lists nothing at all is never believed. Any other red task says in one sentence what to do; running again is safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.upkeep import list_targets, publish_all, sweep, verdict


@dag(
    schedule="0 4 * * 0",
    doc_md=__doc__,
    params=defaults.sweep_params(),
    tags=["maintain", "sweep"],
    **defaults.COMMON,
)
def maintain_sweep() -> None:
    swept = sweep.expand(target=list_targets())
    swept >> [publish_all.override(outlets=defaults.assets_of_all())(), verdict()]


maintain_sweep()
