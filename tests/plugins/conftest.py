"""A child Python with the environment that `make up` gives the API server, which alone reads entry points afresh."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from include.settings import PROJECT_ROOT

AirflowChild = Callable[..., Any]


@pytest.fixture(scope="session")
def in_airflow(tmp_path_factory: pytest.TempPathFactory) -> AirflowChild:
    """Runs code in a fresh Python beside Airflow; what it assigns to `answer` comes back."""
    home = tmp_path_factory.mktemp("airflow_home")

    def run(code: str, **variables: str) -> Any:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")}
        environ |= {
            "PYTHONPATH": os.pathsep.join(map(str, (PROJECT_ROOT, PROJECT_ROOT / "plugins"))),
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT_ROOT / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        }
        answer = home / "answer.json"
        script = f"import json, pathlib\n{code}\npathlib.Path({str(answer)!r}).write_text(json.dumps(answer))"
        subprocess.run(
            [sys.executable, "-c", script], env=environ | variables, check=True, timeout=120, cwd=Path(home)
        )
        return json.loads(answer.read_text())

    return run
