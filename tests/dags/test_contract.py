from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from croniter import croniter

from include.channels.model import DEFAULT_INTERVAL, DEFAULT_INTERVALS
from include.entities.catalogue import ENTITIES, ENTITY_NAMES
from include.entities.catalogue import entity as entity_named
from include.entities.model import Entity
from include.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

pytestmark = pytest.mark.contract

FILES = sorted((PROJECT_ROOT / "dags").rglob("*.py"))
SYNC = {
    "plan": {"load.extract", "load.validate", "load.upsert"},
    "load.extract": {"load.validate"},
    "load.validate": {"load.upsert"},
    "load.upsert": {"publish", "verdict"},
    "publish": set(),
    "verdict": set(),
}
"""Which task is followed by which; every task of the group takes its batch from the plan."""
SYNC_WITH_PARENTS = SYNC | {"load.upsert": {"fetch_parents"}, "fetch_parents": {"publish", "verdict"}}

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
each_sync = pytest.mark.parametrize("entity", ENTITY_NAMES)
# What it reads is about the syncing itself, and grows old while nothing arrives.
BY_THE_CLOCK = "report_operations"
each_reader = pytest.mark.parametrize(
    "path",
    [f for f in FILES if f.parent.name in ("report", "segment") and f.stem != BY_THE_CLOCK],
    ids=lambda f: f.stem,
)


def dag_of(bag: DagBag, path: Path) -> Any:
    return bag.dags[path.stem]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_file_is_one_dag_named_after_it(bag: DagBag) -> None:
    assert bag.import_errors == {}
    assert FILES
    assert {dag.fileloc: dag.dag_id for dag in bag.dags.values()} == {str(path): path.stem for path in FILES}


@each_file
def test_folder_and_first_tag_are_the_verb(bag: DagBag, path: Path) -> None:
    from include.orchestration.defaults import VERBS

    assert path.parent.name in VERBS
    assert dag_of(bag, path).tags >= {path.parent.name}
    assert first_tag(path) == path.parent.name
    assert path.stem.startswith(path.parent.name)


def first_tag(path: Path) -> str:
    """Airflow keeps tags as a set, so their order is only in the file."""
    (tags,) = [
        k.value
        for n in ast.walk(tree_of(path))
        if isinstance(n, ast.Call)
        for k in n.keywords
        if k.arg == "tags"
    ]
    return str(ast.literal_eval(tags)[0])


@each_file
def test_the_page_of_a_dag_says_what_it_does_and_what_to_do_when_it_fails(bag: DagBag, path: Path) -> None:
    text = dag_of(bag, path).doc_md
    assert text.startswith("### ")
    assert "**When it fails**" in text
    assert len(text.split()) > 60


@each_file
def test_runs_never_pile_up_and_tasks_end(bag: DagBag, path: Path) -> None:
    dag = dag_of(bag, path)
    assert (dag.catchup, dag.max_active_runs) == (False, 1)
    assert dag.start_date.utcoffset() == timedelta(0)
    assert all(task.execution_timeout <= timedelta(hours=2) for task in dag.tasks)


@each_file
def test_tasks_are_tried_again_later_and_later(bag: DagBag, path: Path) -> None:
    for task in dag_of(bag, path).tasks:
        judges = task.task_id == "verdict" or task.task_id.rpartition(".")[2].startswith("check_")
        assert task.retries == (0 if judges else 2)
        assert task.retry_delay >= timedelta(minutes=1)
        assert task.retry_exponential_backoff


@each_file
def test_the_form_explains_every_answer(bag: DagBag, path: Path) -> None:
    params = dag_of(bag, path).params
    answers = [params.get_param(name) for name in params]
    assert answers
    assert all(len(answer.description or "") > 10 and answer.schema["title"] for answer in answers)
    assert not any(params.dump().values())


