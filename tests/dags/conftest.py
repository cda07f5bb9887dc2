from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from include.settings import PROJECT_ROOT
from tests.orchestration.airflow_here import airflow_here, airflow_variables

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

__all__ = ["airflow_here", "airflow_variables"]


@pytest.fixture(scope="module")
def bag(airflow_here: None) -> DagBag:
    """The DAGs of the project, as the scheduler reads them."""
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(PROJECT_ROOT / "dags"))
