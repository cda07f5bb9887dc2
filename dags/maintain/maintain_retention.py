"""### Retention: old rows of the ledger and old files go

Once a day: finished windows and what people were told (`CRM_KEEP_LEDGER_DAYS`), results of checks
(`CRM_KEEP_CHECKS_DAYS`), quarantine entries that wait no longer (`CRM_KEEP_QUARANTINE_DAYS`), affected keys that every
report and segment has followed, raw and staged records (`raw_retention_days` of the channel), logs below the data
folder (`CRM_KEEP_LOGS_DAYS`), pages of checks that belong to nothing, and what broken exports left. Tables of schema
`crm` lose nothing, and the ledger keeps what its arithmetic needs. The logs of the tasks count everything.

**When it fails**, the red task says in one sentence what to do; nothing but disk space depends on it. Rows go in steps,
each committed by itself, so running it again goes on where it stopped.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.retention import prune_files, prune_rows, retention_params


@dag(
    schedule="20 3 * * *",
    doc_md=__doc__,
    params=retention_params(),
    tags=["maintain", "retention"],
    **defaults.COMMON,
)
def maintain_retention() -> None:
    prune_rows()
    prune_files()


maintain_retention()
