"""What a Magento 2 store is and what can be had from it: the facts behind "Check connection"."""

from __future__ import annotations

from include.errors import ConfigError
from include.magento.door import Record, StoreReport, StoreView
from include.magento.faults import CALL_FAILURES, CallRefused
from include.magento.rest.reading import KLAVIYO, KLAVIYO_SUBSCRIPTIONS
from include.magento.rest.records import record_of
from include.magento.rest.session import FEW_ATTEMPTS, Session

_ADMIN = 0
_NOTABLE = {
    "Magento_Inventory": "Stock is kept by source (MSI).",
    "Magento_TwoFactorAuth": "Two-factor login is installed: admin users cannot be used by programs.",
    "Magento_CompanyGraphQl": "The B2B modules are installed.",
}

_NO_GUESTS = (
    "Guests on the newsletter cannot be seen: Magento 2 lists none, and the Klaviyo extension, which does, is not "
    "installed."
)


def report_on(session: Session) -> StoreReport:
    """Version, modules, websites and stores; what the token may not see becomes a note.

    Raises:
        ConfigError: the token opens nothing, or not even the list of stores.
    """
    notes: list[str] = []
    views = [_view(row) for row in _rows(session.ask("store/storeViews"))]
    modules = _modules(session, notes)
    notes += [said for module, said in _NOTABLE.items() if module in modules]
    if modules:
        notes.append(_guests(session) if KLAVIYO in modules else _NO_GUESTS)
    return StoreReport(
        magento_version=session.version(),
        bridge_version=None,
        methods=modules,
        stores=tuple(view for view in views if view.store_id != _ADMIN),
        websites=_websites(session),
        notes=tuple(notes),
    )


def _modules(session: Session, notes: list[str]) -> frozenset[str]:
    try:
        answer = session.ask("modules")
    except (ConfigError, *CALL_FAILURES) as refusal:
        notes.append(refusal.summary)
        return frozenset()
    listed = answer.get("items") if isinstance(answer, dict) else answer
    return frozenset(name for name in listed or [] if isinstance(name, str))


def _guests(session: Session) -> str:
    """Whether guests on the newsletter can be had through the extension; else why not."""
    try:
        session.ask(f"{KLAVIYO_SUBSCRIPTIONS}/count", attempts=FEW_ATTEMPTS)
    except (CallRefused, *CALL_FAILURES) as refusal:
        return f"Guests on the newsletter cannot be read: {refusal.summary}"
    return "Guests on the newsletter are read through the Klaviyo extension."


def _websites(session: Session) -> dict[int, str]:
    rows = _rows(session.ask("store/websites"))
    named = {_number(row, "id"): str(row.get("name") or row.get("code")) for row in rows}
    named.pop(_ADMIN, None)
    return named


def _view(row: Record) -> StoreView:
    return StoreView(
        store_id=_number(row, "id"),
        code=str(row.get("code") or ""),
        name=str(row.get("name") or ""),
        website_id=_number(row, "website_id"),
    )


def _rows(answer: object) -> list[Record]:
    return [record_of(row) for row in answer] if isinstance(answer, list) else []


def _number(row: Record, name: str) -> int:
    text = row.get(name)
    return int(text) if isinstance(text, str) and text.isdigit() else -1
