"""### Replay: raw copies once more through the mapping, without asking the store

Every window keeps the records as the store sent them for `raw_retention_days` of its channel. After a mapping or a
check was mended, this runs them through it again: the rows that come out otherwise are changed, all others are left
alone. Each record is taken from the last time it was read, so older windows never undo newer ones, and what was found
gone since stays gone. People who were erased stay erased.

Start it with the form: a channel, an entity, and some windows or a time, or all that is kept. What is older than the
raw copies is read from the store again, with *From* in the form of the sync DAG.

**When it fails**, the red task says in one sentence what to do. What was replayed before stays; running it again is
always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.readers import tell_readers
from include.orchestration.replay import replay, replay_params


@dag(
    schedule=None,
    doc_md=__doc__,
    params=replay_params(),
    tags=["maintain", "replay"],
    **defaults.COMMON,
)
def maintain_replay() -> None:
    tell_readers.override(outlets=defaults.assets_of_all())(replay())


maintain_replay()
