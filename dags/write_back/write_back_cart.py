"""### Build a cart for somebody, or change an open one

Products, addresses, methods and coupon, for a customer, for a guest whom the CRM knows, or for somebody new. The
request is checked (crm.changeable_fields), stored in `crm.outbox` and sent by `write_back_outbox`, which starts at
once. A change is merged field by field with what the store holds by then. The new cart's key is in `result_json` of
the entry; `write_back_cart_to_order` makes an order of it. Airflow keeps what was filled in with the run, as with every
form; whoever must not leave personal data there uses `crm.request_change` in SQL.

**When it fails**, the red task says in one sentence which field is wrong and why, line by line for products and
addresses; nothing was asked for. Correct the form and start it again. The same run tried twice asks once. What the
store refuses later (no stock, a coupon that does not hold) ends as `rejected` in `crm.waiting_changes`.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.write_back_forms import ask, form_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=form_params("cart"),
    tags=["write_back", "form"],
    **defaults.COMMON,
)
def write_back_cart() -> None:
    ask.override(outlets=[defaults.asset_of_outbox()])("cart")


write_back_cart()
