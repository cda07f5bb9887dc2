"""What a store is and what can be had from it: the facts behind "Check connection"."""

from __future__ import annotations

from include.errors import ConfigError
from include.magento.door import Record, StoreReport, StoreView
from include.magento.faults import CALL_FAILURES
from include.magento.soap.session import Session

_ADMIN_WEBSITE = 0
_SCOPES = {"0": True, "1": False}
"""Magento's setting customer/account_share/scope: global, or per website."""


def report_on(session: Session) -> StoreReport:
    """Versions, calls, websites and stores; what the API user may not see becomes a note.

    Raises:
        ConfigError: the login is refused, or the API user may not even list the stores.
    """
    notes: list[str] = []
    stores = tuple(_store_view(row) for row in session.rows("storeList"))
    ping = _optional(session, "oroPing", notes)
    magento, bridge = _versions(session, ping, notes)
    return StoreReport(
        magento_version=magento,
        bridge_version=bridge,
        methods=session.contract.methods,
        stores=stores,
        websites=_websites(session, stores, notes),
        has_shared_customers=_SCOPES.get(_text(ping or {}, "customer_scope") or ""),
        admin_url=_text(ping or {}, "admin_url"),
        notes=tuple(notes),
    )


def _versions(session: Session, ping: Record | None, notes: list[str]) -> tuple[str | None, str | None]:
    """Magento's version and the bridge's."""
    if ping is None:
        if "oroPing" not in session.contract.methods:
            notes.append(
                "The Oro bridge is not installed: carts and newsletter are not available, the rest is slower."
            )
        info = _optional(session, "magentoInfo", notes) or {}
        return _text(info, "magento_version"), None
    return _text(ping, "mage_version"), _text(ping, "version")


def _websites(session: Session, stores: tuple[StoreView, ...], notes: list[str]) -> dict[int, str]:
    """Name per website id, the admin's own left out; stock Magento has no list of them, only ids in its stores."""
    named: dict[int, str] = {}
    if "oroWebsiteList" in session.contract.methods:
        try:
            rows = session.rows("oroWebsiteList")
        except (ConfigError, *CALL_FAILURES) as refusal:
            notes.append(refusal.summary)
        else:
            named = {_number(row, "website_id"): _text(row, "name") or "" for row in rows}
            named.pop(_ADMIN_WEBSITE, None)
    return named or {store.website_id: f"website {store.website_id}" for store in stores}


def _optional(session: Session, method: str, notes: list[str]) -> Record | None:
    """The record a call gives, None and a note when the store refuses it."""
    if method not in session.contract.methods:
        return None
    try:
        return session.call(method).record
    except (ConfigError, *CALL_FAILURES) as refusal:
        notes.append(refusal.summary)
        return None


def _store_view(row: Record) -> StoreView:
    return StoreView(
        store_id=_number(row, "store_id"),
        code=_text(row, "code") or "",
        name=_text(row, "name") or "",
        website_id=_number(row, "website_id"),
    )


def _number(row: Record, name: str) -> int:
    text = _text(row, name) or ""
    return int(text) if text.isdigit() else -1


def _text(row: Record, name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) else None
