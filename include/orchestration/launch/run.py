"""`make run`: the whole chain once, every DAG run in dependency order in this process, without a scheduler.

The same DAGs and tasks as under the scheduler, so what works here works there. A DAG that fails does not stop the
others; the exit status tells whether any failed.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from include.channels.loading import get_active_channel, load_channels
from include.channels.model import Channel
from include.entities.catalogue import ENTITY_NAMES
from include.errors import ConfigError, SyncError
from include.orchestration.launch.console import quiet
from include.orchestration.launch.environment import local_settings, prepare_environment
from include.orchestration.launch.shop import shop_beside
from include.orchestration.launch.warehouse import migrate_warehouse
from include.orchestration.launch.written_once import dags_written_once
from include.reports.areas import AREAS
from include.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from airflow.sdk import DAG

FOLDERS = ("sync", "report", "segment")
"""The folders of dags/ that make up the chain, in the order in which they feed one another."""

ASKS = "approval"
"""Tag of DAGs that wait for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One DAG of the chain, as it went.

    Attributes:
        sentences: what went wrong.
        notices: what else there is to know: what a store cannot deliver, what a dry run would change.
    """

    dag_id: str
    is_success: bool
    sentences: tuple[str, ...]
    notices: tuple[str, ...] = ()
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the command line; 0 when every DAG succeeded."""
    chosen = vars(_parser().parse_args(arguments))
    channel, entity = chosen.pop("channel"), chosen.pop("entity")
    answers = {name: answer for name, answer in chosen.items() if answer}
    try:
        settings = local_settings()
        _check_answers(channel, entity, answers)
        with shop_beside(settings, channel):
            steps = run_chain(settings, channel=channel, entity=entity, answers=answers)
    except SyncError as error:
        print(f"make run: {error.summary}", file=sys.stderr)
        return 1
    return 0 if all(step.is_success for step in steps) else 1


