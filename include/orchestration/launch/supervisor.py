"""Run several programs as one: start them, notice when one dies, stop them all and everything they started.

Each program leads a session of its own. That is what makes stopping complete: Airflow's tasks leave the
process group of the scheduler, but not its session. It also keeps the terminal's Ctrl-C to this process, which
then stops the programs in order: first those that use others, then those that others use.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from include.private_storage import make_private_folder
from include.settings import PROJECT_ROOT

# Nothing survives SIGKILL, but a process inside a hung disk goes only when the disk answers.
_KILL_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A program to run.

    Attributes:
        name: names its log file and stands in messages.
        command: program and arguments; no shell.
        environment: variables that this program and all later ones get on top of the common environment.
        serves_others: stopped only when all that do not have ended, so that they can still report to it.
        grace_seconds: from asking it to end (SIGTERM) to ending it (SIGKILL).
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    serves_others: bool = False
    grace_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class _Running:
    component: Component
    process: subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A program that ended by itself."""

    name: str
    exit_status: int
    log: Path


class Supervisor:
    """Starts components on entering, stops them on leaving, whatever happens in between.

    Args:
        components: in the order of starting; they are stopped in reverse.
        log_dir: gets `<name>.log` for each, and the one before as `<name>.log.previous`.
        environment: common to all.
        hurry: asked while waiting; True cuts the grace short.
    """

    def __init__(
        self,
        components: Sequence[Component],
        *,
        log_dir: Path,
        environment: Mapping[str, str],
        hurry: Callable[[], bool] = lambda: False,
    ) -> None:
        self._components = tuple(components)
        self._log_dir = log_dir
        self._environment = dict(environment)
        self._hurry = hurry
        self._running: list[_Running] = []

    def __enter__(self) -> Self:
        make_private_folder(self._log_dir)
        try:
            for component in self._components:
                self._start(component)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def first_death(self) -> Death | None:
        """The first component, in the order of starting, that has ended by itself; None while all run."""
        for running in self._running:
            if (status := running.process.poll()) is not None:
                name = running.component.name
                return Death(name=name, exit_status=status, log=self.log(name))
        return None

    def log(self, name: str) -> Path:
        """File that a component's output goes to."""
        return self._log_dir / f"{name}.log"

    def stop(self) -> None:
        """End every component and all processes of its session; returns when none is left.

        Only the component itself is asked to end: it knows in which order its children may go. Airflow's
        scheduler, for one, waits for ever when its workers are signalled too.
        """
        for serving in (False, True):
            stage = [running for running in self._running if running.component.serves_others is serving]
            for running in stage:
                running.process.send_signal(signal.SIGTERM)
            self._wait_for_sessions(stage)
            for running in stage:
                _kill_session(running.process)
                self._running.remove(running)

    def _start(self, component: Component) -> None:
        self._environment.update(component.environment)
        log = self.log(component.name)
        if log.exists():
            log.replace(log.with_name(f"{log.name}.previous"))
        with log.open("wb") as output:
            process = subprocess.Popen(
                component.command,
                cwd=PROJECT_ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append(_Running(component, process))

    def _wait_for_sessions(self, stage: Sequence[_Running]) -> None:
        asked_at = time.monotonic()
        waiting = list(stage)
        while waiting and not self._hurry():
            waited = time.monotonic() - asked_at
            waiting = [
                running
                for running in waiting
                if waited < running.component.grace_seconds and any(_members({running.process.pid}))
            ]
            time.sleep(0.05)


def _members(sessions: set[int]) -> Iterator[int]:
    """Living processes of these sessions; a zombie has ended and only waits for its parent to notice."""
    for pid in psutil.pids():
        try:
            if os.getsid(pid) in sessions and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                yield pid
        except (ProcessLookupError, PermissionError, psutil.Error):
            continue  # ended meanwhile, or another user's and so none of ours


def _kill_session(leader: subprocess.Popen[bytes]) -> None:
    """End what is left of a session, then reap its leader: until then no other process can get its number."""
    deadline = time.monotonic() + _KILL_SECONDS
    while (left := list(_members({leader.pid}))) and time.monotonic() < deadline:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)  # a killed process that is not our child is gone a moment later, unseen by wait()
    leader.wait()
