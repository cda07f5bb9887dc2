"""### Carts that wait for a yes

Where a channel says `two_way.ask_before_order`, a cart that shall become an order is shown to a person first, under
*Required Actions* in Airflow: its products, the totals as the store works them out, and how it is shipped and paid.
*Approve* orders it, as long as it comes to the same sum then; *Reject* drops the request; methods that it
asked for are set in the cart by then, and stay. With `two_way.second_person_for_orders` whoever asked for the order
cannot approve it.
Without an answer within an hour the request goes on waiting in `crm.waiting_changes`, where `write_back_decide` decides
it as well: crm for yes, drop for no. Nobody is named in the question.

It starts by itself when `write_back_outbox` meets such a cart, and can be started by hand to ask again.

**When it fails**, nobody answered in time, or the request was decided elsewhere meanwhile; the red task says which.
Start it again to ask about what still waits.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.order_approval import (
    ask_a_person,
    list_orders_to_ask_about,
    order_approval_params,
    send_at_once,
)


@dag(
    schedule=defaults.when_orders_wait(),
    doc_md=__doc__,
    params=order_approval_params(),
    tags=["write_back", "approval"],
    **defaults.COMMON,
)
def write_back_cart_approval() -> None:
    asked = ask_a_person.expand(question=list_orders_to_ask_about())
    asked >> send_at_once.override(outlets=[defaults.asset_of_outbox()])()


write_back_cart_approval()
