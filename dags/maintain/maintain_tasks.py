"""### Tasks: what people are to do next

Brings `crm.tasks` up to date by the rules of `sql/tasks/`, every hour and after the reports they read changed: carts to
call about, orders to follow up. A task is opened once per occasion and closed by its outcome: the cart was bought,
given up or made an opportunity, the buyer was reached, or it is too late. What a person closed (`crm.close_task`) stays
closed. `select * from crm.open_tasks order by due_at` is the list to work through, with whom to reach and how.

To add a rule, add a folder; this DAG finds it. `task.yml` in it says what is to be done and why.

**When it fails**, the red task says in one sentence which folder is refused and what to mend; the tasks of the other
rules are up to date all the same. Running it again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.tasks import check_rules, list_rules, open_and_close, task_params


@dag(
    schedule=defaults.when_tasks_may_change(),
    doc_md=__doc__,
    params=task_params(),
    tags=["maintain", "tasks"],
    **defaults.COMMON,
)
def maintain_tasks() -> None:
    check_rules()
    open_and_close.expand(name=list_rules())


maintain_tasks()
