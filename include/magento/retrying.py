"""Trying again what may pass by itself, in the same way at the door of either protocol."""

from __future__ import annotations

import logging
from collections.abc import Callable

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from include.magento.passing import Passing
from include.magento.tally import Tally

_LONGEST_REQUESTED_PAUSE = 120.0
_BACKOFF = wait_exponential_jitter(initial=1, max=30, jitter=1)
log = logging.getLogger(__name__)


def retrying(attempts: int, tally: Tally, sleep: Callable[[float], None]) -> Retrying:
    """The tries of one exchange with a store; the last `Passing` is raised as it is.

    Args:
        attempts: how many in all.
        tally: counts those after the first.
        sleep: waits between tries, in seconds.
    """

    def count(state: RetryCallState) -> None:
        tally.retries += 1
        failure = state.outcome.exception() if state.outcome else None
        log.warning("the store %s, try %d follows", failure, state.attempt_number + 1)

    return Retrying(
        retry=retry_if_exception_type(Passing),
        stop=stop_after_attempt(attempts),
        wait=_pause,
        sleep=sleep,
        before_sleep=count,
        reraise=True,
    )


def _pause(state: RetryCallState) -> float:
    """Growing pauses with jitter, or what the store asked for."""
    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, Passing) and failure.wait is not None:
        return min(failure.wait, _LONGEST_REQUESTED_PAUSE)
    return _BACKOFF(state)
