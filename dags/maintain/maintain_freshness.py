"""### Freshness of what is loaded

Compares, for every active channel and each of its entities, up to when the data is complete with how often it is due.
An entity that is more than three of its intervals behind, and more than an hour, turns this DAG red and is told by mail
or webhook where one is set up; so is that it has caught up. It reads the ledger only, never a store.

Failures tell of themselves. This finds what fails in silence: a paused DAG, a scheduler that stood still, a window that
is left over every time.

**When it fails**, the red task names what is behind and where to look. It turns green by itself when the data has
caught up; `ops.notices` shows what people were told and when.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.freshness import check_freshness


@dag(
    schedule="*/15 * * * *",
    doc_md=__doc__,
    params=defaults.freshness_params(),
    tags=["maintain", "freshness"],
    **defaults.COMMON,
)
def maintain_freshness() -> None:
    check_freshness()


maintain_freshness()
