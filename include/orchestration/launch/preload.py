"""Import once in the scheduler what every task would import again.

LocalExecutor forks its workers from the scheduler, so they inherit imported modules. Measured: six validate tasks at
once each spent 20 s on importing Great Expectations, none with this. Only libraries are preloaded: our own code is
imported by each task, so an edit is live without a restart. Where workers are spawned (macOS) this costs each worker
its own import, as before.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

LOCAL_SETTINGS = '''"""Written by the start commands; the code is include/orchestration/launch/preload.py."""

from include.orchestration.launch.preload import preload_in_scheduler

__all__ = []  # Airflow takes the public names of this file for settings

preload_in_scheduler()
'''

_LIBRARIES = ("great_expectations", "pandas", "pyarrow.parquet", "lxml.etree", "zeep", "psycopg")


def preload_in_scheduler(argv: Sequence[str] | None = None, libraries: Sequence[str] = _LIBRARIES) -> bool:
    """Import the libraries if this process is `airflow scheduler`; say whether it is."""
    command = (sys.argv if argv is None else argv)[1:2]
    if list(command) != ["scheduler"]:
        return False
    for library in libraries:
        importlib.import_module(library)
    return True
