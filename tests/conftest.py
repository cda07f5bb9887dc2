"""What every test may ask for: a real PostgreSQL, a database of its own on it, and the recorded store.

Each pytest-xdist worker has a server of its own, started when it is first wanted: a transaction open in another
worker's test would otherwise hold back positions that count transactions of the whole server. The controlling process
chooses the folder, hands it on in the environment, and stops all servers at the end.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from include.settings import PROJECT_ROOT
from include.warehouse.engine import open_engine
from include.warehouse.server import EmbeddedServer
from include.warehouse.server_home import server_home
from tests.copied_database import copied_database, forget_servers, new_folder
from tests.one_worker import GroupScheduling, group_of

_SERVERS_VARIABLE = "CRM_TEST_SERVERS"
_OLDEST_VERSION = 15
_SECONDS_OF_A_SLOW_FILE = 15
"""Where its marker does not say."""
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the folder of the session's servers, once."""
    if not hasattr(config, "workerinput"):
        os.environ[_SERVERS_VARIABLE] = str(new_folder())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling | None:
    """Keep files together that share much."""
    return GroupScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups first, then files of many short tests, then those with slow ones, the longest of them first.

    A file stays with one worker: were a long one begun last, the other worker would wait for its end.
    """
    seconds: dict[Path, float] = {}
    for item in items:
        marker = item.get_closest_marker("slow")
        if marker is not None:
            told = marker.args[0] if marker.args else _SECONDS_OF_A_SLOW_FILE
            seconds[item.path] = max(seconds.get(item.path, 0), told)
    items.sort(key=lambda i: (group_of(i.nodeid) is None, i.path in seconds, -seconds.get(i.path, 0)))


def pytest_collection_finish() -> None:
    """Leave what stays to the end, modules and tests, out of garbage collections: they would look at millions.

    What is imported later, Airflow and Great Expectations, is looked through seldom: that was an eighth of their tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the session's servers, and only those."""
    forget_servers()
    folder = None if hasattr(config, "workerinput") else os.environ.pop(_SERVERS_VARIABLE, None)
    if folder is not None:
        for data_dir in Path(folder).iterdir():
            _remove_server(EmbeddedServer(data_dir))
        shutil.rmtree(folder)


def _remove_server(server: EmbeddedServer) -> None:
    """Stop a test's server and delete its files, also those it had to keep elsewhere."""
    server.stop()
    home = server_home(server.data_dir)
    elsewhere = home / "socket_folder"
    if elsewhere.exists():
        shutil.rmtree(elsewhere.read_text().splitlines()[0], ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(server.data_dir, ignore_errors=True)


def _name_for(test: str) -> str:
    return f"{re.sub('[^a-z0-9]+', '_', test.lower())[:50]}_{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def postgres() -> EmbeddedServer:
    """The embedded PostgreSQL of this worker, running; data survives no power cut, which makes it fast."""
    server = EmbeddedServer(Path(os.environ[_SERVERS_VARIABLE]) / f"postgres{_WORKER}", durable=False)
    server.start()
    return server


@pytest.fixture(scope="session")
def system_postgres() -> EmbeddedServer:
    """A second server, from the newest PostgreSQL (15 or later) that this machine has installed."""
    found = [(int(path.parent.name), path) for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin")]
    usable = sorted((version, path) for version, path in found if version >= _OLDEST_VERSION)
    if not usable:
        pytest.skip("no PostgreSQL 15 or later in /usr/lib/postgresql")
    server = EmbeddedServer(
        Path(os.environ[_SERVERS_VARIABLE]) / f"system{_WORKER}", durable=False, programs=usable[-1][1]
    )
    server.start()
    return server


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that the server's account can reach; pytest's own are closed to it."""
    folder = new_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def new_server(open_folder: Path) -> Iterator[Callable[..., EmbeddedServer]]:
    """Make servers of the test's own, not started, in a folder given or new; all are removed at its end."""
    servers: list[EmbeddedServer] = []

    def make(data_dir: Path | None = None, **fields: Any) -> EmbeddedServer:
        data_dir = data_dir or open_folder / f"postgres{len(servers)}"
        servers.append(EmbeddedServer(data_dir, **{"durable": False, **fields}))
        return servers[-1]

    yield make
    for server in servers:
        _remove_server(server)


@pytest.fixture(params=["embedded", "system"])
def any_postgres(request: pytest.FixtureRequest) -> EmbeddedServer:
    """Each server in turn: for tests of what must hold on every supported version."""
    name = {"embedded": "postgres", "system": "system_postgres"}[request.param]
    server: EmbeddedServer = request.getfixturevalue(name)
    return server


@pytest.fixture(scope="session")
def migrated_template() -> str:
    """Name of the database that tests' databases are copied from; override it where tables are wanted."""
    return "template0"


@pytest.fixture
def warehouse_url(postgres: EmbeddedServer, migrated_template: str) -> Iterator[sqlalchemy.URL]:
    """Address of a database of this test's own, dropped at its end; all of a worker have the same."""
    with copied_database(postgres, migrated_template, "of_this_test") as url:
        yield url


@pytest.fixture
def any_warehouse_url(
    any_postgres: EmbeddedServer, request: pytest.FixtureRequest
) -> Iterator[sqlalchemy.URL]:
    """Address of an empty database of this test's own, on each supported server in turn."""
    with copied_database(any_postgres, "template0", _name_for(request.node.name)) as url:
        yield url


@pytest.fixture(scope="session")
def engine_of_all() -> Callable[[sqlalchemy.URL], sqlalchemy.Engine]:
    """Opens an engine on an address, the same for all databases that come to stand there one after the other.

    Between them it keeps no connection, only the statements it compiled.
    """
    opened: dict[sqlalchemy.URL, sqlalchemy.Engine] = {}

    def engine(url: sqlalchemy.URL) -> sqlalchemy.Engine:
        if url not in opened:
            opened[url] = open_engine(url)
        return opened[url]

    return engine


@pytest.fixture
def database(
    warehouse_url: sqlalchemy.URL, engine_of_all: Callable[[sqlalchemy.URL], sqlalchemy.Engine]
) -> Iterator[sqlalchemy.Engine]:
    """An engine on this test's own database."""
    engine = engine_of_all(warehouse_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of recorded real data beside the project."""
    folder = PROJECT_ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the recorded data (../shared) is not here")
    return folder
