"""The embedded server as its users meet it: several processes, crashes, odd folders, root and plain users."""

from __future__ import annotations

import os
import select
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from include.errors import ConfigError
from include.settings import PROJECT_ROOT, Settings
from include.warehouse.server import EmbeddedServer, embedded_server
from include.warehouse.server_home import server_home

NewServer = Callable[..., EmbeddedServer]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account for the server")


def connect(server: EmbeddedServer, database: str = "postgres") -> psycopg.Connection:
    url = server.url(database).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def row(server: EmbeddedServer, query: LiteralString, database: str = "postgres") -> Any:
    with connect(server, database) as connection:
        return connection.execute(query).fetchone()


def postmaster_pid(server: EmbeddedServer) -> int:
    return int((server_home(server.data_dir) / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def command_line(server: EmbeddedServer, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    """Run the command line on a server whose data_dir is `<CRM_DATA_DIR>/postgres`, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "include.warehouse.server", *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": ".", "CRM_DATA_DIR": str(server.data_dir.parent), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_and_wait(pid: int) -> None:
    """Kill -9 a process that is not our child, and wait until it is gone: its socket answers until then."""
    if not hasattr(os, "pidfd_open"):
        pytest.skip("no pidfd on this system")
    handle = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    assert select.select([handle], [], [], 30)[0]
    os.close(handle)


def test_server_outlives_the_process_that_started_it(open_folder: Path, new_server: NewServer) -> None:
    server = new_server(open_folder / "postgres")
    starter = command_line(server, "start", "--database", "shop")
    printed, errors = starter.communicate(timeout=60)
    assert starter.returncode == 0, errors
    assert "shop" in printed
    assert server.is_running()
    assert row(server, "select 1", database="shop") == (1,)


def test_processes_that_start_at_once_share_one_server(open_folder: Path, new_server: NewServer) -> None:
    server = new_server(open_folder / "postgres")
    starters = [command_line(server, "start") for _ in range(4)]
    answers = [starter.communicate(timeout=120) for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0], answers
    log = (server.data_dir / "cluster" / "server.log").read_text()
    assert log.count("starting PostgreSQL") == 1
    assert "FATAL" not in log


def test_second_start_keeps_the_running_server(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    pid = postmaster_pid(server)
    EmbeddedServer(server.data_dir).start()
    assert postmaster_pid(server) == pid


def test_killed_server_comes_back_with_every_committed_row(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    with connect(server) as connection:
        connection.execute("set synchronous_commit = on")
        connection.execute("create table kept as select generate_series(1, 1000) as n")
    kill_and_wait(postmaster_pid(server))
    server.start()
    assert row(server, "select count(*) from kept") == (1000,)


def test_pid_file_whose_number_went_to_another_program_does_not_block_the_start(
    new_server: NewServer,
) -> None:
    server = new_server()
    server.start()
    pid_file = server.data_dir / "cluster" / "postmaster.pid"
    owner = pid_file.stat()
    lines = pid_file.read_text().splitlines()
    server.stop()
    account = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    other = subprocess.Popen(["sleep", "60"], **account)  # type: ignore[call-overload]
    try:
        pid_file.write_text("\n".join([str(other.pid), *lines[1:], ""]))
        os.chown(pid_file, owner.st_uid, owner.st_gid)
        assert not server.is_running()
        server.start()
        assert server.is_running()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_stop_ends_this_server_only(new_server: NewServer) -> None:
    one, other = new_server(), new_server()
    one.start()
    other.start()
    one.stop()
    assert not one.is_running()
    assert other.is_running()
    one.stop()


def test_looking_at_a_server_that_never_ran_creates_nothing(new_server: NewServer) -> None:
    server = new_server()
    assert not server.is_running()
    server.stop()
    assert not server.data_dir.exists()


def test_only_the_server_account_gets_to_socket_and_data(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    for name in ("socket", "cluster"):
        folder = (server.data_dir / name).stat()
        assert stat.S_IMODE(folder.st_mode) == 0o700
        assert folder.st_uid == (server.data_dir / "cluster" / "PG_VERSION").stat().st_uid
    with connect(server) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert connection.execute("show unix_socket_permissions").fetchone() == ("0700",)


def test_text_is_utf8_and_times_are_utc(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    with connect(server) as connection:
        assert connection.execute("select lower('ÄÖÉ'), current_setting('server_encoding')").fetchone() == (
            "äöé",
            "UTF8",
        )
        assert connection.execute("show timezone").fetchone() == ("UTC",)


def test_rows_and_statements_stay_out_of_the_log(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    with connect(server) as connection:
        connection.execute("create table people (email text primary key)")
        connection.execute("insert into people values ('ada@example.com')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into people values ('ada@example.com')")
    log = (server.data_dir / "cluster" / "server.log").read_text()
    assert "duplicate key" in log
    assert "ada@example.com" not in log


def test_secrets_of_the_starter_are_not_handed_to_the_server(
    open_folder: Path, new_server: NewServer
) -> None:
    server = new_server(open_folder / "postgres")
    starter = command_line(server, "start", AIRFLOW_CONN_SHOP="top-secret")
    assert starter.communicate(timeout=60)[1] == ""
    environ = Path(f"/proc/{postmaster_pid(server)}/environ")
    if not environ.exists():
        pytest.skip("no /proc on this system")
    assert b"top-secret" not in environ.read_bytes()


def test_path_too_long_for_a_socket_gets_a_short_private_one(
    open_folder: Path, new_server: NewServer
) -> None:
    server = new_server(open_folder / ("long" * 30) / "postgres")
    server.start()
    folder = Path(str(server.url().query["host"]))
    assert len(str(folder)) < 80
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert row(server, "select 1") == (1,)
    server.stop()
    shutil.rmtree(folder)  # what a reboot does to the temporary folder
    server.start()
    assert row(server, "select 1") == (1,)


def test_path_with_blanks_commas_and_quotes_works(open_folder: Path, new_server: NewServer) -> None:
    server = new_server(open_folder / "it's a, b #1 %20" / "postgres")
    server.start()
    assert row(server, "select 1") == (1,)


def test_copied_data_folder_does_not_reach_the_original(open_folder: Path, new_server: NewServer) -> None:
    server = new_server(open_folder / ("long" * 30))
    server.start()
    copy = new_server(open_folder / ("copy" * 30))
    shutil.copytree(server.data_dir, copy.data_dir, ignore=shutil.ignore_patterns(".s.PGSQL*"))
    assert server.is_running()
    assert not copy.is_running()


def test_interrupted_first_start_is_begun_anew(new_server: NewServer) -> None:
    server = new_server()
    (server.data_dir / "cluster.unfinished" / "base").mkdir(parents=True)
    server.start()
    assert server.is_running()
    assert not (server.data_dir / "cluster.unfinished").exists()


def test_server_that_cannot_start_is_reported_with_its_own_words(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    server.stop()
    with (server.data_dir / "cluster" / "postgresql.conf").open("a") as conf:
        conf.write("shared_buffers = 'plenty'\n")
    with pytest.raises(ConfigError, match="does not start") as caught:
        server.start()
    assert "shared_buffers" in str(caught.value.details)


def test_cluster_of_another_major_version_is_refused(new_server: NewServer) -> None:
    server = new_server()
    server.start()
    server.stop()
    (server.data_dir / "cluster" / "PG_VERSION").write_text("16\n")
    with pytest.raises(ConfigError, match=r"made by PostgreSQL 16.*restore"):
        server.start()


def test_database_asked_for_by_many_is_created_once(postgres: EmbeddedServer) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(postgres.ensure_database, ["Odd \"name'"] * 4))
    with connect(postgres) as connection:
        connection.execute('drop database "Odd ""name\'"')


def test_data_folder_under_a_file_is_refused_in_one_sentence(new_server: NewServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="CRM_DATA_DIR"):
        EmbeddedServer(tmp_path / "file" / "postgres").start()


def test_settings_choose_folder_and_account(tmp_path: Path) -> None:
    settings = Settings.from_environment({"CRM_DATA_DIR": str(tmp_path)})
    server = embedded_server(settings, {"CRM_SERVER_USER": "daemon"})
    assert server.data_dir == tmp_path / "postgres"
    assert server.server_user == "daemon"


@needs_root
def test_root_runs_the_server_as_the_account_that_was_chosen(new_server: NewServer) -> None:
    server = new_server(server_user="daemon")
    server.start()
    assert (server.data_dir / "cluster").owner() == "daemon"
    EmbeddedServer(server.data_dir).stop()
    EmbeddedServer(server.data_dir).start()  # the owner of the data goes before the default account
    assert server.is_running()


@needs_root
@pytest.mark.parametrize("account", ["no-such-account", "root"])
def test_root_without_a_usable_account_is_told_what_to_set(new_server: NewServer, account: str) -> None:
    with pytest.raises(ConfigError, match="CRM_SERVER_USER"):
        new_server(server_user=account).start()


@needs_root
def test_data_folder_closed_to_the_account_moves_to_a_private_place(
    new_server: NewServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = new_server(closed / "postgres")
    server.start()
    home = server_home(server.data_dir)
    assert home.parent == Path("/var/tmp")
    assert stat.S_IMODE((home / "cluster").stat().st_mode) == 0o700
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert [str(home) in record.message for record in warnings] == [True]
    server.ensure_database("shop")
    server.stop()
    again = EmbeddedServer(server.data_dir, durable=False)
    again.start()
    assert row(again, "select 1", database="shop") == (1,)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@needs_root
def test_moved_data_that_is_gone_is_reported_and_never_replaced_silently(new_server: NewServer) -> None:
    server = new_server()
    server.data_dir.mkdir()
    (server.data_dir / "location").write_text("/var/tmp/crm-postgres-gone\n")
    with pytest.raises(ConfigError, match="is gone"):
        server.start()
