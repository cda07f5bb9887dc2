from __future__ import annotations

from include.entities.catalogue import entity
from include.identity.guest_keys import GuestKeys
from include.magento.door import Record
from include.sync.flatten import flatten
from include.sync.mapping import mapping_of
from tests.sync.records import STORES, dictionaries
from tests.sync.shop import REPORT, channel


def websites(record: Record) -> list[tuple[int | None, str | None, str | None]]:
    context = mapping_of(channel(), REPORT, GuestKeys(b"secret"))
    flat = flatten([record], entity("stores"), "magento1", context)
    assert flat.refusals == []
    return [
        (r["website_id"], r["website_code"], r["website_name"]) for r in flat.frames["websites"].to_pylist()
    ]


def test_admin_s_own_website_is_left_out() -> None:
    sent = [
        {"website_id": str(number), "code": f"site{number}", "name": f"Site {number}"} for number in range(3)
    ]
    assert websites(dictionaries(websites=sent)) == [(1, "site1", "Site 1"), (2, "site2", "Site 2")]


def test_without_the_bridge_websites_are_told_by_their_stores() -> None:
    admin = {"store_id": "0", "website_id": "0", "name": "Admin"}
    lost = {"store_id": "9", "website_id": None, "name": "Lost"}
    assert websites(dictionaries(websites=None, stores=[admin, *STORES, lost])) == [
        (1, None, "View 1, View 2"),
        (2, None, "View 3"),
    ]