@each_file
def test_a_dag_file_only_wires(path: Path) -> None:
    loops = (ast.For, ast.While, ast.comprehension, ast.If, ast.IfExp, ast.Try, ast.Lambda)
    tree = tree_of(path)
    assert [type(node).__name__ for node in ast.walk(tree) if isinstance(node, loops)] == []
    page = ast.get_docstring(tree, clean=False)
    texts = [str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert [text for text in texts if "select " in text.lower() and text != page] == []
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40


@each_file
def test_a_dag_file_imports_airflow_and_the_orchestration_only(path: Path) -> None:
    tree = tree_of(path)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    allowed = {m for m in modules if m == "airflow.sdk" or f"{m}.".startswith("include.orchestration.")}
    assert modules == allowed | {"airflow.sdk"}


def test_every_entity_has_exactly_one_sync_dag(bag: DagBag) -> None:
    synced = sorted(path.stem for path in FILES if path.parent.name == "sync")
    assert synced == sorted(f"sync_{entity.name}" for entity in ENTITIES)


@each_sync
def test_a_sync_dag_is_plan_then_batches_then_publish_and_verdict(bag: DagBag, entity: str) -> None:
    dag = bag.dags[f"sync_{entity}"]
    tasks = SYNC_WITH_PARENTS if entity_named(entity).parents else SYNC
    assert {task.task_id: task.downstream_task_ids for task in dag.tasks} == tasks
    assert all(task.is_mapped == ("load." in task.task_id) or task.task_group for task in dag.tasks)
    assert dag.tags == {"sync", entity}


@each_sync
def test_a_failed_batch_stops_neither_its_checks_nor_the_news_nor_the_verdict(
    bag: DagBag, entity: str
) -> None:
    rules = {
        task.task_id: str(getattr(task.trigger_rule, "value", task.trigger_rule))
        for task in bag.dags[f"sync_{entity}"].tasks
    }
    assert {name for name, rule in rules.items() if rule == "all_done"} == {
        "load.validate",
        "load.upsert",
        "publish",
        "verdict",
    } | ({"fetch_parents"} & set(rules))


@each_sync
def test_a_sync_dag_runs_as_often_as_a_channel_may_ask_for(bag: DagBag, entity: str) -> None:
    runs = croniter(bag.dags[f"sync_{entity}"].timetable.expression, datetime(2026, 3, 1, tzinfo=UTC))
    first, second = (runs.get_next(datetime) for _ in range(2))
    assert second - first == DEFAULT_INTERVALS.get(entity, DEFAULT_INTERVAL)


@each_sync
def test_the_first_batch_is_loaded_before_the_last_is_read(bag: DagBag, entity: str) -> None:
    dag = bag.dags[f"sync_{entity}"]
    rules = [dag.get_task(f"load.{verb}").weight_rule for verb in ("extract", "validate", "upsert")]
    assert rules == ["upstream"] * 3


@each_sync
def test_each_table_is_told_of_by_publish_and_those_of_parents_by_who_fetches_them(
    bag: DagBag, entity: str
) -> None:
    outlets = {
        task.task_id: {asset.name for asset in task.outlets} for task in bag.dags[f"sync_{entity}"].tasks
    }
    told = {
        "publish": tables_of(entity_named(entity)),
        "fetch_parents": tables_of_parents(entity_named(entity)),
    }
    assert {name: assets for name, assets in outlets.items() if assets} == {
        k: v for k, v in told.items() if v
    }


def tables_of(entity: Entity) -> set[str]:
    return {f"crm.{table.name}" for table in entity.tables}


def tables_of_parents(entity: Entity) -> set[str]:
    """Fetched parents have parents of their own."""
    parents = [entity_named(parent.entity) for parent in entity.parents]
    return set().union(*(tables_of(parent) | tables_of_parents(parent) for parent in parents))


@each_reader
def test_readers_are_scheduled_on_assets_that_a_sync_dag_tells_of(bag: DagBag, path: Path) -> None:
    told = {asset.name for dag in bag.dags.values() for task in dag.tasks for asset in task.outlets}
    waited_for = {asset.name for asset in dag_of(bag, path).timetable.asset_condition.objects}
    assert waited_for
    assert waited_for <= told