def _parser() -> argparse.ArgumentParser:
    """The options; those beside channel and entity are named like the answers of a sync DAG's form."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    add = parser.add_argument
    add("--channel", help="only this channel (its code)")
    add("--entity", choices=ENTITY_NAMES, help="only this entity, and no reports and segments")
    add("--ids", help="only these records, by Magento's own id, parted by commas")
    add("--number", help="only these records, by the number people see, parted by commas")
    add("--from", help="read again what changed in the store since then (UTC)")
    add("--to", help="with --from: up to then; until now by default")
    add("--dry-run", dest="dry_run", action="store_true", help="tell what would change, and change nothing")
    add("--full", dest="full_resync", action="store_true", help="read everything again; empties no table")
    return parser


def _check_answers(channel: str | None, entity: str | None, answers: Mapping[str, Any]) -> None:
    if ("ids" in answers or "number" in answers) and not (channel and entity):
        raise ConfigError(
            "IDS= and NUMBER= name records of one entity of one store: give CHANNEL= and ENTITY= as well."
        )


def run_chain(
    settings: Settings,
    *,
    channel: str | None = None,
    entity: str | None = None,
    answers: Mapping[str, Any] | None = None,
) -> list[Step]:
    """Prepare everything, run the DAGs one after the other, and tell of each when it is over.

    Args:
        settings: of this installation.
        channel: only this one.
        entity: only this one, and no reports and segments.
        answers: what to fill into the DAGs' forms, as far as they ask for it.

    Raises:
        ConfigError: something a person must mend before anything can run.
        TransientError: the warehouse does not answer.
    """
    # Airflow's million objects stay to the end: Python's default looked through all of them every few seconds.
    gc.set_threshold(20_000, 20, 100)
    heard = check_channels(settings, channel, entity)
    conf = dict(answers or {}) | ({"channel": channel} if channel else {})
    log = settings.data_dir / "logs" / "run.log"
    with quiet(log) as screen:
        os.environ["CRM_TASK_RETRIES"] = "0"  # whoever started this decides on another try
        os.environ["CRM_NOBODY_ANSWERS"] = "1"  # what needs a yes fails and says so
        prepare_environment(settings)
        migrate_warehouse(settings)
        with dags_written_once():
            steps = [told(step, screen, heard) for step in _steps(entity, conf)]
        if not all(step.is_success for step in steps):
            screen.write(f"The whole log is {log}.\n")
    return steps


def check_channels(settings: Settings, channel: str | None, entity: str | None = None) -> set[str]:
    """Tell of refused channel files at once, for the other channels run all the same; the sentences told.

    Raises:
        ConfigError: there is nothing to run.
    """
    if channel:
        _check_asked(get_active_channel(settings.channels_dir, channel, ENTITY_NAMES), entity)
        return set()
    found = load_channels(settings.channels_dir, ENTITY_NAMES)
    sentences = [refusal.sentence for refusal in found.refused]
    if not any(one.active for one in found.channels):
        nothing = f"There is no channel to run: put the file of an active channel (*.yml) into {settings.channels_dir}."
        raise ConfigError(" ".join([*sentences, nothing]))
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return set(sentences)


def _check_asked(channel: Channel, entity: str | None) -> None:
    """Refuse what would end green without having read anything."""
    if entity and entity not in channel.entities:
        raise ConfigError(
            f"Channel {channel.code} does not sync {entity}: add it to `entities` in its file, or ask for one of "
            f"{', '.join(channel.entities)}."
        )


def _steps(entity: str | None, conf: Mapping[str, Any]) -> Iterator[Step]:
    for dag in chain(entity):
        # What feeds on the tables has nothing to do where none of them changes.
        if folder_of(dag) == "sync" or not conf.get("dry_run"):
            yield run_dag(dag, conf)


def chain(entity: str | None) -> list[DAG]:
    """The DAGs of the chain: entities in the order of the catalogue, then reports by area, then segments."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(PROJECT_ROOT / "dags"))
    if bag.import_errors:
        broken = ", ".join(sorted(bag.import_errors))
        raise ConfigError(f"DAG files cannot be imported, mend or remove them: {broken}.")
    feeding = [f"sync_{name}" for name in ENTITY_NAMES] + [f"report_{area}" for area in AREAS]
    order = {dag_id: number for number, dag_id in enumerate(feeding)}
    # A DAG that asks a person would wait for hours for an answer that nobody can give without the UI.
    dags: list[Any] = [dag for dag in bag.dags.values() if folder_of(dag) in FOLDERS and ASKS not in dag.tags]
    dags.sort(key=lambda dag: (FOLDERS.index(folder_of(dag)), order.get(dag.dag_id, len(order)), dag.dag_id))
    return [dag for dag in dags if entity is None or dag.dag_id == f"sync_{entity}"]


def folder_of(dag: Any) -> str:
    """The folder of dags/ a DAG lives in; also its first tag."""
    return Path(dag.fileloc).parent.name


def run_dag(dag: DAG, conf: Mapping[str, Any]) -> Step:
    """One DAG, to its end, with the answers of `conf` that its form asks for."""
    from include.orchestration.failures import noticed, said

    said.clear()
    noticed.clear()
    started = time.monotonic()
    dag.deadline = None  # Airflow 3.3.2 cannot end the test of a DAG that has one
    run: Any = dag.test(run_conf={name: value for name, value in conf.items() if name in dag.params})
    return Step(
        dag_id=dag.dag_id,
        is_success=run.state == "success",
        sentences=tuple(dict.fromkeys(said)),
        notices=tuple(noticed),
        seconds=time.monotonic() - started,
    )


def told(step: Step, screen: TextIO, heard: set[str]) -> Step:
    """One line per DAG, one per thing to know, and one per thing that went wrong, unless it was `heard` before."""
    state = "done" if step.is_success else "FAILED"
    screen.write(f"{step.dag_id:<28} {state:<6} {step.seconds:5.1f} s\n")
    screen.writelines(f"  {notice}\n" for notice in step.notices)
    if not step.is_success:
        sentences = step.sentences or ("An unexpected error: see the log.",)
        new = [sentence for sentence in sentences if sentence not in heard]
        screen.writelines(f"  {sentence}\n" for sentence in new or ["For the reason above."])
        heard.update(new)
    screen.flush()
    return step


if __name__ == "__main__":
    sys.exit(main())
