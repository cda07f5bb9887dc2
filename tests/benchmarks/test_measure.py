from __future__ import annotations

from benchmarks.measure import Measured, Report, in_turns


def test_ratio_above_its_bound_is_missed_and_said() -> None:
    report = Report("Title", [Measured(name="slow", value=3.1, baseline=1.0, bound=3.0)])
    assert not report.has_passed
    assert "MISSED" in report.as_text()


def test_ratio_at_its_bound_and_information_without_one_pass() -> None:
    lines = [
        Measured(name="just", value=6.0, baseline=2.0, bound=3.0),
        Measured(name="shown", value=9.0, baseline=1.0),
    ]
    assert Report("Title", lines).has_passed


def test_value_without_a_baseline_is_held_to_its_bound() -> None:
    assert not Measured(name="memory", value=601, unit="MB", bound=600).has_passed


def test_every_round_runs_baseline_and_subject_once_in_turn() -> None:
    calls: list[str] = []
    ticks = iter(range(100))
    seconds = in_turns(
        {"baseline": lambda: calls.append("b"), "subject": lambda: calls.append("s")},
        rounds=2,
        clock=lambda: float(next(ticks)),
    )
    assert "".join(calls) == "bs" * 3
    assert seconds == {"baseline": 1.0, "subject": 1.0}
