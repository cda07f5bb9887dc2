"""What became of a change that was sent to a store once, whatever protocol it speaks.

What a newcomer would get wrong: a failure that a question is asked again for says nothing about a change. It may have
happened all the same, so only where the store surely did nothing is it worth another try.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from include.errors import ConfigError, TransientError
from include.magento.faults import CallFailed, CallRefused, WriteRefused, outcome_unknown
from include.magento.passing import Passing


@contextmanager
def sent_once(what: str, where: str, *, broken: str) -> Iterator[None]:
    """Within, one change is sent.

    Args:
        what: the call, for a message.
        where: the store's origin, for a message.
        broken: what happened where the store answered and its answer says nothing.

    Raises:
        OutcomeUnknown: it was sent, and nobody knows whether the store did it.
        TransientError: the store surely did not do it.
        WriteRefused: what stands in front of the store does not let this very request through.
        CallRefused: as it comes; so do the errors of the door's own.
    """
    try:
        yield
    except Passing as failure:
        if not failure.may_have_acted:
            raise TransientError(
                f"The store at {where} {failure.what}, so {what} was not done: it is tried again later.",
                details=what,
            ) from None
        raise outcome_unknown(what, f"the store at {where} {failure.what}") from None
    except CallFailed:
        raise outcome_unknown(what, broken) from None
    except CallRefused:
        raise
    except ConfigError as refusal:  # the door is open by now, so it is about what is in this very request
        raise WriteRefused(refusal.summary, details=refusal.details) from None
