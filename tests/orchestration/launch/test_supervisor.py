from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from include.orchestration.launch.companions import companions_of
from include.orchestration.launch.supervisor import Component, Supervisor
from include.settings import Settings

ENVIRON = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
SLEEP = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
# As Airflow's tasks do: a child in a process group of its own, that outlives its parent if nobody ends it.
WITH_TASK = (
    "import os, subprocess, sys, time\n"
    f"task = subprocess.Popen([sys.executable, '-c', {SLEEP!r}], process_group=0, stdout=subprocess.DEVNULL)\n"
    "print(task.pid, flush=True); time.sleep(60)"
)


def python(name: str, code: str, **options: object) -> Component:
    return Component(name=name, command=[sys.executable, "-c", code], **options)  # type: ignore[arg-type]


def eventually(what: Callable[[], object], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def logged(supervisor: Supervisor, name: str) -> str:
    eventually(lambda: supervisor.log(name).read_text().strip())
    return supervisor.log(name).read_text().strip()


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_output_goes_to_a_log_of_its_own_and_the_last_one_is_kept(tmp_path: Path) -> None:
    for text in ("first", "second"):
        with Supervisor(
            [python("one", f"print('{text}')")], log_dir=tmp_path, environment=ENVIRON
        ) as running:
            assert logged(running, "one") == text
    assert (tmp_path / "one.log.previous").read_text() == "first\n"


def test_a_component_that_ends_by_itself_is_reported(tmp_path: Path) -> None:
    components = [python("steady", SLEEP), python("broken", "import sys; sys.exit(3)")]
    with Supervisor(components, log_dir=tmp_path, environment=ENVIRON) as running:
        eventually(running.first_death)
        death = running.first_death()
    assert death is not None
    assert (death.name, death.exit_status, death.log) == ("broken", 3, tmp_path / "broken.log")


def test_stopping_ends_tasks_that_left_the_process_group(tmp_path: Path) -> None:
    component = python("scheduler", WITH_TASK, grace_seconds=0.3)
    with Supervisor([component], log_dir=tmp_path, environment=ENVIRON) as running:
        task = int(logged(running, "scheduler"))
        assert alive(task)
    assert not alive(task)


def test_a_component_that_ignores_the_request_is_ended_after_the_grace(tmp_path: Path) -> None:
    with Supervisor(
        [python("deaf", STUBBORN, grace_seconds=0.3)],
        log_dir=tmp_path,
        environment=ENVIRON,
    ) as running:
        logged(running, "deaf")
    assert not [pid for pid in psutil.pids() if is_child(pid)]


def is_child(pid: int) -> bool:
    try:
        return psutil.Process(pid).ppid() == os.getpid() and STUBBORN in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def test_a_second_request_cuts_the_grace_short(tmp_path: Path) -> None:
    started = time.monotonic()
    component = python("deaf", STUBBORN, grace_seconds=50)
    with Supervisor([component], log_dir=tmp_path, environment=ENVIRON, hurry=lambda: True) as running:
        logged(running, "deaf")
    assert time.monotonic() - started < 25


def test_what_serves_others_is_stopped_last(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        f"    time.sleep(float(sys.argv[2])); open({str(trace)!r}, 'a').write(sys.argv[1] + ' '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(60)"
    )
    components = [
        Component(name="server", command=[sys.executable, "-c", code, "server", "0"], serves_others=True),
        Component(name="worker", command=[sys.executable, "-c", code, "worker", "0.3"]),
    ]
    with Supervisor(components, log_dir=tmp_path, environment=ENVIRON) as running:
        logged(running, "server")
        logged(running, "worker")
    assert trace.read_text().split() == ["worker", "server"]


def test_a_command_that_does_not_exist_leaves_nothing_running(tmp_path: Path) -> None:
    components = [
        python("first", WITH_TASK, grace_seconds=0.3),
        Component(name="missing", command=["/nonexistent/program"]),
    ]
    supervisor = Supervisor(components, log_dir=tmp_path, environment=ENVIRON)
    with pytest.raises(FileNotFoundError), supervisor:
        pass
    assert supervisor.first_death() is None
    log = (tmp_path / "first.log").read_text().strip()
    assert not log or not alive(int(log))


def test_variables_of_a_companion_reach_what_starts_after_it(tmp_path: Path) -> None:
    show = "import os; print(os.environ.get('AIRFLOW_CONN_DEMO'))"
    components = [
        python("before", show),
        python("store", SLEEP, environment={"AIRFLOW_CONN_DEMO": "here"}),
        python("after", show),
    ]
    with Supervisor(components, log_dir=tmp_path, environment=ENVIRON) as running:
        assert logged(running, "before") == "None"
        assert logged(running, "after") == "here"


def test_companions_are_asked_with_the_settings(tmp_path: Path) -> None:
    settings = Settings.from_environment({"CRM_DATA_DIR": str(tmp_path)})
    seen: list[Settings] = []

    def store(found: Settings) -> list[Component]:
        seen.append(found)
        return [python("store", SLEEP)]

    assert [component.name for component in companions_of(settings, [store, lambda _: []])] == ["store"]
    assert seen == [settings]
