"""### Daily reconciliation: does the warehouse hold what the store lists

Lists every id of each channel's store and compares it with the warehouse, range of ids by range (shipments, whose list
says no ids: all numbers at once). The counts are kept in
`ops.reconciliations`, with the ids of what is missing, extra or different; what quarantine, other websites and the
start date explain is counted apart and is no difference. Missing and different records are read again by id at once,
and compared again. Rows that the store does not list any more are named, and marked by `maintain_sweep`. The list costs
a call per 500 ids; carts and subscribers come in pages of whole records.

**When it fails**, the red task says in one sentence what to do, and the latest reconciliation stands. Differences do
not make it red: `ops.sync_health` shows how many are left, the task's log names them. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.upkeep import list_targets, publish_all, reconcile, verdict


@dag(
    schedule="30 2 * * *",
    doc_md=__doc__,
    params=defaults.upkeep_params(),
    tags=["maintain", "reconcile"],
    **defaults.COMMON,
)
def maintain_reconcile() -> None:
    reconciled = reconcile.expand(target=list_targets(is_by_id=False))
    reconciled >> [publish_all.override(outlets=defaults.assets_of_all())(), verdict()]


maintain_reconcile()
