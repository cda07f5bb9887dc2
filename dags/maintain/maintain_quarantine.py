"""### Quarantine: a second look at the records that wait

Records that a check refuses wait in `ops.quarantine`, whole, with the reasons and what was read; their last good
version stays loaded. Most are let go by themselves, when a sync brings them healthy. For the others, start this DAG
with the form: **read again from the store** (after the record was mended there), **check again as kept** (after a
mapping or a check was mended here; the store is not asked), or **dismiss** what nobody will mend, with a reason that
stays in `ops.quarantine`. A record that is refused once more goes on waiting, with its new reasons.

**When it fails**, the red task says in one sentence what to do; the records of other channels and entities were looked
at all the same. Running it again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.quarantine import look_again, quarantine_params
from include.orchestration.readers import tell_readers


@dag(
    schedule=None,
    doc_md=__doc__,
    params=quarantine_params(),
    tags=["maintain", "quarantine"],
    **defaults.COMMON,
)
def maintain_quarantine() -> None:
    tell_readers.override(outlets=defaults.assets_of_all())(look_again())


maintain_quarantine()
