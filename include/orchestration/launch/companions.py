"""Programs that run beside Airflow under `make up`, such as the demo store while its channel is configured.

A companion is a function of the settings: it returns the components to start before Airflow, none if it has nothing to
do. Its components may carry variables (an `AIRFLOW_CONN_…` with their address), which Airflow then gets as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from include.orchestration.launch import shop
from include.orchestration.launch.supervisor import Component
from include.settings import Settings

Companion = Callable[[Settings], Sequence[Component]]

COMPANIONS: tuple[Companion, ...] = (shop.companion,)


def companions_of(settings: Settings, companions: Sequence[Companion] | None = None) -> list[Component]:
    """Components to start before Airflow, in the order of `companions` (default: those of the project)."""
    chosen = COMPANIONS if companions is None else companions
    return [component for companion in chosen for component in companion(settings)]
