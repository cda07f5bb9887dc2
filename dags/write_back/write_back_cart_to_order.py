"""### Turn a cart into an order

Name the open cart by key; methods that were chosen in it stay unless others are given. The request is stored in
`crm.outbox` and sent by `write_back_outbox`, which starts at once: it looks whether an order came of the cart already,
refuses what the store would refuse, places the order once, and reads cart and order again. Where the channel says
`two_way.ask_before_order`, `write_back_cart_approval` asks a person first, and the entry waits until somebody has said
yes to the sum. It waits in `crm.waiting_changes`, too, where the cart is no longer what the warehouse showed when this
form was sent.

**When it fails**, the red task says in one sentence what is wrong with the form, and nothing was asked for. What the
store refuses later (no stock, a method it does not offer) ends as `rejected` with its reason in `crm.waiting_changes`.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.write_back_forms import ask, form_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=form_params("cart_to_order"),
    tags=["write_back", "form"],
    **defaults.COMMON,
)
def write_back_cart_to_order() -> None:
    ask.override(outlets=[defaults.asset_of_outbox()])("cart_to_order")


write_back_cart_to_order()
