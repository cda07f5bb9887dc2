"""### Note that a buyer was contacted about an order

Name the order by key and say how it went, what the buyer said and what is to be remembered. It is kept in
`crm.order_contacts`, and nothing of it goes to the store. A buyer who was reached is asked no more: the order's open
tasks end with it. `report.order_follow_up` has it at its next refresh. Airflow keeps what was filled in with the run;
words that must not stay there are recorded in SQL: `crm.record_contact`.

**When it fails**, the red task says in one sentence which field is wrong and why, and nothing was noted. Correct the
form and start it again. A run that was cut off and tried again notes one contact; one that is started anew notes one
more.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.workflow_forms import record_contact, record_contact_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=record_contact_params(),
    tags=["maintain", "form"],
    **defaults.COMMON,
)
def maintain_record_contact() -> None:
    record_contact()


maintain_record_contact()
