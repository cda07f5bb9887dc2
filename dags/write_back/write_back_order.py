"""### Comment, hold, release or cancel an order

Name the order by key and choose. A comment keeps the order's present status, and is mailed to the customer only when
*Mail it* is on; Magento 1 cannot show it in the shop from here. The request is stored in `crm.outbox` and sent by
`write_back_outbox`, which starts at once and looks first whether the order is like that already. What the store does
not allow (an order that was shipped cannot be cancelled) ends as `rejected` with its reason in `crm.waiting_changes`.

**When it fails**, the red task says in one sentence which field is wrong and why; nothing was asked for. Correct the
form and start it again. The same run tried twice asks once.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.write_back_forms import ask, form_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=form_params("order"),
    tags=["write_back", "form"],
    **defaults.COMMON,
)
def write_back_order() -> None:
    ask.override(outlets=[defaults.asset_of_outbox()])("order")


write_back_order()
