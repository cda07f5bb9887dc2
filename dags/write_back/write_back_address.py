"""### Change, add or delete an address in a customer's book

Fill in what shall be different and leave the rest alone. The request is checked (crm.changeable_fields), stored in
`crm.outbox` and sent by `write_back_outbox`, which starts at once. A new address needs first and last name, street,
city, country and telephone. An address cannot be taken out of its default role: make another one the default. Airflow
keeps what was filled in with the run, as with every form; whoever must not leave personal data there uses
`crm.request_change` in SQL.

**When it fails**, the red task says in one sentence which field is wrong and why; nothing was asked for. Correct the
form and start it again. The same run tried twice asks once.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.write_back_forms import ask, form_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=form_params("address"),
    tags=["write_back", "form"],
    **defaults.COMMON,
)
def write_back_address() -> None:
    ask.override(outlets=[defaults.asset_of_outbox()])("address")


write_back_address()
