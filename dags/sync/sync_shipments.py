"""### Shipments, with lines, tracking numbers and comments

Reads the shipments that changed in each channel's store, checks them, and merges them into `crm.shipments`,
`crm.shipment_items`, `crm.shipment_tracks` and `crm.shipment_comments`. Each shipment costs a call of its own, since
the list has number, date and quantity only; a store that does not answer that call gives those, and the window says so
(`ops.windows.remarks`).

**Windows.** The list has no ids: the first runs load by date of creation, newest first; later runs read what changed
since the frontier, less an overlap of ten minutes. A tracking number or comment moves no date of its shipment, so the
shipments of the last 30 days are read again once a day. A shipment's order that the warehouse lacks is fetched by id in
the same run, with its customer. For want of ids, `maintain_sweep` leaves shipments out: one that is deleted in the
store stays here, and `maintain_reconcile` names it.

**When it fails**, the red task says in one sentence what to do. `ops.windows` shows every window with its counts and
error, `ops.quarantine` the records that wait and why. Running again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.parents import fetch_parents
from include.orchestration.sync import load, plan, publish, verdict


@dag(
    schedule="35 * * * *",
    doc_md=__doc__,
    params=defaults.sync_params(),
    tags=["sync", "shipments"],
    **defaults.SYNC,
)
def sync_shipments() -> None:
    loaded = load.expand(batch=plan("shipments"))
    fetched = fetch_parents.override(outlets=defaults.assets_of_parents("shipments"))("shipments")
    published = publish.override(outlets=defaults.assets_of("shipments"))("shipments")
    loaded >> fetched >> [published, verdict("shipments")]


sync_shipments()
