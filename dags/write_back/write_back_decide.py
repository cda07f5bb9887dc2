"""### Decide: changes of the stores that cannot go on by themselves

`select * from crm.waiting_changes` shows what waits and what died, why, and what can be answered. Entries wait for a
person as `conflict` (store and CRM both changed a field, and the channel says `ask`; `conflicts_json` has both values),
or ended as `rejected` (the store does not accept them) or `dead` (tried too often). Name them by number, or all of one
state, and say what shall become of them: **retry** once the reason is mended, **drop** what nobody wants any more, and
of a conflict **crm** (write what was asked for) or **store** (leave the store as it is). In SQL:
`select crm.decide_change(17, 'retry')`.

**When it fails**, the red task says which answer does not fit the entry's state, and nothing was decided: correct the
form and start it again.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.write_back_decide import decide, decide_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=decide_params(),
    tags=["write_back", "outbox"],
    **defaults.COMMON,
)
def write_back_decide() -> None:
    decide()


write_back_decide()
