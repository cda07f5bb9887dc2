"""What reads records by id inside a task: the channel's store opened, with everything around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context
from sqlalchemy import Engine

from include.channels.model import Channel
from include.orchestration import resources

if TYPE_CHECKING:
    from include.sync.by_id import ById


@contextmanager
def opened(channel: Channel, engine: Engine) -> Iterator[ById]:
    """A reader of the channel's records, its store's session ended afterwards."""
    # Imported here: the road to pyarrow, which a DAG file must not take.
    from include.sync.by_id import ById
    from include.sync.mapping import mapping_of

    context = get_current_context()
    with resources.open_store(channel, engine) as door:
        yield ById(
            engine=engine,
            door=door,
            channel=channel,
            mapping=mapping_of(channel, door.report(), resources.identity(engine)),
            root=resources.staging_root(),
            # Runs of two DAGs that start in the same second are called alike.
            run_id=f"{context['dag'].dag_id} {context['run_id']}",
        )
