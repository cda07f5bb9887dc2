"""The errors of the project, named for what the reader must do next.

    SyncError
    ├── ConfigError      a person must act       fails at once, never retried
    ├── TransientError   try again later         retried by the client (seconds) and by the task (minutes)
    ├── DataError        these rows are wrong    rows go to quarantine; over the limit the window fails, no retry
    └── ConflictError    both sides changed      the outbox entry waits, or the channel's priority decides

A message is one sentence for people and ends with the next step. It never holds a secret, a payload, SQL text or
personal data: it is printed, logged and stored in the ledger as it is.
"""

from __future__ import annotations


class SyncError(Exception):
    """Root of everything this project raises on purpose.

    Args:
        summary: one sentence that names what is wrong and the next step.
        details: further facts for engineers (ids, codes, counts), under the same rules as the summary.
    """

    def __init__(self, summary: str, *, details: str | None = None) -> None:
        super().__init__(summary)
        self.summary = summary
        self.details = details


class ConfigError(SyncError):
    """Something a person set up is wrong; trying again cannot help."""


class TransientError(SyncError):
    """The other side is busy, down or cut off; trying again later may help."""


class DataError(SyncError):
    """Records are wrong beyond what the channel tolerates."""


class ConflictError(SyncError):
    """Store and CRM both changed the same record."""
