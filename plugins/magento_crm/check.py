"""What the "Test" button answers: versions, what can be synced and what not, websites and stores.

Nothing here is loaded or changed; the store is entered, asked, and left.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from include.entities.fields import StoreKind
    from include.magento.door import Door, StoreReport
    from include.magento.opening import StoreConnection


def check_store(store: StoreConnection) -> str:
    """Enter the store and describe it in a few lines.

    Raises:
        SyncError: the store cannot be entered, or refuses to tell.
    """
    with closing(store.open(store.kind)) as door:
        return describe(door.report(), reasons_against(door, store.kind), store.kind)


def reasons_against(door: Door, kind: StoreKind = "magento1") -> dict[str, str | None]:
    """Each entity, with the reason why this store cannot deliver it, or None when it can."""
    from include.entities.catalogue import ENTITIES

    reasons: dict[str, str | None] = {}
    for entity in ENTITIES:
        reading = entity.reading.get(kind)
        reasons[entity.name] = door.delivers(reading) if reading else "it is not read from this kind of store"
    return reasons


def describe(report: StoreReport, against: Mapping[str, str | None], kind: StoreKind = "magento1") -> str:
    """The answer as lines of text, the most important first."""
    can = [name for name, reason in against.items() if reason is None]
    lines = [
        f"{_release(report)}, {_beside(report, kind)}.",
        f"Can be synced: {', '.join(can) or 'nothing'}.",
        *(f"Cannot be synced: {name}: {reason.rstrip('.')}." for name, reason in against.items() if reason),
        *_websites(report),
        *([f"Its admin: {report.admin_url}"] if report.admin_url else []),
        *report.notes,
    ]
    return "\n".join(lines)


def _release(report: StoreReport) -> str:
    """Mage-OS counts its releases anew, and says its name."""
    version = report.magento_version or "(version not told)"
    return version if version.startswith("Mage-OS") else f"Magento {version}"


def _beside(report: StoreReport, kind: StoreKind) -> str:
    """What of the store decides what can be had from it, beside its version."""
    if kind == "magento2":
        return f"REST, {len(report.methods)} modules" if report.methods else "REST"
    return f"Oro bridge {report.bridge_version}" if report.bridge_version else "no Oro bridge"


def _websites(report: StoreReport) -> list[str]:
    return [
        f"Website {website_id}{_own_name(website_id, name)}: {_stores_of(report, website_id)}."
        for website_id, name in sorted(report.websites.items())
    ]


def _own_name(website_id: int, name: str) -> str:
    """The website's name; without the bridge the store tells none, and the report says "website 1"."""
    return "" if name == f"website {website_id}" else f" {name}"


def _stores_of(report: StoreReport, website_id: int) -> str:
    stores = [f"{store.store_id} {store.code}" for store in report.stores if store.website_id == website_id]
    return f"stores {', '.join(stores)}" if stores else "no stores"
