"""How things are timed: baseline and subject in turns, medians of several rounds, and what came out beside its bound.

Only ratios are judged, because seconds of a shared machine mean nothing. A newcomer would time one after the other; a
machine that slows down half-way then decides the ratio, so every round runs each measured thing once.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One line of a benchmark's table.

    Attributes:
        name: what was measured.
        value: seconds, or megabytes where `unit` says so.
        baseline: what it is compared with, in the same unit; None for a plain figure.
        bound: the greatest ratio (or value, without a baseline) that passes; None for information.
    """

    name: str
    value: float
    unit: str = "s"
    baseline: float | None = None
    bound: float | None = None

    @property
    def judged(self) -> float:
        """What the bound is about: the ratio where there is a baseline, else the value."""
        return self.value if self.baseline is None else self.value / self.baseline

    @property
    def has_passed(self) -> bool:
        """Whether the bound holds; information always passes."""
        return self.bound is None or self.judged <= self.bound


@dataclass(slots=True)
class Report:
    """What one benchmark found: its lines, and sentences about what exactly was measured."""

    title: str
    lines: list[Measured] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def has_passed(self) -> bool:
        """Whether every bound holds."""
        return all(line.has_passed for line in self.lines)

    def as_text(self) -> str:
        """A table for people."""
        width = max((len(line.name) for line in self.lines), default=10)
        head = f"{'':{width}}  {'measured':>10}  {'baseline':>10}  {'ratio':>6}  {'bound':>8}"
        rows = [head, *(_row(line, width) for line in self.lines)]
        return "\n".join(
            [self.title, "=" * len(self.title), *rows, "", *(f"- {note}" for note in self.notes)]
        )


def _row(line: Measured, width: int) -> str:
    baseline = "" if line.baseline is None else _shown(line.baseline, line.unit)
    ratio = "" if line.baseline is None else f"{line.judged:.2f}"
    bound = (
        "" if line.bound is None else f"{line.bound:g}" if line.baseline else _shown(line.bound, line.unit)
    )
    verdict = "" if line.bound is None else "pass" if line.has_passed else "MISSED"
    row = f"{line.name:{width}}  {_shown(line.value, line.unit):>10}  {baseline:>10}  {ratio:>6}  {bound:>8}  {verdict}"
    return row.rstrip()


def _shown(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.0f} {unit}"
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def in_turns(
    work: Mapping[str, Callable[[], object]], *, rounds: int, clock: Clock = time.process_time
) -> dict[str, float]:
    """Median seconds of each piece of work, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for number in range(rounds + 1):
        for name, piece in work.items():
            spent = timed(piece, clock)
            if number:
                seconds[name].append(spent)
    return {name: median(spent) for name, spent in seconds.items()}


def timed(piece: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """Seconds that one call takes; garbage is collected before it, so that nobody pays for what another left behind.

    What is left after that stays out of later collections: in a process full of modules each would take half a second.
    """
    gc.collect()
    gc.freeze()
    started = clock()
    piece()
    return clock() - started
