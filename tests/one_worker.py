"""Which files pytest-xdist gives to one worker together: those of folders that share what takes long to make.

Otherwise each file goes to whichever worker is free, and both would load the recorded shop four ways, import Airflow,
make its tables and read its DAGs. Both groups begin first, so that the rest can be shared out evenly around them.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

_GROUPS = {
    "with Airflow": ("tests/dags/", "tests/journeys/", "tests/orchestration/", "tests/plugins/"),
    "with the recorded shop": ("tests/wire/",),
}


def group_of(nodeid: str) -> str | None:
    """The group of a test; None for one whose file goes anywhere."""
    return next((name for name, folders in _GROUPS.items() if nodeid.startswith(folders)), None)


class GroupScheduling(LoadFileScheduling):
    """A group, or else a file, is one worker's."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid) or str(super()._split_scope(nodeid))
