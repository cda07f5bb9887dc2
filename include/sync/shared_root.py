"""That all workers see one staging root: what one extracts another one checks and loads.

The root holds a file with a number drawn once, and the warehouse remembers it: a worker that finds another number, or
none, has a folder of its own under the same name. Without the check its tasks would miss parts that are there, or the
store would be read for nothing.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

from sqlalchemy import Engine, text

from include.errors import ConfigError
from include.private_storage import make_private_folder, open_private
from include.sync.staging import FolderPath, writing

PURPOSE = "staging"
MARK = "root-id"

_HOLD = text("""
insert into ops.shared_roots as known (purpose, root_id) values (:purpose, '')
on conflict (purpose) do update set purpose = excluded.purpose
returning root_id
""")
_NOTE = text("update ops.shared_roots set root_id = :root_id, noted_at = now() where purpose = :purpose")
_KNOWN = text("select root_id from ops.shared_roots where purpose = :purpose")


def note_root(engine: Engine, root: FolderPath) -> None:
    """Remember which root this worker stages in, the one that a run's other workers must have; a new root is marked.

    Raises:
        ConfigError: it cannot be written.
        TransientError: the storage does not answer.
    """
    with engine.begin() as connection, writing():
        # The row is locked until the transaction ends: workers that start at once must not both mark the root.
        known = connection.execute(_HOLD, {"purpose": PURPOSE}).scalar_one()
        found = _found(root) or _marked(root)
        if found != known:
            connection.execute(_NOTE, {"purpose": PURPOSE, "root_id": found})


def assure_shared(engine: Engine, root: FolderPath) -> None:
    """Refuse to work in another root than the one the run was planned in.

    Raises:
        ConfigError: this worker has a folder of its own.
    """
    with engine.connect() as connection:
        known = connection.execute(_KNOWN, {"purpose": PURPOSE}).scalar()
    if known is not None and _found(root) != known:
        raise ConfigError(
            "This worker does not see the staging root that the run was planned in: point CRM_STAGING_URL at storage "
            "that all workers share (s3://, gs:// or a common mount), then run again."
        )


def _found(root: FolderPath) -> str | None:
    with suppress(FileNotFoundError), (root / MARK).open("rb") as file:
        return bytes(file.read()).decode()
    return None


def _marked(root: FolderPath) -> str:
    """A number of its own for every folder: two workers' namesakes must never agree."""
    root_id = uuid4().hex
    make_private_folder(root)
    with open_private(root / MARK) as file:
        file.write(root_id.encode())
    return root_id
