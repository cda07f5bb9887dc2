"""### Close a task by hand

`select * from crm.open_tasks order by due_at` is the list of what people are to do next. Most tasks close by what
happened: the cart was bought, the buyer was reached. This closes one by hand, as done or as not needed, with a note;
a task that a person closed is not opened again for the same occasion. In SQL: `crm.close_task`. Nothing of it goes to
the store.

**When it fails**, the red task says in one sentence what does not fit, most often that the task is closed already, and
nothing was changed. Correct the form and start it again.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.workflow_forms import close_task, close_task_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=close_task_params(),
    tags=["maintain", "form"],
    **defaults.COMMON,
)
def maintain_close_task() -> None:
    close_task()


maintain_close_task()
