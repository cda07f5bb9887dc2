"""### Segments that wait for a yes

A segment that has far more or fewer members than its `segment.yml` expects is not sent, nor one of which a file lost,
gained or exchanged most of its rows since the last delivered one, or all where there were ten or more: a query may be
broken, or a sync may have stopped half way. This DAG asks a person, under *Required Actions* in Airflow, with the
segment, its sizes and what is expected. *Approve* writes and sends its files, and holds for a week, for the same
contract and query, as long as no size goes further away; *Reject* keeps them back. No answer within twelve hours means
no. `marketing.approvals` keeps who said what.

It starts by itself when `segment_files` holds a segment back, and can be started by hand.

**When it fails**, the red task says what to do: nobody answered in time, or the approved files could not be written or
sent. The next run of `segment_files` asks again, or sends what was approved.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.approval import approval_params, ask_and_send, list_questions


@dag(
    schedule=defaults.when_asked(),
    doc_md=__doc__,
    params=approval_params(),
    tags=["segment", "approval"],
    **defaults.COMMON,
)
def segment_approval() -> None:
    ask_and_send.expand(question=list_questions())


segment_approval()
