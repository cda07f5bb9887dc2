"""### Write back: what was asked of the stores is made so

Sends the entries of `crm.outbox` that `crm.request_change` has taken in, for channels whose `two_way` is on (it is off
by default). Each record is read fresh and merged field by field with what the writer saw and wants; where both sides
changed, the channel's priority decides, or the entry waits as `conflict`. What is written is read back and verified,
and the record is synced at once. A change whose answer was lost is looked up in the store before it is repeated.
`ops.write_back_log` keeps every decision. *Dry run* in the form tells which fields would be written.

**When it fails**, the red task says in one sentence what to do; entries it had at hand wait and are taken up by the
next run. What a store refuses does not fail the run: `select * from crm.outbox where state in ('rejected', 'conflict',
'dead')` has the reasons. Running it again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.order_approval import publish_orders_to_ask_about
from include.orchestration.upkeep import publish_all
from include.orchestration.write_back import list_writable, send, write_back_params


@dag(
    schedule=defaults.at_or_when("*/5 * * * *", defaults.when_changes_are_asked()),
    doc_md=__doc__,
    params=write_back_params(),
    tags=["write_back", "outbox"],
    **defaults.COMMON,
)
def write_back_outbox() -> None:
    sent = send.expand(target=list_writable())
    sent >> publish_all.override(outlets=defaults.assets_of_all())()
    sent >> publish_orders_to_ask_about.override(outlets=[defaults.asset_of_orders_to_ask_about()])()


write_back_outbox()
