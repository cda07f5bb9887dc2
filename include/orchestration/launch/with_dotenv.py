"""Run a module of the project with the variables of `.env`: `python -m ….with_dotenv MODULE ARGUMENTS`.

For commands that know nothing of `.env`, such as the prompt on the warehouse.
"""

from __future__ import annotations

import os
import runpy
import sys

from include.errors import SyncError
from include.orchestration.launch.dotenv import load_dotenv
from include.settings import PROJECT_ROOT


def main(arguments: list[str]) -> int:
    """Become the module named first, with the other arguments as its own; return 1 if `.env` cannot be read."""
    try:
        load_dotenv(PROJECT_ROOT / ".env", os.environ)
    except SyncError as error:
        print(error.summary, file=sys.stderr)
        return 1
    sys.argv = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
