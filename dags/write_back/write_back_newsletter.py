"""### Subscribe a customer to the newsletter, or unsubscribe

Name the customer by key and choose. Subscribing takes the customer's newsletter entries there are, or makes one;
unsubscribing takes all of them. The request is stored in `crm.outbox` and sent by `write_back_outbox`, which starts at
once. The store may mail its own confirmation, as it is set up to. Nobody is subscribed for whom an opt-out in
`marketing.suppressions` holds, at this address or another of their account: if they want the newsletter after all, take
it back first with `make suppress LIFT='why'`.

**When it fails**, the red task says in one sentence which field is wrong and why; nothing was asked for. Correct the
form and start it again. The same run tried twice asks once.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.write_back_forms import ask, form_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=form_params("newsletter"),
    tags=["write_back", "form"],
    **defaults.COMMON,
)
def write_back_newsletter() -> None:
    ask.override(outlets=[defaults.asset_of_outbox()])("newsletter")


write_back_newsletter()
