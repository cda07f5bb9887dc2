"""What has to be said to Great Expectations before its first import: no analytics, no registry in the log.

The import costs seconds, so nobody imports it at the top of a file.
"""

from __future__ import annotations

import logging
import os


def quieten() -> None:
    """Call it right before the import; again does no harm."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    # Imported after Airflow it would log two hundred lines of what it does not register again.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
