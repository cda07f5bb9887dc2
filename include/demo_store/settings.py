"""How a demo store is set up: size, seed, clock, users, and how it misbehaves."""

from __future__ import annotations

from dataclasses import dataclass

from include.demo_store.clock import DEFAULT_START

DEFAULT_USER = "crm_sync"
DEFAULT_KEY = "demo-store-key"
LIMITED_USER = "crm_limited"
"""May log in with the same key but not read orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Settings of one demo store; the defaults make the small shop of the demo."""

    customers: int = 300
    orders: int = 1200
    seed: int = 7
    clock: str = DEFAULT_START
    """ISO instant (UTC) at which the clock stands, or "now" for one that runs."""
    bridge: bool = True
    user: str = DEFAULT_USER
    key: str = DEFAULT_KEY
    expire_every: int = 0
    """All sessions end at every n-th call; 0 for never."""
    fail_every: int = 0
    """Every n-th request is broken off: 503, HTML page, cut-off body, hang-up in turn; 0 for never."""
    max_rows: int = 0
    """Core lists of more rows end in HTTP 500; 0 for a shop with enough memory."""
