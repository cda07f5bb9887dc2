"""### Purge a channel: everything of it goes, as if it had never been read

Deletes every row of the channel in every table (customers, orders, accounts and contacts that belong to no other
channel, history, quarantine, the ledger), its raw and staged files, and its pages of checks; reports and segments
forget it at once. Segment files that were delivered stay, until newer ones replace them. A channel that is only closed
needs no purge: `active: false` in its file keeps the data and leaves it out of statistics.

First write `active: false` into the channel's file, or remove the file; then start this DAG with the form, the code
typed twice. Should the channel come back, it is loaded as for the first time, with the same keys; people who were
erased stay erased.

**When it fails**, the red task says in one sentence what to do. Rows go in steps, each committed by itself, and the
channel stays in `ops.channels` until everything else is gone: run it again until it is green.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.purge import purge, purge_params
from include.orchestration.readers import tell_readers


@dag(
    schedule=None,
    doc_md=__doc__,
    params=purge_params(),
    tags=["maintain", "purge"],
    **defaults.COMMON,
)
def maintain_purge_channel() -> None:
    tell_readers.override(outlets=defaults.assets_of_all())(purge())


maintain_purge_channel()
