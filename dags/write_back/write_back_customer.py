"""### Change or create a customer in the store

Fill in what shall be different and leave the rest alone. The request is checked (crm.changeable_fields), stored in
`crm.outbox` and sent by `write_back_outbox`, which starts at once: it reads the customer fresh, merges field by field,
writes, reads back and syncs. What to empty is chosen under *Empty these*. A guest has no account in the store, so no
guest can be changed. Airflow keeps what was filled in with the run, as with every form; whoever must not leave
personal data there uses `crm.request_change` in SQL.

**When it fails**, the red task says in one sentence which field is wrong and why; nothing was asked for. Correct the
form and start it again. The same run tried twice asks once.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.write_back_forms import ask, form_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=form_params("customer"),
    tags=["write_back", "form"],
    **defaults.COMMON,
)
def write_back_customer() -> None:
    ask.override(outlets=[defaults.asset_of_outbox()])("customer")


write_back_customer()
