"""Which warehouse is meant, and what is said when there is no way in."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import sqlalchemy
from sqlalchemy import text

from include.errors import ConfigError, SyncError, TransientError
from include.settings import PROJECT_ROOT, Settings
from include.warehouse import engine as engine_module
from include.warehouse.engine import libpq_uri, open_engine, warehouse_url
from include.warehouse.psql import psql_command
from include.warehouse.server import EmbeddedServer

NO_SERVER = Settings.from_environment({"CRM_DATA_DIR": "/nonexistent/never-started"})
SECRET = "s3cret/word"


def airflow_json(**changes: object) -> str:
    fields = {
        "conn_type": "postgres",
        "host": "db.example.com",
        "login": "ada",
        "password": SECRET,
        "schema": "shop",
    }
    return json.dumps({**fields, "port": 6432, **changes})


@pytest.mark.parametrize(
    "connection",
    [
        "postgresql://ada:s3cret%2Fword@db.example.com:6432/shop?sslmode=require",
        "postgres://ada:s3cret%2Fword@db.example.com:6432/shop?sslmode=require",
        "postgresql+psycopg2://ada:s3cret%2Fword@db.example.com:6432/shop?sslmode=require",
        "postgres://ada:s3cret%2Fword@db.example.com:6432/shop?__extra__=%7B%22sslmode%22%3A+%22require%22%7D",
        airflow_json(extra={"sslmode": "require"}),
        airflow_json(extra='{"sslmode": "require", "cursor": "dictcursor"}'),
        airflow_json(conn_type="postgresql", port="6432", extra={"sslmode": "require"}),
    ],
)
def test_each_way_to_write_a_connection_gives_the_same_address(connection: str) -> None:
    url = warehouse_url(connection, NO_SERVER)
    assert (url.drivername, url.username, url.password) == ("postgresql+psycopg", "ada", SECRET)
    assert (url.host, url.port, url.database) == ("db.example.com", 6432, "shop")
    assert dict(url.query) == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("connection", "problem"),
    [
        (f"mysql://ada:{SECRET}@db.example.com/shop", "postgresql://"),
        (f"ada:{SECRET}@db.example.com", "neither"),
        (f"postgresql://ada:{SECRET}@db.example.com:port/shop", "neither"),
        ("postgresql://ada:word@db.example.com", "no database"),
        ("postgresql:///shop", "no host"),
        ("postgresql://ada:word@db.example.com/shop?ssl_mode=require", "no option ssl_mode"),
        ("postgresql://ada:word@db.example.com/shop?__extra__=s3cret", "neither"),
        (airflow_json(conn_type="mysql"), "conn_type"),
        (airflow_json(port="s3cret"), "JSON"),
        (airflow_json(extra="s3cret"), "JSON"),
        (airflow_json(extra=["s3cret"]), "JSON object"),
        ('{"s3cret', "JSON"),
    ],
)
def test_connection_that_cannot_be_used_is_named_without_its_secret(connection: str, problem: str) -> None:
    with pytest.raises(ConfigError, match="crm_warehouse") as caught:
        warehouse_url(connection, NO_SERVER)
    assert problem in caught.value.summary
    assert "s3cret" not in caught.value.summary
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_without_a_connection_the_embedded_server_is_started(
    open_folder: Path, new_server: Callable[..., EmbeddedServer], nothing: str | None
) -> None:
    server = new_server(open_folder / "postgres")
    url = warehouse_url(nothing, Settings.from_environment({"CRM_DATA_DIR": str(open_folder)}))
    assert server.is_running()
    assert url == server.url("crm")
    open_engine(url).dispose()


def test_session_is_in_utc_whatever_the_database_says(any_warehouse_url: sqlalchemy.URL) -> None:
    with psycopg.connect(libpq_uri(any_warehouse_url), autocommit=True) as admin:
        admin.execute(f"alter database \"{any_warehouse_url.database}\" set timezone = 'America/New_York'")
    engine = open_engine(any_warehouse_url)
    with engine.connect() as connection:
        assert connection.execute(text("show timezone")).scalar_one() == "UTC"
        assert connection.execute(text("show application_name")).scalar_one() == "crm"
    engine.dispose()


def test_as_many_connections_as_were_asked_for_can_be_had_at_once(any_warehouse_url: sqlalchemy.URL) -> None:
    engine = open_engine(any_warehouse_url, connections=7)
    with ExitStack() as all_of_them:
        for _ in range(7):
            all_of_them.enter_context(engine.connect())
    engine.dispose()


def test_what_the_connection_asks_for_is_kept(any_warehouse_url: sqlalchemy.URL) -> None:
    engine = open_engine(
        any_warehouse_url.update_query_dict({"application_name": "till", "options": "-c work_mem=5MB"})
    )
    with engine.connect() as connection:
        assert connection.execute(text("show application_name")).scalar_one() == "till"
        assert connection.execute(text("show work_mem")).scalar_one() == "5MB"
        assert connection.execute(text("show timezone")).scalar_one() == "UTC"
    engine.dispose()


def test_table_made_anew_between_equal_statements_is_read_as_it_is(any_warehouse_url: sqlalchemy.URL) -> None:
    engine = open_engine(any_warehouse_url)
    with engine.begin() as connection:
        for number in range(12):
            column = ("n int", "n text")[number % 2]
            connection.execute(text("drop table if exists staged"))
            connection.execute(text(f"create table staged ({column})"))
            assert connection.execute(text("select * from staged where n is not null")).all() == []
    engine.dispose()


def test_server_older_than_supported_is_refused(
    any_warehouse_url: sqlalchemy.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "OLDEST_VERSION", 99)
    with pytest.raises(ConfigError, match=r"is PostgreSQL \d+, the warehouse needs 99 or newer: upgrade"):
        open_engine(any_warehouse_url)


def refusal(url: sqlalchemy.URL) -> SyncError:
    with pytest.raises(SyncError) as caught:
        open_engine(url)
    assert SECRET not in caught.value.summary
    assert "\n" not in caught.value.summary
    assert caught.value.__suppress_context__
    return caught.value


def test_server_that_does_not_listen_may_be_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = refusal(sqlalchemy.make_url(f"postgresql+psycopg://ada:{SECRET}@127.0.0.1:{port}/shop"))
    assert isinstance(error, TransientError)
    expected = f"The warehouse at 127.0.0.1, port {port}, database shop does not listen: check that it runs."
    assert error.summary == expected


def test_server_that_never_answers_may_be_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = sqlalchemy.make_url(f"postgresql+psycopg://ada@127.0.0.1:{port}/shop?connect_timeout=2")
        assert "does not answer" in refusal(url).summary


def test_unknown_host_needs_a_person() -> None:
    error = refusal(sqlalchemy.make_url("postgresql+psycopg://ada@no-such-host.invalid/shop"))
    assert isinstance(error, ConfigError)
    assert "cannot be found by its host name: correct the host" in error.summary


def test_missing_database_needs_a_person(any_postgres: EmbeddedServer) -> None:
    error = refusal(any_postgres.url("no_such_database"))
    assert isinstance(error, ConfigError)
    assert "has no such database" in error.summary


def test_unknown_user_needs_a_person(any_postgres: EmbeddedServer) -> None:
    error = refusal(any_postgres.url("postgres").set(username="nobody_we_know"))
    assert isinstance(error, ConfigError)
    assert "does not know the user" in error.summary


def test_full_server_may_be_tried_again(any_warehouse_url: sqlalchemy.URL) -> None:
    role = f"full_{any_warehouse_url.database}"
    with psycopg.connect(libpq_uri(any_warehouse_url), autocommit=True) as admin:
        admin.execute(f'create role "{role}" login connection limit 0')
        error = refusal(any_warehouse_url.set(username=role))
        admin.execute(f'drop role "{role}"')
    assert isinstance(error, TransientError)
    assert "no free connections" in error.summary


def test_wrong_password_needs_a_person(new_server: Callable[..., EmbeddedServer]) -> None:
    server = new_server()
    server.start()
    with psycopg.connect(libpq_uri(server.url("postgres")), autocommit=True) as admin:
        admin.execute("create role locked login password 'right'")
    server.stop()
    rules = "local all locked scram-sha-256\nlocal all all trust\n"
    (server.data_dir / "cluster" / "pg_hba.conf").write_text(rules)
    server.start()
    locked = server.url("postgres").set(username="locked")
    assert "asks for a password" in refusal(locked).summary
    error = refusal(locked.set(password=SECRET))
    assert isinstance(error, ConfigError)
    assert (
        "refuses the user name or password: correct the login in the connection crm_warehouse"
        in error.summary
    )


def test_psql_opens_the_warehouse_and_passes_arguments_on(
    open_folder: Path, new_server: Callable[..., EmbeddedServer]
) -> None:
    new_server(open_folder / "postgres")
    done = subprocess.run(
        [sys.executable, "-m", "include.warehouse.psql", "-Atc", "select current_database()"],
        cwd=PROJECT_ROOT,
        env={
            **os.environ,
            "PYTHONPATH": ".",
            "CRM_DATA_DIR": str(open_folder),
            "AIRFLOW_CONN_CRM_WAREHOUSE": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "crm\n", "")


def test_psql_keeps_the_password_out_of_its_arguments() -> None:
    command, secrets = psql_command(
        "postgresql://ada:s3cret%2Fword@db.example.com/shop?sslmode=require", NO_SERVER
    )
    assert command[1:] == ["--dbname", "postgresql://ada@db.example.com/shop?sslmode=require"]
    assert secrets == {"PGPASSWORD": SECRET}
