"""Verdict: how the checks of a window went, added up over its parts, and whether the window may load.

Results hold keys and counts only, and no more keys than somebody needs: a window may have any number of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from include.channels.model import Channel
from include.entities.model import Expectation, Severity
from include.errors import DataError
from include.sync.window import OF_REFUSED, Window

KEPT_KEYS = 100
TOLERATED_REJECTS = 10
"""Fewer rejects than this never fail a window, however small the window is, unless the channel tolerates none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """How one check went: rows looked at, keys of the rows that did not pass and of their records."""

    expectation: Expectation
    evaluated: int
    failed_keys: tuple[str, ...]
    failed_roots: tuple[str, ...]
    failed_count: int

    def kept(self) -> CheckResult:
        """With the keys that are needed: some to look at, and every record that waits."""
        waits = self.expectation.severity is Severity.REJECT
        return replace(
            self, failed_keys=self.failed_keys[:KEPT_KEYS], failed_roots=self.failed_roots if waits else ()
        )

    def plus(self, other: CheckResult) -> CheckResult:
        """The same check of more rows."""
        return CheckResult(
            expectation=self.expectation,
            evaluated=self.evaluated + other.evaluated,
            failed_keys=self.failed_keys + other.failed_keys,
            failed_roots=self.failed_roots + other.failed_roots,
            failed_count=self.failed_count + other.failed_count,
        ).kept()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the checks of a window say."""

    results: tuple[CheckResult, ...]

    @classmethod
    def of(cls, results: Iterable[CheckResult]) -> Verdict:
        """Results of any number of parts, one for each check."""
        sums: dict[tuple[str, str], CheckResult] = {}
        for result in results:
            name = (result.expectation.table, result.expectation.rule)
            sums[name] = sums[name].plus(result) if name in sums else result.kept()
        return cls(results=tuple(sums.values()))

    def reasons(self) -> dict[str, list[dict[str, str]]]:
        """Why which records wait, by root key."""
        reasons: dict[str, list[dict[str, str]]] = defaultdict(list)
        for result in self.results:
            if result.expectation.severity is Severity.REJECT:
                for root in dict.fromkeys(result.failed_roots):
                    reasons[root].append({"rule": result.expectation.rule, "table": result.expectation.table})
        return dict(reasons)

    def failures(self) -> list[CheckResult]:
        """Failed checks that stop the window."""
        return [r for r in self.results if r.failed_count and r.expectation.severity is Severity.FAIL]

    def warned(self) -> int:
        """Rows that did not pass a check that only warns."""
        return sum(r.failed_count for r in self.results if r.expectation.severity is Severity.WARN)


def judge(channel: Channel, window: Window, verdict: Verdict, *, read: int, rejected: int) -> None:
    """Stop a window that must not load.

    Raises:
        DataError: a check says so, or too large a share of the records read waits.
    """
    failed = verdict.failures()
    if failed:
        rules = ", ".join(sorted({f"{r.expectation.table}.{r.expectation.rule}" for r in failed}))
        raise DataError(
            f"Window {window.window_id} of {window.channel_code} {window.entity} does not load because of {rules}: "
            "see ops.validation_results, mend the store or the channel file, then run again."
        )
    if window.kind not in OF_REFUSED and _are_too_many(rejected, read, channel.quality.max_rejected_ratio):
        raise DataError(
            f"{rejected} of {read} records in window {window.window_id} of {window.channel_code} {window.entity} were "
            "rejected, more than max_rejected_ratio allows: look at ops.validation_results for the rules they break, "
            "mend the cause or raise the ratio in the channel file, then run again."
        )


def _are_too_many(rejected: int, read: int, ratio: float) -> bool:
    # One broken order among three is no sign of a broken store; who writes 0 has said that it is.
    tolerated = TOLERATED_REJECTS if ratio else 1
    return rejected >= tolerated and rejected > ratio * read
