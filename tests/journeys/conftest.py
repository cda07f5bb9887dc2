"""Whole runs by the commands that people type, each installation with a warehouse and folders of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import sqlalchemy

from include.warehouse.engine import open_engine
from tests.journeys.installation import Installation
from tests.orchestration.conftest import (
    airflow_database,
    airflow_here,
    airflow_variables,
    bag,
    house,
    migrated_template,
)

__all__ = ["airflow_database", "airflow_here", "airflow_variables", "bag", "house", "migrated_template"]


@pytest.fixture
def installation(
    warehouse_url: sqlalchemy.URL,
    airflow_database: None,
    airflow_variables: Mapping[str, str],
    tmp_path: Path,
) -> Iterator[Installation]:
    """A new installation: no channels, an empty database."""
    made = Installation(folder=tmp_path, engine=open_engine(warehouse_url), variables=airflow_variables)
    made.prepare()
    yield made
    made.engine.dispose()
