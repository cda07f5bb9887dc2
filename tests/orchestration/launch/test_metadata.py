from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import pytest
import sqlalchemy

from include.errors import ConfigError
from include.orchestration.launch.metadata import CONNECTION, ensure_migrated, metadata_url
from include.settings import Settings
from include.warehouse.server import EmbeddedServer


@pytest.fixture
def migrated(warehouse_url: sqlalchemy.URL) -> str:
    """A database that says it is at revision abc."""
    url = warehouse_url.set(drivername="postgresql+psycopg2")
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("create table alembic_version (version_num text)"))
        connection.execute(sqlalchemy.text("insert into alembic_version values ('abc')"))
    return url.render_as_string(hide_password=False)


def write_stamp(home: Path, airflow: str, revision: str) -> None:
    (home / "migrated.json").write_text(json.dumps({"airflow": airflow, "revision": revision}))


def test_airflow_gets_a_database_of_its_own_on_the_embedded_server(postgres: EmbeddedServer) -> None:
    settings = Settings.from_environment({"CRM_DATA_DIR": str(postgres.data_dir.parent)})
    url = metadata_url(settings, {})
    assert url is not None
    assert "%" not in url
    with sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool).connect() as connection:
        assert connection.scalar(sqlalchemy.text("select current_database()")) == "airflow"


@pytest.mark.parametrize("way", ["", "_CMD", "_SECRET"])
def test_a_database_the_user_named_starts_no_server(tmp_path: Path, way: str) -> None:
    settings = Settings.from_environment({"CRM_DATA_DIR": str(tmp_path / "data")})
    assert metadata_url(settings, {CONNECTION + way: "postgresql+psycopg2://elsewhere/airflow"}) is None
    assert not (tmp_path / "data").exists()


def test_a_database_at_the_remembered_revision_is_not_migrated_again(tmp_path: Path, migrated: str) -> None:
    write_stamp(tmp_path, version("apache-airflow-core"), "abc")
    ensure_migrated(tmp_path, {CONNECTION: migrated})
    assert not (tmp_path / "db-migrate.log").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("airflow", "revision"), [("3.0.0", "abc"), ("", "abd")])
def test_another_airflow_or_another_revision_migrates_and_a_failure_is_told(
    tmp_path: Path, migrated: str, airflow: str, revision: str
) -> None:
    write_stamp(tmp_path, airflow or version("apache-airflow-core"), revision)
    with pytest.raises(ConfigError, match=r"db-migrate\.log") as caught:
        # the revision abc is none of Airflow's, so the migration that is now due must fail
        ensure_migrated(tmp_path, {CONNECTION: migrated, "AIRFLOW_HOME": str(tmp_path)})
    assert caught.value.details is not None
    assert "abc" in caught.value.details


def test_a_database_that_does_not_answer_is_one_sentence_without_its_password(tmp_path: Path) -> None:
    address = f"postgresql+psycopg2://airflow:topsecret@/airflow?host={tmp_path}"
    with pytest.raises(ConfigError, match="does not answer") as caught:
        ensure_migrated(tmp_path, {CONNECTION: address})
    assert "topsecret" not in caught.value.summary
