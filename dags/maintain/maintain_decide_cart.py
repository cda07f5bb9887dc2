"""### Give a cart up, reopen it, or make an opportunity of it

What the CRM side decides about a cart; nothing of it goes to the store. *abandon*: an open cart is given up and its
status is lost. *convert to opportunity*: it is sold by other means, with the cart's sum as budget. *reopen*: open
again. Open tasks about the cart end with it. The step is kept in `crm.cart_transitions`, the superseded status in
`crm.carts_history`, and reports that read carts are refreshed. A cart that the store sells or closes says so all the
same. In SQL: `crm.abandon_cart`, `crm.reopen_cart`, `crm.convert_cart_to_opportunity`.

**When it fails**, the red task says in one sentence what does not fit (no such cart, one that is not open), and nothing
was changed. Correct the form and start it again.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.workflow_forms import decide_cart, decide_cart_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=decide_cart_params(),
    tags=["maintain", "form"],
    **defaults.COMMON,
)
def maintain_decide_cart() -> None:
    decide_cart.override(outlets=defaults.assets_of("carts"))()


maintain_decide_cart()
