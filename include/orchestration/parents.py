"""The task between loading and publishing: fetch by id what the loaded rows refer to and the warehouse lacks.

It opens a store only when something is missing, which is rare: most runs pay one query.
"""

from __future__ import annotations

from collections.abc import Sequence

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from sqlalchemy import Engine, text

from include.channels.loading import get_channel
from include.entities.catalogue import ENTITY_NAMES
from include.entities.catalogue import entity as entity_named
from include.errors import SyncError
from include.orchestration import resources
from include.orchestration.by_id import opened
from include.orchestration.failures import as_sentence, fail, naming, spoken
from include.orchestration.planning import is_dry_run
from include.orchestration.sync import FAILURES
from include.settings import Settings

_READ_IN_THIS_RUN = """
select distinct channel_code from ops.windows where run_id = :run_id and entity = :entity order by channel_code
"""


@task(trigger_rule="all_done")
def fetch_parents(entity_name: str) -> int:
    """Fetch missing parents, and theirs, by id; skipped when none changed a row, so that nobody is told."""
    if is_dry_run():
        raise AirflowSkipException("A dry run changes nothing.")
    context = get_current_context()
    changed, failures = 0, list[SyncError]()
    with spoken(), resources.open_warehouse() as engine:
        for code in _channels(engine, str(context["run_id"]), entity_name):
            try:
                with naming(code):
                    changed += _fetch(engine, code, entity_name)
            except Exception as error:  # noqa: BLE001 - told in the end: one channel's trouble is not the others'
                failures.append(as_sentence(error, f"Channel {code}"))
    # Also when there are none: without a word `verdict` takes it that this task was cut off.
    context["ti"].xcom_push(key=FAILURES, value=[error.summary for error in failures])
    if failures:
        fail(failures)
    if not changed:
        raise AirflowSkipException("No row of a parent changed.")
    return changed


def _channels(engine: Engine, run_id: str, entity_name: str) -> Sequence[str]:
    """Codes of the channels that this run has read."""
    with engine.connect() as connection:
        values = {"run_id": run_id, "entity": entity_name}
        return connection.execute(text(_READ_IN_THIS_RUN), values).scalars().all()


def _fetch(engine: Engine, code: str, entity_name: str) -> int:
    # Imported here: the road to pyarrow, which a DAG file must not take.
    from include.sync.parents import fetch, has_pending

    channel = get_channel(Settings.from_environment().channels_dir, code, ENTITY_NAMES)
    entity = entity_named(entity_name)
    if not has_pending(engine, channel, entity):
        return 0
    with opened(channel, engine) as reader:
        return fetch(reader, entity)
