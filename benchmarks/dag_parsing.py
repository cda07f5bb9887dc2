"""Parsing a DAG file: what it takes beyond importing Airflow itself, and that nothing heavy comes with it.

The scheduler parses every file again and again; a library that takes seconds to import would be paid for each time.
Each file is parsed in a process of its own, as the DAG processor does it, so that no file profits from another.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Measured, Report
from include.settings import PROJECT_ROOT

BOUND_SECONDS = 0.3
ROUNDS = 5
HEAVY = ("great_expectations", "pandas", "zeep", "pyarrow")

_PARSE = """
import json, runpy, sys, time
import airflow.sdk
started = time.process_time()
runpy.run_path(sys.argv[1])
seconds = time.process_time() - started
print(json.dumps({"seconds": seconds, "heavy": [name for name in sys.argv[2:] if name in sys.modules]}))
"""


def run(*, rounds: int = ROUNDS, folder: Path = PROJECT_ROOT / "dags") -> Report:
    """Parse every file below the folder."""
    report = Report("Parsing of DAG files: processor time beyond importing airflow.sdk")
    with tempfile.TemporaryDirectory() as home:
        for path in sorted(folder.rglob("*.py")):
            parsed = [_parse(path, home) for _ in range(rounds)]
            name = str(path.relative_to(folder))
            heavy = sorted({library for each in parsed for library in each["heavy"]})
            seconds = median(each["seconds"] for each in parsed)
            report.lines.append(Measured(name=name, value=seconds, bound=BOUND_SECONDS))
            report.lines.append(
                Measured(name="  heavy libraries imported", value=len(heavy), unit="of 4", bound=0)
            )
            report.notes += [f"{name} imports {library}, which takes seconds." for library in heavy]
    report.notes.append(f"Heavy are {', '.join(HEAVY)}.")
    return report


def _parse(path: Path, home: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        "AIRFLOW_HOME": home,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": os.pathsep.join([str(PROJECT_ROOT), str(PROJECT_ROOT / "plugins")]),
    }
    command = [sys.executable, "-c", _PARSE, str(path), *HEAVY]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(f"{path.name} cannot be parsed:\n{answer.stderr[-2000:]}")
    parsed: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return parsed
