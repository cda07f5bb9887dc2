"""What a DAG file costs to read: each in a child of one process that has imported Airflow's own part, and nothing else.

Seconds are printed (`pytest -s`) and never asserted: they say as much about the machine as about the file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from include.settings import PROJECT_ROOT

pytestmark = pytest.mark.contract

FILES = sorted((PROJECT_ROOT / "dags").rglob("*.py"))
HEAVY = ("great_expectations", "pandas", "zeep", "pyarrow")

READ_EACH = """
import json, os, runpy, sys, time
import airflow.sdk
for path in sys.argv[2:]:
    if os.fork() == 0:
        began = time.perf_counter()
        runpy.run_path(path)
        cost = {"path": path, "seconds": time.perf_counter() - began, "modules": sorted(sys.modules)}
        with open(sys.argv[1], "a") as answers:
            answers.write(json.dumps(cost) + "\\n")
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def costs(airflow_here: None, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Seconds and imported modules by file."""
    answers = tmp_path_factory.mktemp("costs") / "answers.jsonl"
    command = [sys.executable, "-c", READ_EACH, str(answers), *map(str, FILES)]
    subprocess.run(command, cwd=PROJECT_ROOT, env=os.environ, check=True)
    return {cost["path"]: cost for cost in map(json.loads, answers.read_text().splitlines())}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_reading_a_dag_file_imports_nothing_heavy(costs: Mapping[str, Any], path: Any) -> None:
    cost = costs[str(path)]
    print(f"\n{path.stem}: {cost['seconds']:.3f} s beyond importing airflow.sdk")
    assert [name for name in HEAVY if name in cost["modules"]] == []
